import type { Database } from '@ballast/persistence';
import { GraphQLError } from 'graphql';
import type { TokenVerifier } from '../authentication/token';
import { type FailureLog, toClientError } from '../graphql/error-formatter';
import { guardErrors, markIntroduced } from './socket-guard';
import { subscriptionContext } from './subscription-context';

/** How the driver serves subscriptions: who may connect, with what context, and what leaves the socket on failure. */
export function subscriptionOptions(database: Database, verify: TokenVerifier, log: FailureLog) {
  const judge = toClientError(log);
  return {
    context: (socket: object) => {
      markIntroduced(socket);
      guardErrors(socket, ({ message, extensions }) => {
        // The driver's own refusal has no code.
        const code = /^Invalid operation: /.test(message) ? { code: 'BAD_USER_INPUT' } : {};
        return judge(new GraphQLError(message, { extensions: { ...code, ...extensions } }));
      });
      return {};
    },
    onConnect: async ({ payload }: { readonly payload?: unknown }) => {
      const token = bearerOf(payload);
      if (token === null) return false;
      try {
        return subscriptionContext(database, await verify(token), judge);
      } catch {
        return false;
      }
    },
    queueHighWaterMark: 16,
    fullWsTransport: false,
  };
}

function bearerOf(payload: unknown): string | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const words = payload as Record<string, unknown>;
  const given = words['authorization'] ?? words['Authorization'];
  return typeof given === 'string' ? (/^Bearer (\S+)$/i.exec(given)?.[1] ?? null) : null;
}
