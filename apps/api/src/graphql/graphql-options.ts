import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import { type DocumentNode, GraphQLError, type GraphQLSchema } from 'graphql';
import type { RequestContext } from './request-context';
import { graphqlPath } from '../http/request-gate';
import { documentLimitsRule, tokenMaximum } from './document-limits';
import { createErrorFormatter, type FailureLog } from './error-formatter';
import { operationName } from '../telemetry/operation-name';
import { requireAffordable } from './query-cost';

/** Deepest document of all: the standard introspection query is 15 levels; data has the tighter rule of its own. */
const depthMaximum = 16;

/** Everything that is the driver's business and not the resolvers', in one place. */
export function graphqlOptions(buildContext: MercuriusDriverConfig['context'], log: FailureLog): MercuriusDriverConfig {
  return {
    driver: MercuriusDriver,
    path: graphqlPath,
    autoSchemaFile: true,
    sortSchema: true,
    // The compiler hands literal Decimal arguments to resolvers as raw strings from the second execution on.
    jit: 0,
    graphiql: false,
    subscription: false,
    allowBatchedQueries: false,
    queryDepth: depthMaximum,
    graphql: { parseOptions: { maxTokens: tokenMaximum }, validateOptions: { maxErrors: 1 } },
    validationRules: [documentLimitsRule],
    context: buildContext,
    errorFormatter: createErrorFormatter(log) as unknown as NonNullable<MercuriusDriverConfig['errorFormatter']>,
    hooks: {
      preParsing: (_schema: GraphQLSchema, source: string) => requireDocument(source),
      preExecution: (schema: GraphQLSchema, document: DocumentNode, context: RequestContext, variables?: object) => {
        context.nameOperation(operationName(document));
        return requireAffordable(schema, document, variables as Record<string, unknown> | undefined);
      },
      // The connection goes back to the pool while the answer is still being written.
      onResolution: (_execution: unknown, { session }: RequestContext) => void session.close(),
    } as unknown as NonNullable<MercuriusDriverConfig['hooks']>,
  };
}

/** Mercurius takes a JSON syntax tree where the text does not parse: a second, unguarded way in. */
function requireDocument(source: string): void {
  if (/^[\s,\uFEFF]*(?:\{\s*["}]|["[\d-]|null\b|true\b|false\b)/.test(source))
    throw new GraphQLError('Syntax Error: expected the text of a GraphQL operation');
}
