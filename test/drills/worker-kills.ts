import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill } from './drill';
import { longest, randomFrom, requireThat } from './drill';
import { openRunDesk, type WorkerProcess } from './run-desk';

const seed = 20261121;
const shardSize = 2;
/** Shards that a worker is handed before it is killed within the last of them, at most. */
const longestLife = 6;
/** A warm shard takes some tens of milliseconds. */
const withinShardMs = 30;

/** Workers are killed at random moments while a run goes on; a fresh one takes the place of each. */
export const workerKills: Drill = {
  id: 'FD-02',
  title: 'SIGKILL of workers at random moments of a run',
  promise: 'the run ends with the hash of the undisturbed one, no account twice, none missing',
  run: async ({ intensity, threads }) => {
    const wanted = intensity === 'full' ? 100 : 3;
    const random = randomFrom(seed);
    const desk = await openRunDesk({ threads });
    const durations: number[] = [];
    let kills = 0;
    let midShard = 0;
    let left = 0;
    try {
      while (kills < wanted) {
        const run = await desk.openRun(shardSize);
        const started = performance.now();
        let workers: WorkerProcess[] = [await desk.startWorker(), await desk.startWorker()];
        const over = desk.finish(run.id).then(() => 'over' as const);
        while (kills < wanted) {
          const victim = workers[Math.floor(random() * workers.length)] as WorkerProcess;
          const life = 1 + Math.floor(random() * longestLife);
          if ((await Promise.race([victim.delivered(life), over])) === 'over') break;
          await sleep(random() * withinShardMs);
          victim.process.kill('SIGKILL');
          await victim.ended;
          kills += 1;
          const inHand = await desk.inHand(victim);
          midShard += inHand > 0 ? 1 : 0;
          left += inHand;
          workers = [...workers.filter((worker) => worker !== victim), await desk.startWorker()];
        }
        const closed = await desk.finish(run.id);
        durations.push(performance.now() - started);
        await desk.requireSame(closed);
        for (const { process, ended } of workers) {
          process.kill('SIGTERM');
          requireThat((await ended) === 0, 'a worker did not end by itself after SIGTERM');
        }
      }
      const figures = `${kills} kills over ${durations.length} runs, ${midShard} of them within shards (${left} left locked); slowest run ${longest(durations)}`;
      return { figures };
    } finally {
      await desk.close();
    }
  },
};
