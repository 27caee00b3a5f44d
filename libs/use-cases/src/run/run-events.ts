import { RunListener, type RunChange, type RunMessage } from '@ballast/persistence';
import { UseCaseError } from '../caller/use-case-error';

/** Changes a subscriber may leave unread before it is too slow. */
const pendingMaximum = 64;

/** What a subscriber reads next: changes of runs of its firm, or that some may have been missed. */
export type RunEvent =
  | Omit<Exclude<RunChange, { readonly state: 'RELEASED' }>, 'firmId'>
  | Omit<Extract<RunChange, { readonly state: 'RELEASED' }>, 'firmId'>
  | 'gap';

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
    const event = eventOf(message);
    const last = pending.at(-1);
    const isProgress = last !== undefined && last !== 'gap' && last.state === 'RUNNING';
    if (isProgress && event !== 'gap' && last.runId === event.runId) pending.pop();
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

function eventOf(message: RunMessage): RunEvent {
  if (message === 'gap') return 'gap';
  if (message.state === 'RELEASED')
    return { runId: message.runId, state: message.state, releasedAt: message.releasedAt };
  return { runId: message.runId, state: message.state };
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
