// One run has one hash: whoever works on it, in how many pieces, and in whatever order the rows lie on disk.
import { withClient } from '../support/postgres';
import { openRunDesk, type RunDesk } from '../drills/run-desk';

let desk: RunDesk;

beforeAll(async () => {
  desk = await openRunDesk({ book: { accounts: 60, positionsPerAccount: 8, contracts: 500 } });
}, 60_000);

afterAll(() => desk?.close());

/** Moves every row of a table to another place on disk. */
async function shuffle(table: string): Promise<void> {
  await withClient(desk.db.superuserUrl, async (client) => {
    await client.query(`SET session_replication_role = replica`);
    const sql = `WITH taken AS (DELETE FROM ${table} RETURNING *) INSERT INTO ${table} SELECT * FROM taken ORDER BY md5(taken::text)`;
    const { rowCount } = await client.query(sql);
    expect(rowCount).toBeGreaterThan(0);
  });
}

describe('the hash of a run', () => {
  it('is that of the undisturbed run over 1, 2 and 4 workers, whatever the shards', async () => {
    const workers = [];
    for (const [count, shardSize, concurrency] of [
      [1, 7, 1],
      [2, 1, 2],
      [4, 13, 1],
    ] as const) {
      while (workers.length < count)
        workers.push(await desk.startWorker({ WORKER_CONCURRENCY: String(concurrency), WORKER_SILENCE_SECONDS: '15' }));
      const run = await desk.openRun(shardSize);
      expect(run.shardCount).toBe(Math.ceil(60 / shardSize));
      await desk.requireSame(await desk.finish(run.id));
    }
    for (const { process, ended } of workers) {
      process.kill('SIGTERM');
      expect(await ended).toBe(0);
    }
  }, 60_000);

  it('does not depend on where positions, contracts and accounts lie on disk', async () => {
    for (const table of ['positions', 'balances', 'instrument_quotes']) await shuffle(table);
    const worker = await desk.startWorker();
    const run = await desk.openRun(11);
    await desk.requireSame(await desk.finish(run.id));
    worker.process.kill('SIGTERM');
    await worker.ended;
    const { firmId, calm } = desk;
    const again = await desk.engine.runMargin.execute({ firmId, asOf: calm.asOf, requestedBy: 'test' });
    expect(again).toMatchObject({ state: 'COMPLETED', resultHash: calm.resultHash });
  }, 60_000);
});
