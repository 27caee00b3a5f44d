import fs from 'node:fs';
import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { builtFile } from '../drills/drill';

/** Ends of a thread. */
const ways = {
  throws: () => {
    throw new Error('nobody catches this');
  },
  'fills its memory': () => {
    const kept: number[][] = [];
    for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index + 0.5));
  },
  'stands still': () => {
    for (;;);
  },
  leaves: () => process.exit(0),
} as const;

/**
 * A thread of the engine that ends in the way named for a shard, the first time that one is handed out.
 *
 * @param marks  folder where it is remembered which were
 */
export function workUntilDeath(planned: Readonly<Record<string, keyof typeof ways>>, marks: string): void {
  parentPort?.on('message', (order: { readonly order: string; readonly job?: { readonly shard: number } }) => {
    const shard = String(order.job?.shard ?? '');
    const way = planned[shard];
    const mark = path.join(marks, shard);
    if (order.order !== 'work' || way === undefined || fs.existsSync(mark)) return;
    fs.writeFileSync(mark, '');
    ways[way]();
  });
  void import('../../libs/use-cases/src/threads/shard-thread');
}

/**
 * Writes what a thread runs, or a process preloads, whose threads die of some shards, each the first time it is handed out.
 *
 * @param folder  existing, for the program and what is remembered
 */
export function planDeaths(folder: string, planned: Parameters<typeof workUntilDeath>[0]): string {
  const marks = fs.mkdtempSync(path.join(folder, 'deaths-'));
  const file = path.join(marks, 'thread.js');
  const entry = JSON.stringify(builtFile('test/support/dying-thread.js'));
  fs.writeFileSync(file, `require(${entry}).workUntilDeath(${JSON.stringify(planned)}, ${JSON.stringify(marks)});`);
  return file;
}
