import { DomainError, formatInstant, type Instant, instantOf, parseInstant } from '@ballast/domain';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const description = `RFC 3339 instant in UTC, for example \`"2026-01-05T09:25:11.000Z"\`. A zone is required on input; other offsets than Z are
converted. Days and hours that do not exist are refused, never rolled over.`;

function parse(value: unknown): Instant {
  // Anything but text is refused unseen: a deep list would exhaust the stack of whoever describes it.
  if (typeof value !== 'string')
    throw new GraphQLError('DateTime: expected a string such as "2026-01-05T08:00:00Z"', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  try {
    return parseInstant(value, 'DateTime');
  } catch (error) {
    if (error instanceof DomainError) throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } });
    throw error;
  }
}

let lastInstant = 0;
let lastText = formatInstant(instantOf(0));

/** Rows of a list mostly carry the same instant. */
function formatOnce(value: number): string {
  if (value !== lastInstant) {
    lastText = formatInstant(instantOf(value));
    lastInstant = value;
  }
  return lastText;
}

/** Carries instants over the wire. */
export const DateTimeScalar = new GraphQLScalarType<Instant, string>({
  name: 'DateTime',
  description,
  serialize(value) {
    if (typeof value === 'number') return formatOnce(value);
    throw new Error(`not an instant: ${typeof value}`);
  },
  parseValue: parse,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parse(node.value);
    throw new GraphQLError('DateTime: write the instant as a string, for example "2026-01-05T08:00:00Z"', {
      nodes: node,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  },
});
