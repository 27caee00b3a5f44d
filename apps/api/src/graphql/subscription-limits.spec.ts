import { buildSchema, GraphQLError, NoSchemaIntrospectionCustomRule, parse } from 'graphql';
import { requireLimitedSubscription, requireShortSubscription } from './subscription-limits';

const schema = buildSchema(`type Query { x: Int }
  type Subscription { changed(ids: [ID!]): Change }
  type Change { at: Int  next: Change  rows(first: Int = 50): [Change] }`);

function codeOf(source: string): string {
  try {
    requireShortSubscription(source);
    requireLimitedSubscription(schema, parse(source), [NoSchemaIntrospectionCustomRule]);
    return 'accepted';
  } catch (error) {
    if (error instanceof GraphQLError) return String(error.extensions['code']);
    throw error;
  }
}

const deep = (levels: number): string => `{ at ${'next { at '.repeat(levels)} ${'}'.repeat(levels)} }`;

describe('a subscription', () => {
  it.each([
    ['an ordinary one', 'subscription ($ids: [ID!]) { changed(ids: $ids) { at } }', 'accepted'],
    ['a page of a literal size', 'subscription { changed { rows(first: 5) { at } } }', 'accepted'],
    ['nine levels', `subscription { changed ${deep(9)} }`, 'QUERY_TOO_COSTLY'],
    ['1000 words', `subscription { changed { ${'at '.repeat(1_000)} } }`, 'QUERY_TOO_COSTLY'],
    [
      '16 aliases',
      `subscription { changed { ${Array.from({ length: 16 }, (_, n) => `a${n}: at`).join(' ')} } }`,
      'QUERY_TOO_COSTLY',
    ],
    ['a page of a variable size', 'subscription ($n: Int) { changed { rows(first: $n) { at } } }', 'QUERY_TOO_COSTLY'],
    ['two operations', 'subscription { changed { at } } query { x }', 'QUERY_TOO_COSTLY'],
    ['an unknown field', 'subscription { changed { secret } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['introspection', 'query { __schema { types { name } } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
  ])('of %s is judged as a query would be', (_title, source, code) => {
    expect(codeOf(source)).toBe(code);
  });

  it('is told no names that it did not write', () => {
    expect(() => requireLimitedSubscription(schema, parse('subscription { changed { att } }'), [])).toThrow(
      /^Cannot query field "att" on type "Change"\.$/,
    );
  });
});
