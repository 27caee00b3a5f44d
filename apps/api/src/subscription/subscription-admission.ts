import { GraphQLError } from 'graphql';
import type { FastifyRequest } from 'fastify';
import { type OperationPolicy, resolveOperation } from '../http/persisted-operations';
import { chargeSubscription } from '../http/request-bounds';
import type { SubscriptionContext } from './subscription-context';

/** What the driver hands to its hooks: the context of the connection and the request that opened it. */
export type StartContext = Pick<SubscriptionContext, 'principal'> & { readonly request: FastifyRequest };

/** Decides which subscriptions of a connection are begun at all. */
export interface SubscriptionAdmission {
  /** Judges the text of a subscription. @throws GraphQLError 'FORBIDDEN', 'RATE_LIMITED' */
  readonly admit: (source: string, context: StartContext) => Promise<void>;
  /** Refuses what came by another way than as text: the driver takes a syntax tree too. @throws GraphQLError */
  readonly requireAdmitted: (context: object) => void;
}

/** Holds subscriptions to the list of operations, and counts each start against the minute of its caller. */
export function openSubscriptionAdmission(operations: OperationPolicy): SubscriptionAdmission {
  const admitted = new WeakSet<object>();
  return {
    admit: async (source, context) => {
      const { principal, request } = context;
      const refusal = resolveOperation({ query: source }, principal, operations);
      if (refusal !== null) throw new GraphQLError(refusal.message, { extensions: { code: refusal.code } });
      const wait = await chargeSubscription(request, principal);
      if (wait !== null)
        throw new GraphQLError(`too many requests: wait ${wait} s`, { extensions: { code: 'RATE_LIMITED' } });
      admitted.add(context);
    },
    requireAdmitted: (context) => {
      if (!admitted.has(context))
        throw new GraphQLError('query: send the text of the subscription', { extensions: { code: 'BAD_USER_INPUT' } });
    },
  };
}
