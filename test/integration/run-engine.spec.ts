import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { canonicalJson, Decimal } from '@ballast/domain';
import { InstrumentStore, type MarginRun, MarginRunStore, PositionStore, RequirementStore } from '@ballast/persistence';
import { hashResultAsText, hashRun } from '@ballast/use-cases';
import { closes, fillFirm } from '../support/api-world';
import { runBallast } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import {
  openExplanations,
  openRecordedEvaluation,
  openReplay,
  openRunEngine,
  type RunEngine,
} from '../support/run-engine';

let db: TestDatabase;
let engine: RunEngine;
let firmId: string;
/** The run that was committed in one transaction. */
let whole: MarginRun;
let wholeHash: string | null;
const asOf = closes[1];
const accountCount = 13;

beforeAll(async () => {
  db = await openTestDatabase();
  engine = openRunEngine(db.database);
  firmId = (await fillFirm(db, 'ALPHA', accountCount, [])).firmId;
  whole = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test' });
  wholeHash = whole.resultHash;
}, 60_000);

const children = new Set<ChildProcess>();

afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await engine?.close();
  await db?.close();
});

/** Opens a run in shards without a worker of this process. */
async function openRun(shardSize: number, overrides: { engineVersion?: string } = {}): Promise<MarginRun> {
  await engine.queue.install();
  const { snapshotId, positionsAt, knownAt, engineVersion, parameterSets } = whole;
  const draft = { asOf, snapshotId, positionsAt, knownAt, engineVersion, parameterSets, requestedBy: 'test' };
  return engine.shards.open({ firmId }, { ...draft, ...overrides, accountCount, shardSize });
}

function startWorker(file: string, ...words: readonly string[]): ChildProcess {
  const entry = path.resolve(__dirname, '../../dist', file);
  const env = {
    ...process.env,
    ...db.environment,
    WORKER_THREADS: '1',
    WORKER_CONCURRENCY: '1',
    WORKER_SILENCE_SECONDS: '1',
    POOL_MAX: '2',
  };
  const child = spawn(process.execPath, [entry, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

/** Waits until a worker takes jobs and listens for signals. */
function untilReady(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.stdout?.once('data', resolve));
}

function ended(child: ChildProcess): Promise<void> {
  return child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => child.once('exit', () => resolve()));
}

async function finished(runId: string): Promise<MarginRun> {
  for (;;) {
    const run = await new MarginRunStore(db.database).findById({ firmId }, runId).catch(() => null);
    if (run !== null && run.state !== 'RUNNING') return run;
    await sleep(50);
  }
}

async function accountsOf(runId: string): Promise<string[]> {
  return (await new RequirementStore(db.database).findByRun({ firmId }, runId)).map(({ accountId }) => accountId);
}

/** What a run says of each account, its hash included. */
async function resultsOf(firm: string, run: MarginRun) {
  const found = await withClient(db.superuserUrl, (client) =>
    client.query<{ account_id: string; quality: string; reasons: string[]; maintenance: string | null; hash: string }>(
      `SELECT account_id, quality, quality_reasons AS reasons, maintenance_requirement AS maintenance, encode(result_hash, 'hex') AS hash
       FROM requirements WHERE firm_id = $1 AND run_id = $2`,
      [firm, run.id],
    ),
  );
  return new Map(found.rows.map((row) => [row.account_id, row]));
}

describe('a run in shards', () => {
  it.each([1, 5, 1_000])('of %i accounts gives the bits of the run as a whole', async (shardSize) => {
    const seen: number[] = [];
    const onProgress = (done: number): unknown => seen.push(done);
    const run = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test', shardSize, onProgress });
    expect(run).toMatchObject({ state: 'COMPLETED', accountsDone: accountCount, failureReason: null });
    expect(run.shardCount).toBe(Math.ceil(accountCount / shardSize));
    expect(run.resultHash).toBe(wholeHash);
    expect(seen.at(-1)).toBe(accountCount);
    expect(new Set(await accountsOf(run.id)).size).toBe(accountCount);
    await engine.worker.stop();
    await engine.close();
    engine = openRunEngine(db.database);
  });

  it('keeps figures alone, and computes their explanations again when somebody asks', async () => {
    const run = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test', shardSize: 5 });
    const requirements = new RequirementStore(db.database);
    const explanations = openExplanations(db.database);
    const keysOf = async ({ id }: MarginRun) => requirements.findByRun({ firmId }, id);
    const stored = await requirements.findDetails({ firmId }, await keysOf(run));
    expect(stored.size).toBe(0);
    const explain = async (one: MarginRun) => {
      const keys = await keysOf(one);
      return db.database.withTenant({ firmId }, async (tx) => {
        const found = await explanations.find(tx, keys);
        return keys.map(({ id }) => canonicalJson(found.get(id)));
      });
    };
    const again = await explain(run);
    expect(again).toHaveLength(accountCount);
    expect(again.every((text) => text.includes('breakdown'))).toBe(true);
    expect(again).toEqual(await explain(whole));
    const replay = await openReplay(db.database).execute({ firmId, runId: run.id });
    expect(replay).toMatchObject({ accounts: accountCount, differenceCount: 0 });
    await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query('UPDATE requirements SET result_hash = sha256($2) WHERE run_id = $1', [
        run.id,
        Buffer.from('x'),
      ]);
    });
    await expect(explain(run)).rejects.toMatchObject({ code: 'CONFLICT' });
    await engine.worker.stop();
    await engine.close();
    engine = openRunEngine(db.database);
  });

  it('of an earlier version, which kept no bytes, is replayed by the hash of that version', async () => {
    const run = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test' });
    const page = await new RequirementStore(db.database).findWritten({ firmId }, run, { first: 100 });
    const recorded = openRecordedEvaluation(db.database);
    const results = await db.database.withTenant({ firmId }, async (tx) => {
      return recorded.evaluate(tx, { run, methods: await recorded.prepareMethods(tx, run) }, page);
    });
    const hashes = results.map(({ result }) => {
      return { accountId: result.accountId, resultHash: hashResultAsText(result) };
    });
    await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      for (const { accountId, resultHash } of hashes) {
        const sql = 'UPDATE requirements SET figures = NULL, result_hash = $1 WHERE run_id = $2 AND account_id = $3';
        await client.query(sql, [Buffer.from(resultHash, 'hex'), run.id, accountId]);
      }
      const hash = Buffer.from(hashRun(hashes), 'hex');
      await client.query('UPDATE margin_runs SET result_hash = $1 WHERE run_id = $2', [hash, run.id]);
    });
    const replay = await openReplay(db.database).execute({ firmId, runId: run.id });
    expect(replay).toMatchObject({ accounts: accountCount, differences: [], differenceCount: 0 });
  });

  it('after a move covers the accounts that hold the underlying and no other', async () => {
    const run = await engine.runMargin.execute({
      firmId,
      asOf,
      requestedBy: 'test',
      underlyings: ['XYZ'],
      shardSize: 4,
    });
    expect(run).toMatchObject({ state: 'COMPLETED', accountCount: accountCount - 1, shardCount: 3 });
    const nobody = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test', underlyings: ['ABC'] });
    expect(nobody).toMatchObject({ state: 'COMPLETED', accountCount: 0 });
    // The shards below are worked on by hand or by processes of their own.
    await engine.worker.stop();
    await engine.close();
    engine = openRunEngine(db.database);
  });

  it('takes an account that cannot be valued as INDETERMINATE with the reason, and the others as if it were not there', async () => {
    const { firmId: other, accounts } = await fillFirm(db, 'GAMMA', 3, []);
    const command = { firmId: other, asOf, requestedBy: 'test', shardSize: 1 };
    const before = await resultsOf(other, await engine.runMargin.execute(command));
    const terms = { underlying: 'GHOST', currency: 'USD', settlement: 'linear' } as const;
    const instruments = new InstrumentStore(db.database);
    await instruments.upsertUnderlyings({ firmId: other }, [{ id: 'GHOST', kind: 'equity', currency: 'USD' }]);
    await instruments.upsertMany({ firmId: other }, [
      { id: 'GHOST', type: 'underlying', multiplier: new Decimal(1), ...terms },
    ]);
    const quantity = new Decimal(-1);
    await new PositionStore(db.database).record(
      { firmId: other },
      {
        ...{ accountId: accounts.get('G-02') ?? '', mode: 'MERGE', source: 'poison', validFrom: closes[0] },
        positions: [{ instrumentId: 'GHOST', quantity }],
      },
    );
    const run = await engine.runMargin.execute(command);
    expect(run).toMatchObject({ state: 'COMPLETED', accountsDone: 3, accountsIndeterminate: 1, failureReason: null });
    const after = await resultsOf(other, run);
    const [healthy, poisoned] = ['G-01', 'G-02'].map((code) => accounts.get(code) ?? '');
    expect(before.get(poisoned ?? '')?.quality).toBe('OK');
    expect(after.get(poisoned ?? '')).toMatchObject({ quality: 'INDETERMINATE', maintenance: null });
    expect(after.get(poisoned ?? '')?.reasons.join()).toContain('GHOST');
    expect(after.get(healthy ?? '')).toEqual(before.get(healthy ?? ''));
    await engine.worker.stop();
    await engine.close();
    engine = openRunEngine(db.database);
  });

  it('has no effect twice, however often a shard is delivered', async () => {
    const run = await openRun(5);
    // The shards are executed by hand here: the queue's own deliveries would come between.
    await withClient(db.jobsUrl, (client) =>
      client.query('DELETE FROM graphile_worker._private_jobs WHERE key LIKE $1', [`${run.id}/%`]),
    );
    const job = { firmId, runId: run.id, shard: 1 };
    const outcomes = await Promise.all([1, 2, 3].map((delivery) => engine.runner.execute(job, `w${delivery}`)));
    expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
    expect(await engine.runner.execute(job, 'w4')).toBe('nothing to do');
    expect(await accountsOf(run.id)).toHaveLength(5);
    expect(await engine.runner.closeWhenDone(job)).toBeNull();
    await engine.runner.execute({ ...job, shard: 2 }, 'w1');
    await engine.runner.execute({ ...job, shard: 3 }, 'w1');
    const closings = await Promise.all([1, 2, 3].map(() => engine.runner.closeWhenDone(job)));
    expect(closings.filter((closed) => closed !== null)).toHaveLength(1);
    expect(await finished(run.id)).toMatchObject({ state: 'COMPLETED', resultHash: wholeHash });
  });

  it('is worked on only under the firm that opened it, and only by its own engine version', async () => {
    const other = (await fillFirm(db, 'BETA', 1, [])).firmId;
    const run = await openRun(50);
    expect(await engine.runner.execute({ firmId: other, runId: run.id, shard: 1 }, 'w')).toBe('nothing to do');
    const foreign = await openRun(50, { engineVersion: '9.9.9' });
    const refused = engine.runner.execute({ firmId, runId: foreign.id, shard: 1 }, 'w');
    await expect(refused).rejects.toMatchObject({ code: 'CONFLICT' });
    const names = await withClient(db.jobsUrl, (client) =>
      client.query<{ identifier: string }>('SELECT identifier FROM graphile_worker._private_tasks ORDER BY 1'),
    );
    expect(names.rows.map(({ identifier }) => identifier)).toContain('run-shard 9.9.9');
  });

  it('is enqueued only for the firm of the transaction, and the queue sees nothing of the record', async () => {
    const sql = `SELECT ballast_jobs.add_shards(gen_random_uuid(), 1, 'x')`;
    await expect(withClient(db.appUrl, (client) => client.query(sql))).rejects.toMatchObject({ code: '42501' });
    const read = withClient(db.jobsUrl, (client) => client.query('SELECT * FROM public.accounts'));
    await expect(read).rejects.toMatchObject({ code: '42501' });
  });
});

describe('workers in processes of their own', () => {
  it('share a run, and one that is killed loses nothing', async () => {
    const workers = [startWorker('apps/worker/src/main.js'), startWorker('apps/worker/src/main.js')];
    await Promise.all(workers.map(untilReady));
    const run = await openRun(1);
    for (let done = 0; done === 0; await sleep(5))
      done = (await new MarginRunStore(db.database).findById({ firmId }, run.id))?.accountsDone ?? 0;
    workers[0]?.kill('SIGKILL');
    const closed = await finished(run.id);
    expect(closed).toMatchObject({ state: 'COMPLETED', accountsDone: accountCount, resultHash: wholeHash });
    expect(await accountsOf(run.id)).toHaveLength(accountCount);
    workers[1]?.kill('SIGTERM');
    await ended(workers[1] as ChildProcess);
    expect(workers[1]?.exitCode).toBe(0);
  }, 60_000);

  it('go on when all their connections are cut', async () => {
    const run = await openRun(2);
    const worker = startWorker('apps/worker/src/main.js');
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = $1 AND application_name IN ('ballast', 'ballast jobs') AND pid <> pg_backend_pid()`;
    for (let seen = 0; seen < 1; await sleep(5)) {
      const { accountsDone } = (await new MarginRunStore(db.database).findById({ firmId }, run.id)) as MarginRun;
      if (accountsDone === 0) continue;
      seen += 1;
      await withClient(db.superuserUrl, (client) => client.query(cut, [db.name])).catch(() => undefined);
    }
    expect(await finished(run.id)).toMatchObject({ state: 'COMPLETED', resultHash: wholeHash });
    expect(worker.exitCode).toBeNull();
    worker.kill('SIGTERM');
    await ended(worker);
    expect(worker.exitCode).toBe(0);
  }, 60_000);

  it('give up a shard that ends every process that touches it, and say whose accounts are missing', async () => {
    const run = await openRun(6);
    await withClient(db.jobsUrl, (client) =>
      client.query('UPDATE graphile_worker._private_jobs SET attempts = 3 WHERE key = $1', [`${run.id}/2`]),
    );
    for (let deaths = 0; (await attemptsOf(run.id, 2)) < 5 && deaths < 12; deaths += 1) {
      await ended(startWorker('test/support/dying-worker.js', '2'));
    }
    const survivor = startWorker('apps/worker/src/main.js');
    const closed = await finished(run.id);
    expect(closed).toMatchObject({ state: 'PARTIAL', accountsDone: 7 });
    expect(closed.failureReason).toMatch(
      /^6 accounts have no result: A-\d\d, .*shard 2: every process .* \(5 attempts\)/,
    );
    expect(await engine.shards.findDeadAccounts({ firmId }, run.id)).toHaveLength(6);
    expect(await accountsOf(run.id)).toHaveLength(7);
    const replayed = await runBallast(['replay', run.id, '--firm', 'ALPHA', '--json'], db.environment);
    expect(replayed).toMatchObject({ exitCode: 0, stderr: '' });
    const summary = { accounts: 7, accountsWithoutResult: 6, differenceCount: 0, resultHash: closed.resultHash };
    expect(JSON.parse(replayed.stdout)).toMatchObject(summary);
    survivor.kill('SIGTERM');
    await ended(survivor);
  }, 90_000);
});

async function attemptsOf(runId: string, shard: number): Promise<number> {
  const sql = 'SELECT attempts FROM graphile_worker._private_jobs WHERE key = $1';
  const answer = await withClient(db.jobsUrl, (client) => client.query(sql, [`${runId}/${shard}`]));
  return (answer.rows[0] as { attempts: number } | undefined)?.attempts ?? 0;
}
