import { setTimeout as sleep } from 'node:timers/promises';
import { type Drill, longest, randomFrom } from './drill';
import { openServiceDesk } from './service-desk';

const seed = 30;
/** The service has healed when it acknowledges again [ms]. */
const healLimitMs = 10_000;

/** Postgres is killed under a service that acknowledges writes all the time. */
export const serverKills: Drill = {
  id: 'FD-03',
  title: 'kill -9 of Postgres under a service that records cash',
  promise: 'every acknowledged write is there, once; the service acknowledges again within 10 s, in the same process',
  run: async ({ intensity }) => {
    const kills = intensity === 'full' ? 20 : 2;
    const random = randomFrom(seed);
    const desk = await openServiceDesk();
    const heals: number[] = [];
    let amount = 0;
    try {
      for (let kill = 0; kill < kills; kill += 1) {
        const writing = { on: true };
        const clients = Array.from({ length: 3 }, async () => {
          while (writing.on) await desk.record((amount += 1));
        });
        await sleep(100 + random() * 400);
        desk.killServer();
        writing.on = false;
        const killed = performance.now();
        await desk.insist((amount += 1), healLimitMs);
        heals.push(performance.now() - killed);
        await Promise.all(clients);
      }
      await desk.requireDurable();
      const median = [...heals].sort((left, right) => left - right)[Math.floor(heals.length / 2)] ?? 0;
      const figures = `${kills} kills, ${desk.acknowledged()} acknowledged writes, 0 lost, 0 doubled; healed after ${longest([median])} (median), ${longest(heals)} at most`;
      return { figures };
    } finally {
      await desk.close();
    }
  },
};
