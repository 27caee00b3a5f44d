import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

/** What one document may hold at most, fragments counted where they are spread. */
export const documentLimits = {
  /** Levels of fields; the introspection fields are exempt, their own rule bounds them. */
  depth: 8,
  aliases: 15,
  directives: 8,
  /** Root fields of one operation, however often they are named. */
  rootFields: 20,
  fields: 500,
} as const;

interface Size {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly fields: number;
}

const nothing: Size = { depth: 0, aliases: 0, directives: 0, fields: 0 };

/** Words and tokens the parser takes before it gives up. */
export const tokenMaximum = 1_000;

/**
 * Refuses documents that are larger than any honest one: depth, aliases, directives, fields, and more than one operation.
 * Sizes of fragments are computed once each, so a fragment that spreads others a million times costs nothing to refuse.
 *
 * The rule does not look at variables, because Mercurius remembers its verdict per text.
 */
export function documentLimitsRule(context: ValidationContext): ASTVisitor {
  return {
    Document(document) {
      for (const error of findExcess(document)) context.reportError(error);
    },
  };
}

function findExcess(document: DocumentNode): GraphQLError[] {
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.length > 1) return [tooCostly('a document holds one operation')];
  const fragments = fragmentsOf(document);
  return operations.flatMap((operation) => excessOf(operation, fragments));
}

/** Levels of fields of the deepest operation of a document. */
export function findDepth(document: DocumentNode): number {
  const fragments = fragmentsOf(document);
  const depths = document.definitions.map((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? sizeOf(node.selectionSet, { fragments, known: new Map(), open: new Set() }).depth
      : 0,
  );
  return Math.max(0, ...depths);
}

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  return new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
}

function excessOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): GraphQLError[] {
  const size = sizeOf(operation.selectionSet, { fragments, known: new Map(), open: new Set() });
  const directives = size.directives + (operation.directives?.length ?? 0);
  const found: readonly [string, number, number][] = [
    ['levels', size.depth, documentLimits.depth],
    ['aliases', size.aliases, documentLimits.aliases],
    ['directives', directives, documentLimits.directives],
    ['root fields', operation.selectionSet.selections.length, documentLimits.rootFields],
    ['fields', size.fields, documentLimits.fields],
  ];
  return found
    .filter(([, count, limit]) => count > limit)
    .map(([what, , limit]) => tooCostly(`an operation holds at most ${limit} ${what}`));
}

interface Walk {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly known: Map<string, Size>;
  readonly open: Set<string>;
}

function sizeOf(set: SelectionSetNode, walk: Walk): Size {
  let total = nothing;
  for (const selection of set.selections) {
    const directives = selection.directives?.length ?? 0;
    if (selection.kind === Kind.FIELD) {
      const isIntrospection = selection.name.value.startsWith('__');
      const inner =
        selection.selectionSet === undefined || isIntrospection ? nothing : sizeOf(selection.selectionSet, walk);
      total = add(total, {
        depth: inner.depth + 1,
        aliases: inner.aliases + (selection.alias === undefined ? 0 : 1),
        directives: inner.directives + directives,
        fields: inner.fields + 1,
      });
    } else {
      const inner =
        selection.kind === Kind.INLINE_FRAGMENT
          ? sizeOf(selection.selectionSet, walk)
          : sizeOfFragment(selection.name.value, walk);
      total = add(total, { ...inner, directives: inner.directives + directives });
    }
  }
  return total;
}

function sizeOfFragment(name: string, walk: Walk): Size {
  const known = walk.known.get(name);
  const fragment = walk.fragments.get(name);
  // A circle and an unknown fragment have rules of their own in graphql.
  if (known !== undefined || fragment === undefined || walk.open.has(name)) return known ?? nothing;
  walk.open.add(name);
  const size = sizeOf(fragment.selectionSet, walk);
  walk.open.delete(name);
  walk.known.set(name, size);
  return size;
}

function add(left: Size, right: Size): Size {
  return {
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    fields: left.fields + right.fields,
  };
}

function tooCostly(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'QUERY_TOO_COSTLY' } });
}
