import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  specifiedRules,
  validate,
  visit,
} from 'graphql';
import { documentLimitsRule, findDepth, tokenMaximum } from './document-limits';
import { largestVariables } from './largest-variables';
import { requireAffordable } from './query-cost';

/** Levels of fields in a subscription: the value, its amounts, their digits. */
const depthMaximum = 4;

/** Documents already judged; clients that reconnect send the same ones. */
const accepted = new WeakMap<DocumentNode, true>();

/**
 * Holds a subscription to the rules of queries. The driver parses the documents that come over a socket without a limit
 * and validates none of them, so all of it happens here, before the stream starts: words, standard rules, size, cost.
 * Page sizes must be literals, because the driver does not tell the values of variables.
 *
 * @param rules  further validation rules of the endpoint, such as the ban on introspection
 * @throws GraphQLError with the first breach
 */
export function requireLimitedSubscription(
  schema: GraphQLSchema,
  document: DocumentNode,
  rules: readonly (typeof specifiedRules)[number][],
): void {
  if (accepted.has(document)) return;
  const [breach] = validate(schema, document, [...specifiedRules, documentLimitsRule, ...rules], {
    maxErrors: 1,
    hideSuggestions: true,
  });
  if (breach !== undefined) throw coded(breach);
  requireLiteralPageSizes(document);
  if (findDepth(document) > depthMaximum)
    throw new GraphQLError(`a subscription holds at most ${depthMaximum} levels`, {
      extensions: { code: 'QUERY_TOO_COSTLY' },
    });
  requireAffordable(schema, document, largestVariables(schema, document));
  accepted.set(document, true);
}

/** Refuses a text with too many words. @throws GraphQLError 'QUERY_TOO_COSTLY' or 'GRAPHQL_PARSE_FAILED' */
export function requireShortSubscription(source: string): void {
  try {
    parse(source, { maxTokens: tokenMaximum, noLocation: true });
  } catch (error) {
    const { message } = error as Error;
    const code = message.includes('contains more') ? 'QUERY_TOO_COSTLY' : 'GRAPHQL_PARSE_FAILED';
    throw new GraphQLError(message, { extensions: { code } });
  }
}

function requireLiteralPageSizes(document: DocumentNode): void {
  visit(document, {
    Argument({ name, value }) {
      if (name.value !== 'first' || value.kind !== Kind.VARIABLE) return;
      throw new GraphQLError('a subscription states its page sizes as literals', {
        extensions: { code: 'QUERY_TOO_COSTLY' },
      });
    },
  });
}

function coded(error: GraphQLError): GraphQLError {
  if (typeof error.extensions['code'] === 'string') return error;
  return new GraphQLError(error.message, {
    ...(error.nodes === undefined ? {} : { nodes: error.nodes }),
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
  });
}
