import { batchAsOf, fillBatchFirm } from '../support/batch-book';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openRunEngine, type RunEngine } from '../support/run-engine';
import { type Drill, longest, requireThat } from './drill';

const accounts = 60;
const parallel = 20;
const groupSize = 30;

/** Twenty runs at once over groups of accounts that overlap, half of them named backwards, in two engines. */
export const overlappingRuns: Drill = {
  id: 'FD-17',
  title: `${parallel} runs at once over overlapping groups of accounts, in two engines`,
  promise: 'no deadlock, nothing to repeat; every run ends with the figures that it has alone',
  run: async ({ intensity }) => {
    const rounds = intensity === 'full' ? 10 : 1;
    const db = await openTestDatabase({ poolSize: 24, poolWaitMs: 60_000 });
    const engines = [openRunEngine(db.database), openRunEngine(db.database)] as const;
    try {
      const book = { accounts, positionsPerAccount: 10, contracts: 500 };
      const { firmId } = await fillBatchFirm(db.database, db.superuserUrl, book);
      const alone = await engines[0].runMargin.execute({ firmId, asOf: batchAsOf, requestedBy: 'drill' });
      requireThat(alone.state === 'COMPLETED', `the run alone is ${alone.state}`);
      const expected = await figuresOf(db, alone.id);
      const times: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const ids = await runGroups(engines, firmId, times);
        for (const id of ids) {
          const figures = await figuresOf(db, id);
          requireThat(figures.size === groupSize, `a run holds ${figures.size} accounts instead of ${groupSize}`);
          for (const [account, figure] of figures)
            requireThat(expected.get(account) === figure, `${account}: ${figure} instead of ${expected.get(account)}`);
        }
      }
      const deadlocks = await deadlocksOf(db);
      requireThat(deadlocks === 0, `${deadlocks} deadlocks`);
      return {
        figures: `${rounds * parallel} runs of ${groupSize} accounts, each account in up to ${groupSize / 3} of them at once: ${deadlocks} deadlocks, none refused, none repeated; slowest ${longest(times)}`,
      };
    } finally {
      for (const engine of engines) await engine.close();
      await db.close();
    }
  },
};

async function runGroups(
  engines: readonly [RunEngine, RunEngine],
  firmId: string,
  times: number[],
): Promise<readonly string[]> {
  const groups = Array.from({ length: parallel }, (_, index) => {
    const codes = Array.from({ length: groupSize }, (__, place) => codeOf(((index * 3 + place) % accounts) + 1));
    return index % 2 === 0 ? codes : codes.reverse();
  });
  return Promise.all(
    groups.map(async (accountCodes, index) => {
      const started = performance.now();
      const { runMargin } = engines[index % 2] as RunEngine;
      const run = await runMargin.execute({ firmId, asOf: batchAsOf, accountCodes, requestedBy: 'drill' });
      requireThat(run.state === 'COMPLETED', `a run is ${run.state}: ${run.failureReason}`);
      times.push(performance.now() - started);
      return run.id;
    }),
  );
}

const codeOf = (number: number): string => `C${String(number).padStart(7, '0')}`;

/** Figures of a run by account, as text. */
async function figuresOf(db: TestDatabase, runId: string): Promise<ReadonlyMap<string, string>> {
  const sql = `SELECT code, concat_ws(' ', initial_requirement, maintenance_requirement, equity) AS figures
    FROM requirements JOIN accounts USING (firm_id, account_id) WHERE run_id = $1`;
  const { rows } = await withClient(db.superuserUrl, (client) =>
    client.query<{ code: string; figures: string }>(sql, [runId]),
  );
  return new Map(rows.map(({ code, figures }) => [code, figures]));
}

async function deadlocksOf(db: TestDatabase): Promise<number> {
  const sql = 'SELECT deadlocks::integer AS n FROM pg_stat_database WHERE datname = current_database()';
  const { rows } = await withClient(db.superuserUrl, (client) => client.query<{ n: number }>(sql));
  return rows[0]?.n ?? Number.NaN;
}
