import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const pattern = /^(\d{4})-(\d{2})-(\d{2})$/;

function parse(value: unknown): string {
  const match = typeof value === 'string' ? pattern.exec(value) : null;
  if (match !== null) {
    const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
    const date = new Date(Date.UTC(year, month - 1, day));
    if (year >= 1900 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day) return value as string;
  }
  throw new GraphQLError('LocalDate: expected a calendar date such as "2026-01-05"', {
    extensions: { code: 'BAD_USER_INPUT' },
  });
}

/** Carries calendar dates without a time of day over the wire; a date stays the text it is. */
export const LocalDateScalar = new GraphQLScalarType<string, string>({
  name: 'LocalDate',
  description: 'ISO 8601 calendar date, for example `"2026-01-05"`; a business day, not an instant.',
  serialize(value) {
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new Error(`not a calendar date: ${typeof value}`);
  },
  parseValue: parse,
  parseLiteral(node) {
    return parse(node.kind === Kind.STRING ? node.value : undefined);
  },
});
