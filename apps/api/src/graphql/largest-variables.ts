import {
  type DocumentNode,
  type GraphQLSchema,
  type GraphQLType,
  isEnumType,
  isListType,
  isNonNullType,
  isScalarType,
  Kind,
  type NamedTypeNode,
  typeFromAST,
} from 'graphql';
import { pageSizeMaximum } from './page-size';

/**
 * Values for the variables of a document whose own are not known, as the driver does not tell those of a subscription: the
 * largest page for whole numbers, any value of the type for others, so that its cost can be bounded.
 */
export function largestVariables(schema: GraphQLSchema, document: DocumentNode): Record<string, unknown> {
  const definitions = document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION ? (node.variableDefinitions ?? []) : [],
  );
  return Object.fromEntries(
    definitions.map(({ variable, type }) => [
      variable.name.value,
      placeholderOf(typeFromAST(schema, type as NamedTypeNode)),
    ]),
  );
}

const placeholders: Readonly<Record<string, unknown>> = {
  Int: pageSizeMaximum,
  Float: 1,
  Boolean: true,
  Decimal: '1',
  DateTime: '2026-01-01T00:00:00Z',
  LocalDate: '2026-01-01',
};

function placeholderOf(type: GraphQLType | undefined): unknown {
  if (type === undefined) return null;
  if (isNonNullType(type)) return placeholderOf(type.ofType);
  if (isListType(type)) return [];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  return isScalarType(type) ? (placeholders[type.name] ?? 'any') : null;
}
