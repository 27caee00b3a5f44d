import {
  BufferHistoryStore,
  type Database,
  HeldRequirementStore,
  MarginCallStore,
  MarginRunStore,
  RunListener,
  RunOutcomeStore,
} from '@ballast/persistence';
import { type Stream, WatchBuffers, WatchMarginCalls, WatchRunOutcomes } from '@ballast/use-cases';
import { withClient } from './postgres';

/** The watches of one process, wired by hand. */
export interface Watches {
  readonly buffers: WatchBuffers;
  readonly calls: WatchMarginCalls;
  readonly close: () => Promise<void>;
}

export function openWatches(database: Database): Watches {
  const listener = new RunListener(database);
  const outcomes = new WatchRunOutcomes(listener, new RunOutcomeStore(database));
  return {
    buffers: new WatchBuffers(
      outcomes,
      new MarginRunStore(database),
      new HeldRequirementStore(database),
      new BufferHistoryStore(database),
    ),
    calls: new WatchMarginCalls(outcomes, new MarginCallStore(database)),
    close: () => listener.onModuleDestroy(),
  };
}

/** The next so many values of a stream. */
export async function takeFrom<Value>(stream: Stream<Value>, count: number): Promise<Value[]> {
  const values: Value[] = [];
  while (values.length < count) {
    const { done, value } = await stream.next();
    if (done === true) throw new Error(`the stream ended after ${values.length} of ${count}`);
    values.push(value);
  }
  return values;
}

/** Cuts the connections that listen in this database, and waits until they are back; what `during` does may be missed. */
export async function cutListeners(superuserUrl: string, during: () => Promise<unknown>): Promise<void> {
  const condition = `datname = current_database() AND query = 'LISTEN ballast_runs'`;
  await withClient(superuserUrl, async (client) => {
    const cut = await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${condition}`);
    await during();
    for (;;) {
      const back = await client.query(`SELECT 1 FROM pg_stat_activity WHERE ${condition} AND state = 'idle'`);
      if (back.rowCount === cut.rowCount) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
}
