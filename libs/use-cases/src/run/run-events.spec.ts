import { instantOf } from '@ballast/domain';
import type { RunListener, RunMessage } from '@ballast/persistence';
import { openRunEvents } from './run-events';

/** A source of changes without a database: the queue sees of a listener nothing but `listen`. */
function openSource() {
  const listeners = new Set<(message: RunMessage) => void>();
  const listen = async (listener: (message: RunMessage) => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const source: Pick<RunListener, 'listen'> = { listen };
  return {
    listener: source as RunListener,
    send: (message: RunMessage) => [...listeners].forEach((each) => each(message)),
    listening: () => listeners.size,
  };
}

const firmId = 'f1';
const completed = (runId: string, firm = firmId): RunMessage => ({ firmId: firm, runId, state: 'COMPLETED' });

describe('openRunEvents', () => {
  it('gives the changes of one firm in order, and the end', async () => {
    const { listener, send, listening } = openSource();
    const events = await openRunEvents(listener, firmId);
    send(completed('a'));
    send(completed('x', 'f2'));
    send('gap');
    send(completed('b'));
    expect([await events.next(), await events.next(), await events.next()]).toEqual([
      { runId: 'a', state: 'COMPLETED' },
      'gap',
      { runId: 'b', state: 'COMPLETED' },
    ]);
    const waiting = events.next();
    events.close();
    expect(await waiting).toBeNull();
    expect(listening()).toBe(0);
  });

  it('keeps the newest of what nobody has read of one run', async () => {
    const { listener, send } = openSource();
    const events = await openRunEvents(listener, firmId);
    for (let step = 0; step < 1_000; step += 1) send({ firmId, runId: 'a', state: 'RUNNING' });
    send(completed('a'));
    expect(await events.next()).toEqual({ runId: 'a', state: 'COMPLETED' });
    events.close();
  });

  it('keeps the end of a run and each confirmation of its held figures', async () => {
    const { listener, send } = openSource();
    const events = await openRunEvents(listener, firmId);
    const released = (at: number): RunMessage => ({ firmId, runId: 'a', state: 'RELEASED', releasedAt: instantOf(at) });
    for (const message of [completed('a'), released(1), released(2)]) send(message);
    expect([await events.next(), await events.next(), await events.next()]).toEqual([
      { runId: 'a', state: 'COMPLETED' },
      { runId: 'a', state: 'RELEASED', releasedAt: 1 },
      { runId: 'a', state: 'RELEASED', releasedAt: 2 },
    ]);
    events.close();
  });

  it('refuses a reader that is too slow instead of growing', async () => {
    const { listener, send } = openSource();
    const events = await openRunEvents(listener, firmId);
    for (let run = 0; run < 65; run += 1) send(completed(`run ${run}`));
    for (let run = 0; run < 64; run += 1) expect(await events.next()).toMatchObject({ runId: `run ${run}` });
    await expect(events.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
