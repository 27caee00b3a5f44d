import type { BatchRead, ReadSession } from '@ballast/use-cases';
import DataLoader from 'dataloader';

/**
 * The questions of one session, collected and asked together: one loader per use case, made when first used. Lives as long
 * as the session's transaction, so nothing is shown to somebody of another scope, or to somebody who asked later.
 */
export class Loaders {
  private readonly loaders = new Map<BatchRead<never, unknown>, DataLoader<never, unknown, unknown>>();

  constructor(private readonly session: ReadSession) {}

  /** Asks one question; questions asked in the same turn reach the use case together. */
  load<Key, Value>(read: BatchRead<Key, Value>, key: Key): Promise<Value> {
    const known = this.loaders.get(read as BatchRead<never, unknown>);
    if (known !== undefined) return (known as unknown as DataLoader<Key, Value, unknown>).load(key);
    const loader = new DataLoader<Key, Value, unknown>((keys) => read.executeMany(this.session, keys), {
      cacheKeyFn: read.keyOf ?? ((part) => (typeof part === 'string' ? part : JSON.stringify(part))),
      maxBatchSize: 1_000,
    });
    this.loaders.set(read as BatchRead<never, unknown>, loader as unknown as DataLoader<never, unknown, unknown>);
    return loader.load(key);
  }
}
