import { RunListener, type RunChange } from '@ballast/persistence';
import { UseCaseError } from './use-case-error';

/** Changes a subscriber may leave unread before it is too slow. */
const pendingMaximum = 64;

/** What a subscriber reads next: changes of runs of its firm, or that some may have been missed. */
export type RunEvent = Omit<RunChange, 'firmId'> | 'gap';

/** The run changes of one firm for one subscriber, oldest first; bounded, and ended by `close`. */
export interface RunEventQueue {
  /** Waits for the next change; null after `close`. @throws UseCaseError 'UNAVAILABLE' when the reader fell too far behind */
  readonly next: () => Promise<RunEvent | null>;
  readonly close: () => void;
}

/**
 * Opens a queue of the run changes of one firm. Progress of one run that nobody has read yet is replaced by newer
 * progress, so a slow reader gets fewer messages and not older ones.
 */
export async function openRunEvents(listener: RunListener, firmId: string): Promise<RunEventQueue> {
  const pending: RunEvent[] = [];
  let wake: (() => void) | null = null;
  let ended: 'no' | 'closed' | 'overrun' = 'no';
  const ring = (): void => {
    wake?.();
    wake = null;
  };
  const stop = await listener.listen((message) => {
    if (ended !== 'no' || (message !== 'gap' && message.firmId !== firmId)) return;
    const event: RunEvent = message === 'gap' ? 'gap' : { runId: message.runId, state: message.state };
    const last = pending.at(-1);
    const replaces = last !== undefined && last !== 'gap' && event !== 'gap' && last.runId === event.runId;
    if (replaces) pending.pop();
    if (pending.length >= pendingMaximum) ended = 'overrun';
    else pending.push(event);
    ring();
  });
  return {
    next: async () => {
      for (;;) {
        const event = pending.shift();
        if (event !== undefined) return event;
        if (ended === 'closed') return null;
        if (ended === 'overrun')
          throw new UseCaseError('UNAVAILABLE', 'too slow: subscribe again from the last run seen');
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    close: () => {
      stop();
      if (ended === 'no') ended = 'closed';
      ring();
    },
  };
}

/** Values as they come; `return` ends it at once, also while `next` waits. */
export interface Stream<Value> extends AsyncIterableIterator<Value> {
  next(): Promise<IteratorResult<Value>>;
  return(): Promise<IteratorResult<Value>>;
  throw(failure?: unknown): Promise<IteratorResult<Value>>;
}

/**
 * Lets a generator that waits on a queue be ended from outside: ending a generator that waits would itself wait for ever,
 * so the queue is closed first.
 */
export function endedWith<Value>(source: AsyncGenerator<Value, void>, events: RunEventQueue): Stream<Value> {
  return {
    next: () => source.next(),
    return: () => {
      events.close();
      return source.return();
    },
    throw: (failure) => {
      events.close();
      return source.throw(failure);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
