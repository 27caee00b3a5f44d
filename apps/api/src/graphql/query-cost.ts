import { type DocumentNode, GraphQLError, type GraphQLSchema, Kind, visit } from 'graphql';
import { fieldExtensionsEstimator, getComplexity, simpleEstimator } from 'graphql-query-complexity';
import { pageSizeMaximum } from './page-size';

/** Fields one operation may make the server answer, lists counted at the size the client asked for. */
export const costMaximum = 50_000;

/** Results of one document kept for its values of cost-deciding variables. */
const remembered = new WeakMap<
  DocumentNode,
  { readonly names: readonly string[] | null; readonly costs: Map<string, number> }
>();
const rememberedPerDocument = 64;

/** Cost of a connection field: its rows times the cost of one. Used as `complexity` of every paged field. */
export function costOfPage(fallback: number) {
  return ({ args, childComplexity }: { args: Record<string, unknown>; childComplexity: number }): number => {
    const asked = args['first'];
    const first = typeof asked === 'number' ? Math.min(Math.max(asked, 1), pageSizeMaximum) : fallback;
    return 1 + first * Math.max(childComplexity, 1);
  };
}

/** Cost of a list whose length the client does not choose. @param length  usual length */
export function costOfList(length: number) {
  return ({ childComplexity }: { childComplexity: number }): number => 1 + length * Math.max(childComplexity, 1);
}

/**
 * Refuses an operation that would answer more fields than allowed. Variables count with their values; a document's cost
 * is computed once per set of the whole-number and boolean variables that can change it.
 *
 * @throws GraphQLError 'QUERY_TOO_COSTLY'
 */
export function requireAffordable(
  schema: GraphQLSchema,
  query: DocumentNode,
  variables: Readonly<Record<string, unknown>> = {},
): void {
  const cost = costOf(schema, query, variables);
  if (cost > costMaximum) {
    throw new GraphQLError(
      `the operation asks for about ${cost} fields, more than ${costMaximum}: ask for smaller pages`,
      {
        extensions: { code: 'QUERY_TOO_COSTLY' },
      },
    );
  }
}

function costOf(schema: GraphQLSchema, query: DocumentNode, variables: Readonly<Record<string, unknown>>): number {
  let entry = remembered.get(query);
  if (entry === undefined) {
    entry = { names: decidingVariables(query), costs: new Map() };
    remembered.set(query, entry);
  }
  const key = entry.names === null ? null : JSON.stringify(entry.names.map((name) => variables[name]));
  const known = key === null ? undefined : entry.costs.get(key);
  if (known !== undefined) return known;
  const cost = getComplexity({
    schema,
    query,
    variables: { ...variables },
    estimators: [fieldExtensionsEstimator(), simpleEstimator({ defaultComplexity: 1 })],
  });
  if (key !== null && entry.costs.size < rememberedPerDocument) entry.costs.set(key, cost);
  return cost;
}

/**
 * Variables of type Int or Boolean: page sizes and @include conditions. Other plain values do not change a cost.
 *
 * @returns null where a whole input is a variable: it can hold anything, so its cost is counted every time
 */
function decidingVariables(query: DocumentNode): string[] | null {
  const names: string[] = [];
  let hasInput = false;
  visit(query, {
    VariableDefinition(node) {
      const named = node.type.kind === Kind.NON_NULL_TYPE ? node.type.type : node.type;
      if (named.kind === Kind.NAMED_TYPE && ['Int', 'Boolean'].includes(named.name.value))
        names.push(node.variable.name.value);
      if (named.kind !== Kind.NAMED_TYPE || named.name.value.endsWith('Input')) hasInput = true;
      return false;
    },
  });
  return hasInput ? null : names;
}
