import { spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Decimal, instantOf, type QuoteFlag } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  HeldRequirementStore,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
  SettledRecordStore,
} from '@ballast/persistence';
import { ResidentBooks, ResidentStores, understoodTables } from '@ballast/use-cases';
import { closes, fillFirm, snapshotAt } from '../support/api-world';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openReplay, openRunEngine, openRunInputs, type RunEngine } from '../support/run-engine';

/** A firm whose moves one process follows, and the same firm whose moves are each read anew. */
interface Twin {
  readonly firmId: string;
  readonly accounts: ReadonlyMap<string, string>;
}

let db: TestDatabase;
let resident: RunEngine;
let kept: Twin;
let anew: Twin;
let moment = closes[2] as number;

beforeAll(async () => {
  db = await openTestDatabase();
  resident = openRunEngine(db.database);
  kept = await fillFirm(db, 'ALPHA', 9, []);
  anew = await fillFirm(db, 'BETA', 9, []);
}, 60_000);

afterAll(async () => {
  await resident?.close();
  await db?.close();
});

const accountOf = ({ accounts }: Twin, number: number): string =>
  [...accounts].find(([code]) => code.endsWith(`-0${number}`))?.[1] as string;

/** Does the same to both firms. */
async function toBoth(work: (twin: Twin) => Promise<unknown>): Promise<void> {
  await work(kept);
  await work(anew);
}

/** Moves the price in both firms and evaluates its holders: in one from what is kept, in the other from what is read. */
async function move(price: number, flags: readonly QuoteFlag[] = [], engine = resident): Promise<MarginRun> {
  moment += 60_000;
  const asOf = instantOf(moment);
  const evaluate = async ({ firmId }: Twin, with_: RunEngine): Promise<MarginRun> => {
    const snapshot = snapshotAt(asOf, price, flags);
    await new MarketSnapshotStore(db.database).insert({ firmId }, { snapshot, source: 'test', quality: 'OK' });
    return with_.runMargin.execute({ firmId, asOf, requestedBy: 'test', underlyings: ['XYZ'] });
  };
  const run = await evaluate(kept, engine);
  const fresh = openRunEngine(db.database);
  const other = await evaluate(anew, fresh);
  await fresh.close();
  expect(run).toMatchObject({ state: 'COMPLETED', accountCount: other.accountCount });
  expect(await figuresOf(run)).toEqual(await figuresOf(other));
  const replay = await openReplay(db.database).execute({ firmId: kept.firmId, runId: run.id });
  expect(replay).toMatchObject({ accounts: run.accountCount, differences: [] });
  return run;
}

async function latestRun(firmId: string): Promise<MarginRun> {
  return (await new MarginRunStore(db.database).findPage({ firmId }, { first: 1 })).items[0]?.node as MarginRun;
}

/** Everything a run stored of its accounts but their names. */
async function figuresOf({ id }: MarginRun): Promise<readonly unknown[]> {
  const sql = `SELECT substr(a.code, 3) AS number, r.methodology, status, computed_status, previous_status, quality, quality_reasons, initial_requirement,
      maintenance_requirement, net_option_value, equity, collateral_value, buffer, buffer_ratio, excess, leverage, warnings,
      worst_scenario::text AS worst, encode(r.figures, 'hex') AS figures,
      (SELECT o.buffer FROM observed_buffers o WHERE o.firm_id = r.firm_id AND o.account_id = r.account_id AND o.run_id = r.run_id) AS observed,
      (SELECT h.released_maintenance FROM held_requirements h WHERE h.firm_id = r.firm_id AND h.account_id = r.account_id
        AND h.run_id = r.run_id) AS released
    FROM requirements r JOIN accounts a USING (firm_id, account_id) WHERE run_id = $1 ORDER BY 1`;
  return (await withClient(db.superuserUrl, (client) => client.query(sql, [id]))).rows;
}

const state = (twin: Twin, number: number, quantity: number, validFrom = instantOf(moment)) =>
  new PositionStore(db.database).record(
    { firmId: twin.firmId },
    {
      ...{ accountId: accountOf(twin, number), mode: 'MERGE', source: 'trade', validFrom },
      positions: [{ instrumentId: 'XYZ-2612-100-P', quantity: new Decimal(quantity) }],
    },
  );

describe('runs after moves of prices, over books that are kept', () => {
  it('read once what everybody holds, and not again', async () => {
    const { firmId } = await fillFirm(db, 'GAMMA', 4, []);
    const change = (factor: number) =>
      withClient(db.superuserUrl, async (client) => {
        await client.query('SET session_replication_role = replica');
        await client.query('UPDATE positions SET quantity = quantity * $2::numeric WHERE firm_id = $1', [
          firmId,
          factor,
        ]);
      });
    const evaluate = async (engine: RunEngine, price: number) => {
      moment += 60_000;
      const asOf = instantOf(moment);
      const snapshot = snapshotAt(asOf, price);
      await new MarketSnapshotStore(db.database).insert({ firmId }, { snapshot, source: 'test', quality: 'OK' });
      const run = await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test', underlyings: ['XYZ'] });
      return (await figuresOf(run)).map((row) => (row as { net_option_value: string }).net_option_value);
    };
    const first = await evaluate(resident, 92);
    // Past every trigger, so that nothing tells of it.
    await change(3);
    expect(await evaluate(resident, 92)).toHaveLength(first.length);
    const unread = await evaluate(resident, 92.0001);
    // A chain that no longer holds the link that was known is that of a restored database.
    await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query('UPDATE history_links SET hash = pg_catalog.sha256(hash::bytea) WHERE firm_id = $1', [firmId]);
    });
    const restored = await evaluate(resident, 92.0003);
    const fresh = openRunEngine(db.database);
    const read = await evaluate(fresh, 92.0002);
    await fresh.close();
    expect(Number(unread[0]) / Number(first[0])).toBeCloseTo(1, 1);
    expect(Number(restored[0]) / Number(first[0])).toBeCloseTo(3, 1);
    expect(Number(read[0]) / Number(first[0])).toBeCloseTo(3, 1);
  });

  it('know what a change of every chained table means to them, but for events that change holdings in many ways', async () => {
    const chained = await withClient(db.superuserUrl, (client) =>
      client.query<{ name: string }>('SELECT table_name AS name FROM history_tables ORDER BY 1'),
    );
    const unknown = chained.rows.map(({ name }) => name).filter((name) => !understoodTables.has(name));
    expect(unknown).toEqual(['lifecycle_effects', 'lifecycle_events']);
  });

  it('are in one hand at a time, and are not read for more holders than one process takes', async () => {
    const scope = { firmId: kept.firmId };
    const stores = new ResidentStores(
      db.database,
      new AccountStore(db.database),
      new SettledRecordStore(db.database),
      new HeldRequirementStore(db.database),
    );
    const books = new ResidentBooks(stores, openRunInputs(db.database));
    const turn = books.take(scope);
    expect(books.take(scope)).toBeNull();
    const bring = async (most: number) => {
      const knownAt = await (turn as NonNullable<typeof turn>).settle();
      return turn?.bring(['XYZ'], { asOf: instantOf(moment), positionsAt: instantOf(moment), knownAt }, most);
    };
    expect(await bring(7)).toBeNull();
    expect((await bring(8))?.accounts).toHaveLength(8);
    turn?.leave();
    expect(books.take({ firmId: anew.firmId })).not.toBeNull();
    expect(books.take(scope)).not.toBeNull();
  });

  it('see positions that were stated meanwhile, of who held something and of who held nothing', async () => {
    await toBoth((twin) => state(twin, 2, -7));
    const before = await move(91);
    await toBoth((twin) => state(twin, 9, 3));
    const after = await move(90.5);
    expect(after.accountCount).toBe(before.accountCount + 1);
    await toBoth((twin) => state(twin, 9, 0));
    expect((await move(90)).accountCount).toBe(before.accountCount);
  });

  it('see a statement that was made for a later time when that time comes', async () => {
    await toBoth((twin) => state(twin, 3, 40, instantOf(moment + 90_000)));
    await move(90.2);
    const first = await move(90.3);
    const second = await move(90.3);
    expect(await figuresOf(first)).not.toEqual(await figuresOf(second));
  });

  it('see who begins to hold something when that time comes', async () => {
    await toBoth((twin) => state(twin, 9, 3, instantOf(moment + 90_000)));
    const first = await move(90.2);
    expect((await move(90.3)).accountCount).toBe(first.accountCount + 1);
    await toBoth((twin) => state(twin, 9, 0, instantOf(moment + 90_000)));
    await move(90.3);
    expect((await move(90.4)).accountCount).toBe(first.accountCount);
  });

  it('see a run of a later moment once that moment has passed', async () => {
    await move(90.1);
    await toBoth(async ({ firmId }) => {
      const engine = openRunEngine(db.database);
      const asOf = instantOf(moment + 90_000);
      const snapshot = snapshotAt(asOf, 40);
      await new MarketSnapshotStore(db.database).insert({ firmId }, { snapshot, source: 'test', quality: 'OK' });
      await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test' });
      await engine.close();
    });
    await move(90.2);
    await move(90.3);
    await move(90.4);
  });

  it('see cash, parameters, another methodology and full runs of others', async () => {
    await toBoth(({ firmId, ...twin }) =>
      new BalanceStore(db.database).record(
        { firmId },
        {
          ...{ accountId: accountOf({ firmId, ...twin }, 4), currency: 'USD', amount: new Decimal('12345.67') },
          ...{ valueAt: instantOf(moment), reason: 'payment', recordedBy: 'test' },
        },
      ),
    );
    await move(89);
    await toBoth(async ({ firmId }) => {
      const sets = new RiskParameterStore(db.database);
      const parameters = { default: { exposureRate: 0.03 } };
      const { id } = await sets.propose(
        { firmId },
        { methodology: 'SPAN', name: 'more', effectiveFrom: closes[0], parameters, proposedBy: 'one' },
      );
      await sets.decide({ firmId }, { id, status: 'APPROVED', decidedBy: 'two' });
    });
    await move(89.1);
    await toBoth(async ({ firmId, accounts }) => {
      const [[code] = ['']] = [...accounts].filter(([each]) => each.endsWith('-05'));
      const account = { code, name: 'other', baseCurrency: 'USD', methodology: 'TIMS' as const };
      await new AccountStore(db.database).upsertMany({ firmId }, [account]);
    });
    const other = await figuresOf(await move(89.2));
    expect(other.filter((row) => (row as { methodology: string }).methodology === 'TIMS')).toHaveLength(1);
    moment += 60_000;
    await toBoth(async ({ firmId }) => {
      const engine = openRunEngine(db.database);
      const asOf = instantOf(moment);
      const snapshot = snapshotAt(asOf, 99);
      await new MarketSnapshotStore(db.database).insert({ firmId }, { snapshot, source: 'test', quality: 'OK' });
      await engine.runMargin.execute({ firmId, asOf, requestedBy: 'test' });
      await engine.close();
    });
    await move(88.9);
  });

  it('hold what moves too far, on data in doubt lower nothing, and go on from what a person confirmed', async () => {
    const far = await move(60);
    expect(far.accountsHeld).toBeGreaterThan(0);
    await move(60.1);
    await toBoth(async ({ firmId }) => {
      const held = new HeldRequirementStore(db.database);
      const runs = await withClient(db.superuserUrl, (client) =>
        client.query<{ run_id: string }>(
          'SELECT run_id FROM held_requirements WHERE firm_id = $1 ORDER BY as_of DESC LIMIT 1',
          [firmId],
        ),
      );
      const runId = runs.rows[0]?.run_id as string;
      await held.confirm({ firmId }, { runId, confirmedBy: 'risk', reason: 'it is so' });
    });
    await move(60.2);
    const doubtful = await move(95, ['Q_STALE']);
    expect(doubtful.accountsDegraded + doubtful.accountsHeld).toBeGreaterThan(0);
    await move(61);
  });

  it('take turns with another process that follows the same firm, and forget what failed', async () => {
    const second = openRunEngine(db.database);
    await move(62);
    await move(62.5, [], second);
    await move(63);
    await second.close();
    moment += 60_000;
    const scope = { firmId: kept.firmId };
    const asOf = instantOf(moment);
    await new MarketSnapshotStore(db.database).insert(scope, {
      ...{ snapshot: snapshotAt(asOf, 64), source: 'test', quality: 'OK' },
    });
    const started = await resident.runMargin.start({ ...scope, asOf, requestedBy: 'test', underlyings: ['XYZ'] });
    await withClient(db.superuserUrl, (client) =>
      client.query(
        `UPDATE margin_runs SET state = 'FAILED', failure_reason = 'x', finished_at = now() WHERE run_id = $1 AND state = 'RUNNING'`,
        [started.run.id],
      ),
    );
    const ending = await started.finished.then(({ state: ended }) => ended).catch(() => 'FAILED');
    // Either the run had committed, or nothing of it is there; the next one is right in both cases.
    const other = { firmId: anew.firmId };
    if (ending === 'COMPLETED') {
      const snapshot = snapshotAt(asOf, 64);
      await new MarketSnapshotStore(db.database).insert(other, { snapshot, source: 'test', quality: 'OK' });
      await resident.runMargin.execute({ ...other, asOf, requestedBy: 'test', underlyings: ['XYZ'] });
    }
    await move(64.5);
  });

  it('go on while a full run is at work, shard by shard', async () => {
    await move(65);
    moment += 60_000;
    const asOf = instantOf(moment);
    const open = async ({ firmId, accounts }: Twin) => {
      const snapshot = snapshotAt(asOf, 66);
      const { header } = await new MarketSnapshotStore(db.database).insert(
        { firmId },
        { snapshot, source: 'test', quality: 'OK' },
      );
      const worker = openRunEngine(db.database);
      await worker.queue.install();
      const { engineVersion, parameterSets } = await latestRun(firmId);
      const knownAt = await new MarginRunStore(db.database).findSettledInstant({ firmId });
      const run = await worker.shards.open(
        { firmId },
        {
          ...{ asOf, snapshotId: header.id, positionsAt: asOf, knownAt, engineVersion, parameterSets },
          ...{ requestedBy: 'test', accountCount: accounts.size, shardSize: 5 },
        },
      );
      const work = (shard: number) => worker.runner.execute({ firmId, runId: run.id, shard }, 'test');
      return {
        run,
        work,
        close: () => worker.runner.closeWhenDone({ firmId, runId: run.id }).then(() => worker.close()),
      };
    };
    const runs = [await open(kept), await open(anew)];
    for (const { work } of runs) expect(await work(1)).toBe('recorded');
    await move(65.5);
    for (const { work, close } of runs) {
      expect(await work(2)).toBe('recorded');
      await close();
    }
    await move(65.7);
    const [first, second] = runs.map(({ run }) => run) as [MarginRun, MarginRun];
    expect(await figuresOf(first)).toEqual(await figuresOf(second));
  });

  it('leave nothing of a move whose process was killed while the server wrote it', async () => {
    await move(66);
    moment += 60_000;
    const scope = { firmId: kept.firmId };
    const snapshot = snapshotAt(instantOf(moment), 50);
    await new MarketSnapshotStore(db.database).insert(scope, { snapshot, source: 'test', quality: 'OK' });
    const entry = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
    const words = ['run', '--firm', 'ALPHA', '--underlying', 'XYZ'];
    const latest = await latestRun(kept.firmId);
    await withClient(db.superuserUrl, async (client) => {
      // The server stops in the middle of the results, with requirements written and newest buffers not.
      await client.query('BEGIN; LOCK TABLE latest_buffers IN EXCLUSIVE MODE');
      const child = spawn(process.execPath, [entry, ...words], {
        env: { ...process.env, ...db.environment },
        stdio: 'ignore',
      });
      const waiting = `SELECT FROM pg_locks WHERE relation = 'latest_buffers'::regclass AND NOT granted`;
      while ((await client.query(waiting)).rowCount === 0) await sleep(20);
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      await client.query('COMMIT');
    });
    await move(66.2);
    const { rows } = await withClient(db.superuserUrl, (client) =>
      client.query<{ state: string; requirements: string }>(
        `SELECT state, (SELECT count(*) FROM requirements q WHERE q.run_id = r.run_id) AS requirements FROM margin_runs r
         WHERE firm_id = $1 AND as_of = $2`,
        [kept.firmId, new Date(moment - 60_000)],
      ),
    );
    expect(rows).toEqual([{ state: 'FAILED', requirements: '0' }]);
    expect(latest.state).toBe('COMPLETED');
  });
});
