import { Decimal, DomainError, parseDecimal } from '@ballast/domain';
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const description = `Exact decimal as a string in plain notation, for example \`"-1234.50"\`. Strings only: a JSON number has already lost
digits on its way. At most 18 digits before and 10 after the point on input, no exponent, no sign but a leading minus.`;

function parse(value: unknown): Decimal {
  // Anything but text is refused unseen: a deep list would exhaust the stack of whoever describes it.
  if (typeof value !== 'string')
    throw new GraphQLError('Decimal: expected a string such as "-1234.50"', { extensions: { code: 'BAD_USER_INPUT' } });
  try {
    return parseDecimal(value, 'Decimal');
  } catch (error) {
    if (error instanceof DomainError) throw new GraphQLError(error.message, { extensions: { code: 'BAD_USER_INPUT' } });
    throw error;
  }
}

/** Carries money, prices, quantities and strikes over the wire without ever passing a float. */
export const DecimalScalar = new GraphQLScalarType<Decimal, string>({
  name: 'Decimal',
  description,
  serialize(value) {
    // Strings are amounts already formatted at their scale; numbers would be model values and are refused.
    if (typeof value === 'string' && /^-?\d+(?:\.\d+)?$/.test(value)) return value;
    if (Decimal.isDecimal(value) && value.isFinite()) return value.isZero() ? '0' : value.toFixed();
    throw new Error(`not a Decimal: ${typeof value}`);
  },
  parseValue: parse,
  parseLiteral(node) {
    if (node.kind === Kind.STRING) return parse(node.value);
    throw new GraphQLError('Decimal: write the digits as a string, for example "-1234.50"', {
      nodes: node,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  },
});
