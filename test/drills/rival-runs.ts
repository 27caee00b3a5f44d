import { setTimeout as sleep } from 'node:timers/promises';
import { batchAsOf } from '../support/batch-book';
import { openRunEngine } from '../support/run-engine';
import { type Drill, requireThat } from './drill';
import { openRunDesk } from './run-desk';

/** Two runs over one firm at once: under two keys both are whole, under one key they are one. */
export const rivalRuns: Drill = {
  id: 'FD-21',
  title: 'two runs of one firm started at once, by two engines and under one key',
  promise: 'both end with the same hash; the same key gives one run; one of another engine version is left alone',
  run: async ({ intensity, threads }) => {
    const rounds = intensity === 'full' ? 10 : 1;
    const desk = await openRunDesk({ threads });
    const rival = openRunEngine(desk.db.database);
    const command = { firmId: desk.firmId, asOf: batchAsOf, requestedBy: 'drill', shardSize: 5 };
    try {
      for (let round = 0; round < rounds; round += 1) {
        const pair = await Promise.all([desk.engine.runMargin.execute(command), rival.runMargin.execute(command)]);
        requireThat(pair[0]?.id !== pair[1]?.id, 'two runs became one');
        for (const run of pair) await desk.requireSame(run);
        const idempotencyKey = `drill-${round}`;
        const keyed = await Promise.allSettled(
          [desk.engine, rival, desk.engine].map(({ runMargin }) => runMargin.start({ ...command, idempotencyKey })),
        );
        const ids = new Set(keyed.flatMap((started) => (started.status === 'fulfilled' ? [started.value.run.id] : [])));
        requireThat(ids.size === 1, `one key started ${ids.size} runs`);
        for (const started of keyed)
          if (started.status === 'rejected')
            requireThat((started.reason as { code?: string }).code === 'CONFLICT', `refused with ${started.reason}`);
        await desk.requireSame(await desk.finish([...ids][0] as string));
      }
      const foreign = await desk.openRun(10, { engineVersion: '9.9.9' });
      const refused = desk.engine.runner.execute({ firmId: desk.firmId, runId: foreign.id, shard: 1 }, 'drill');
      const code = await refused.then(String, (failure: { code?: string }) => failure.code);
      requireThat(code === 'CONFLICT', `a shard of another version was answered with ${code}`);
      await sleep(1_500);
      const left = await desk.findRun(foreign.id);
      requireThat(left.state === 'RUNNING' && left.accountsDone === 0, 'a run of another version was worked on');
      return {
        figures: `${rounds} pairs, ${rounds} triples under one key; a run of engine 9.9.9 untouched beside working workers`,
      };
    } finally {
      await rival.close();
      await desk.close();
    }
  },
};
