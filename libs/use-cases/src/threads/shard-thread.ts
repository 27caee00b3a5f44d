// What runs in a thread of the engine: connections of its own, and no framework.
import { isMainThread, type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { CommonSpanColumns } from '@ballast/margin';
import { Database } from '@ballast/persistence';
import { Logger } from '@nestjs/common';
import { openShardRunner } from '../engine/open-shard-runner';
import type { ColumnSource } from '../engine/run-columns';
import { type ShardOrder, type ShardReport, type ShardThreadData, shardThreadRole } from './shard-messages';

/** How often a thread shows that its event loop turns [ms]. */
const pulseMs = 500;

/** Works on shards as they are ordered, several side by side, until it is told to end. */
function serveShards(port: MessagePort, { database: settings, pulse }: ShardThreadData): void {
  const tell = (report: ShardReport): void => port.postMessage(report);
  const onEvent = (message: string, failure?: unknown): void =>
    tell({ report: 'event', message, failure: failure === undefined ? null : plainError(failure) });
  const database = new Database(() => ({ ...settings, onEvent }));
  const waiting = new Map<number, (columns: CommonSpanColumns) => void>();
  let asked = 0;
  const columns: ColumnSource = {
    give: (wanted) =>
      new Promise((resolve) => {
        const id = (asked += 1);
        waiting.set(id, resolve);
        tell({ report: 'wants columns', id, wanted });
      }),
    onFull: (runId, contracts) =>
      onEvent(
        `${contracts} contracts of run ${runId} found no room in its columns: their accounts are evaluated in full`,
      ),
  };
  const runner = openShardRunner(database, columns);
  const working = new Map<number, AbortController>();
  const beating = setInterval(() => Atomics.add(pulse, 0, 1), pulseMs);

  const work = async ({ id, job, worker }: Extract<ShardOrder, { readonly order: 'work' }>): Promise<void> => {
    const left = new AbortController();
    working.set(id, left);
    try {
      const outcome = await runner.execute(job, worker, left.signal);
      tell({ report: 'done', id, outcome, phases: runner.phases.totals() });
    } catch (failure) {
      tell({ report: 'failed', id, failure: plainError(failure) });
    } finally {
      working.delete(id);
    }
  };
  const end = async (): Promise<void> => {
    clearInterval(beating);
    await database.close();
    port.close();
  };
  port.on('message', (order: ShardOrder) => {
    switch (order.order) {
      case 'work':
        return void work(order);
      case 'leave':
        return working.get(order.id)?.abort();
      case 'take columns':
        waiting.get(order.id)?.(order.columns);
        return void waiting.delete(order.id);
      case 'end':
        return void end();
    }
  });
  // From here on it is heard whether it stands still, in its first shard too.
  Atomics.add(pulse, 0, 1);
  tell({ report: 'ready' });
}

/** A failure as it passes between threads, which keep no class. */
function plainError(failure: unknown): Error {
  if (!(failure instanceof Error)) return new Error(String(failure));
  const plain = new Error(failure.message);
  if (failure.stack !== undefined) plain.stack = failure.stack;
  return plain;
}

if (!isMainThread && parentPort !== null && (workerData as { role?: string } | null)?.role === shardThreadRole) {
  Logger.overrideLogger(['error', 'warn']);
  serveShards(parentPort, workerData as ShardThreadData);
}
