import { MercuriusDriver, type MercuriusDriverConfig } from '@nestjs/mercurius';
import type { FastifyRequest } from 'fastify';
import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  NoSchemaIntrospectionCustomRule,
  OperationTypeNode,
  type ValidationRule,
} from 'graphql';
import type { RequestContext } from './request-context';
import type { OperationPolicy } from '../http/persisted-operations';
import { chargeRootFields, extendDeadline } from '../http/request-bounds';
import { graphqlPath } from '../http/request-gate';
import { openSubscriptionAdmission, type StartContext } from '../subscription/subscription-admission';
import { documentLimitsRule, tokenMaximum } from './document-limits';
import { createErrorFormatter, type FailureLog } from './error-formatter';
import { guardSchema } from './guard-schema';
import type { HotPath } from '../hot-path/hot-path';
import { operationName } from '../telemetry/operation-name';
import { requireAffordable } from './query-cost';
import { requireLimitedSubscription, requireShortSubscription } from './subscription-limits';

/** Deepest document of all: the standard introspection query is 15 levels; data has the tighter rule of its own. */
const depthMaximum = 16;

/** What a deployment decides about the endpoint. */
export interface EndpointPolicy {
  /** Whether the schema may be read: introspection, and names close to a mistaken one. */
  readonly developerTools: boolean;
  /** Which operations are answered, over HTTP and over sockets. */
  readonly operations: OperationPolicy;
}

/**
 * Everything that is the driver's business and not the resolvers', in one place.
 *
 * @param hotPath  told of all resolvers, and of every operation over HTTP that passed all checks
 */
export function graphqlOptions(
  buildContext: MercuriusDriverConfig['context'],
  log: FailureLog,
  { developerTools, operations }: EndpointPolicy,
  hotPath: Pick<HotPath, 'remember' | 'noteResolvers'>,
): MercuriusDriverConfig {
  const policyRules: ValidationRule[] = developerTools ? [] : [NoSchemaIntrospectionCustomRule];
  const admission = openSubscriptionAdmission(operations);
  return {
    driver: MercuriusDriver,
    path: graphqlPath,
    autoSchemaFile: true,
    sortSchema: true,
    transformResolvers: (resolvers) => {
      hotPath.noteResolvers(resolvers as Record<string, object>);
      return resolvers;
    },
    transformSchema: guardSchema,
    // The compiler hands literal Decimal arguments to resolvers as raw strings from the second execution on.
    jit: 0,
    graphiql: false,
    allowBatchedQueries: false,
    queryDepth: depthMaximum,
    graphql: {
      parseOptions: { maxTokens: tokenMaximum },
      validateOptions: { maxErrors: 1, hideSuggestions: !developerTools },
    } as NonNullable<MercuriusDriverConfig['graphql']>,
    validationRules: [documentLimitsRule, ...policyRules],
    context: buildContext,
    errorFormatter: createErrorFormatter(log, {
      hideSuggestions: !developerTools,
    }) as unknown as NonNullable<MercuriusDriverConfig['errorFormatter']>,
    hooks: {
      preParsing: (_schema: GraphQLSchema, source: string) => requireDocument(source),
      preExecution: async (
        schema: GraphQLSchema,
        document: DocumentNode,
        context: RequestContext,
        variables?: object,
      ) => {
        context.nameOperation(operationName(document));
        requireAffordable(schema, document, variables as Record<string, unknown> | undefined);
        await boundOperation(document, context.request);
        hotPath.remember(schema, document, context.request);
      },
      preSubscriptionParsing: async (_schema: GraphQLSchema, source: string, context: StartContext) => {
        requireShortSubscription(source);
        await admission.admit(source, context);
      },
      preSubscriptionExecution: (schema: GraphQLSchema, document: DocumentNode, context: object) => {
        admission.requireAdmitted(context);
        requireLimitedSubscription(schema, document, policyRules);
      },
      // The connection goes back to the pool while the answer is still being written.
      onResolution: (_execution: unknown, { session }: RequestContext) => void session.close(),
    } as unknown as NonNullable<MercuriusDriverConfig['hooks']>,
  };
}

/** A mutation has more time than a query; root fields beyond the first count against the token's minute. */
async function boundOperation(document: DocumentNode, request: FastifyRequest): Promise<void> {
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation === undefined) return;
  if (operation.operation === OperationTypeNode.SUBSCRIPTION)
    throw new GraphQLError('subscriptions are served over graphql-ws', { extensions: { code: 'BAD_USER_INPUT' } });
  if (operation.operation === OperationTypeNode.MUTATION) extendDeadline(request);
  const more = operation.selectionSet.selections.length - 1;
  if (more <= 0) return;
  const wait = await chargeRootFields(request, more);
  if (wait === null) return;
  throw new GraphQLError(`too many requests: wait ${wait} s`, { extensions: { code: 'RATE_LIMITED' } });
}

/** Mercurius takes a JSON syntax tree where the text does not parse: a second, unguarded way in. */
function requireDocument(source: string): void {
  if (/^[\s,\uFEFF]*(?:\{\s*["}]|["[\d-]|null\b|true\b|false\b)/.test(source))
    throw new GraphQLError('Syntax Error: expected the text of a GraphQL operation');
}
