import { type DocumentNode, Kind } from 'graphql';

/** Operation of requests that never got as far as an operation. */
export const unknownOperation = 'none';

/**
 * Names what a document asks for by its kind and root field, `query account`; `query several` for more than one field.
 * The words come from the schema, so their number is bounded, and a client cannot write into metrics and logs.
 */
export function operationName({ definitions }: DocumentNode): string {
  const operation = definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return unknownOperation;
  const fields = new Set(
    operation.selectionSet.selections.map((selection) =>
      selection.kind === Kind.FIELD ? selection.name.value : 'several',
    ),
  );
  const [only] = fields;
  return `${operation.operation} ${fields.size === 1 && only !== undefined ? only : 'several'}`;
}
