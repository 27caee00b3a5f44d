import type { Stream } from '@ballast/use-cases';
import type { GraphQLError } from 'graphql';

/** Turns whatever a stream failed with into an error of the closed list, and logs defects. */
export type ToClientError = (failure: unknown) => GraphQLError;

/**
 * A stream as a subscription may show it: every value under the field's name, failures without their own words, an end at
 * the token's end, and a place in the caller's share that is given back.
 *
 * @param expiresAt  when the token ends [ms since 1970]
 * @param release    called once, however the stream ends
 */
export function safeStream<Value>(
  source: Stream<Value>,
  options: {
    readonly field: string;
    readonly expiresAt: number;
    readonly toClientError: ToClientError;
    readonly release: () => void;
  },
): Stream<Record<string, Value>> {
  const { field, expiresAt, toClientError, release } = options;
  let expired = false;
  let released = false;
  // A timer of more than 24 days would fire at once.
  const delay = Math.min(Math.max(expiresAt - Date.now(), 0), 2_147_483_647);
  const timer = setTimeout(() => {
    expired = true;
    void source.return();
  }, delay);
  const finish = (): void => {
    clearTimeout(timer);
    if (!released) release();
    released = true;
  };
  return {
    next: async () => {
      try {
        const step = await source.next();
        if (expired) throw expiry;
        if (step.done === true) finish();
        return step.done === true ? { done: true, value: undefined } : { done: false, value: { [field]: step.value } };
      } catch (failure) {
        finish();
        throw toClientError(failure);
      }
    },
    return: async () => {
      finish();
      await source.return();
      return { done: true, value: undefined };
    },
    throw: async (failure) => {
      finish();
      await source.return();
      throw toClientError(failure);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const expiry = Object.assign(new Error('the token has expired: connect again with a new one'), {
  name: 'UseCaseError',
  code: 'UNAUTHENTICATED',
});
