import type { Stream } from '@ballast/use-cases';
import { GraphQLError } from 'graphql';
import { safeStream } from './safe-stream';
import type { SubscriptionContext } from './subscription-context';

/** Opens a stream for a subscription field: within the caller's share, with safe failures, no longer than the token. */
export async function openStream<Value>(
  context: SubscriptionContext,
  field: string,
  open: () => Promise<Stream<Value>>,
): Promise<Stream<Record<string, Value>>> {
  const { expiresAt, toClientError, takeStream } = context;
  const release = takeStream();
  try {
    if (release === null)
      throw new GraphQLError('too many open subscriptions: end one before the next', {
        extensions: { code: 'RATE_LIMITED' },
      });
    return safeStream(await open(), { field, expiresAt, toClientError, release });
  } catch (failure) {
    release?.();
    throw toClientError(failure);
  }
}
