import type { Instant } from '@ballast/domain';
import { Database, FirmStore, HistoryChainStore } from '@ballast/persistence';
import { MaintainHistory, VerifyHistory } from '@ballast/use-cases';
import { fillHistory } from '../support/history-firm';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at } from '../support/record-samples';

let db: TestDatabase;
let database: Database;
let scope: { firmId: string };
let beta: { firmId: string };
let maintain: MaintainHistory;
let chain: HistoryChainStore;

beforeAll(async () => {
  db = await openTestDatabase();
  scope = { firmId: (await fillHistory(db, 'ALPHA')).firmId };
  beta = { firmId: (await fillHistory(db, 'BETA')).firmId };
  database = new Database(() => ({ ...db.options, migrationDatabaseUrl: db.ownerUrl }));
  chain = new HistoryChainStore(database);
  maintain = new MaintainHistory(database, new VerifyHistory(new FirmStore(database), chain, database));
});

afterAll(async () => {
  await database?.close();
  await db?.close();
});

const count = async (sql: string): Promise<number> =>
  database.withTenant(
    scope,
    async (tx) => (await tx.rows<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]?.n ?? -1,
  );

// The sample firm has a past in September and October 2026; its newest figures are of October.
const now = at('2026-12-31T23:59:59.999Z');
const newYear = at('2027-01-01T00:00:00Z');
const policy = { now, keepMonths: 2, operator: 'test' } as const;

describe('partitions', () => {
  it('are made ahead over the turn of a year, once', async () => {
    const months = async () => {
      const sql = `SELECT relname AS name FROM pg_class WHERE relispartition AND relkind = 'r' AND relname ~ '^requirements_y' ORDER BY 1`;
      const { rows } = await withClient(db.superuserUrl, (client) => client.query<{ name: string }>(sql));
      return rows.map(({ name }) => name.replace('requirements_', ''));
    };
    // Far from today, where the opening of a database makes its own.
    const before = new Set(await months());
    expect(await database.ensurePartitionsAhead(at('2041-11-30T23:59:59.999Z'), 3)).toBeGreaterThan(0);
    expect(await database.ensurePartitionsAhead(at('2041-12-01T00:00:00Z'), 2)).toBe(0);
    const made = (await months()).filter((name) => !before.has(name));
    expect(made).toEqual(['y2041m11', 'y2041m12', 'y2042m01', 'y2042m02']);
    expect(await database.ensurePartitionsAhead(at('2041-12-31T12:00:00Z'), 3)).toBeGreaterThan(0);
    expect((await months()).filter((name) => !before.has(name))).toEqual([...made, 'y2042m03']);
  });
});

describe('retention', () => {
  it('counts whole months of UTC over the turn of a year', async () => {
    const monthsAt = async (instant: Instant, keepMonths: number) => {
      const { months } = await maintain.execute({ now: instant, keepMonths, dryRun: true, operator: 'test' });
      return [...new Set(months.map(({ month }) => month.slice(0, 7)))];
    };
    expect(await monthsAt(now, 3)).toEqual([]);
    expect(await monthsAt(now, 2)).toEqual(['2026-09']);
    expect(await monthsAt(newYear, 3)).toEqual(['2026-09']);
    expect(await monthsAt(newYear, 2)).toEqual(['2026-09', '2026-10']);
    expect(await monthsAt(at('2027-01-31T23:59:59.999Z'), 2)).toEqual(['2026-09', '2026-10']);
  });

  it('says what it would do and does nothing with --dry-run', async () => {
    const before = await count('requirements');
    const { months } = await maintain.execute({ ...policy, dryRun: true });
    expect(months.map(({ partition }) => partition)).toContain('requirements_y2026m09');
    expect(await count('requirements')).toBe(before);
  });

  it('gives whole months up, keeps roll-ups and links, and the chain stays sound', async () => {
    const [days, links] = [await count('buffer_rollups'), await count('history_links')];
    // As if a large run of that month had not been rolled up yet.
    await withClient(db.superuserUrl, (client) =>
      client.query(`SET session_replication_role = replica;
        DELETE FROM buffer_rollups WHERE starts_at < '2026-10-01';
        INSERT INTO buffer_rollup_backlog SELECT firm_id, batch, run_id, at, count(*), array_agg(account_id)
          FROM buffer_observations WHERE at < '2026-10-01' GROUP BY 1, 2, 3, 4`),
    );
    expect(await count('buffer_rollups')).toBeLessThan(days);
    const { months } = await maintain.execute({ ...policy, dryRun: false });
    const gone = months.filter(({ keptBecause }) => keptBecause === null).map(({ partition }) => partition);
    expect(gone).toEqual(expect.arrayContaining(['requirements_y2026m09', 'buffer_observations_y2026m09']));
    expect(await count(`requirements WHERE as_of < '2026-10-01'`)).toBe(0);
    expect(await count(`requirements WHERE as_of >= '2026-10-01'`)).toBe(24);
    expect(await count('buffer_rollups')).toBe(days);
    expect(await count('history_links')).toBeGreaterThan(links);
    for (const firm of [scope, beta]) expect((await chain.verify(firm)).breaks).toEqual([]);
    expect(await count('history_retirements')).toBe(gone.length);
  });

  it('never gives up the month of an account’s newest figures', async () => {
    const { months } = await maintain.execute({ now: newYear, keepMonths: 1, dryRun: true, operator: 'test' });
    const october = months.filter(({ partition }) => partition.endsWith('y2026m10'));
    expect(october.length).toBeGreaterThan(0);
    expect(october.every(({ keptBecause }) => keptBecause !== null)).toBe(true);
  });

  it('is not for the application role', async () => {
    const sql = `SELECT retire_month('requirements', 'requirements_y2026m10', '2026-10-01', 'me')`;
    await expect(database.withTenant(scope, (tx) => tx.execute(sql))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const plain = new MaintainHistory(db.database, new VerifyHistory(new FirmStore(db.database), chain, db.database));
    const attempt = plain.execute({ now: newYear, keepMonths: 1, dryRun: false, operator: 'test' });
    await expect(attempt).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});

describe('retention of several firms', () => {
  it('gives up a month in which all of them have rows, and leaves the history of each sound', async () => {
    const shared = await openTestDatabase();
    const firms = [(await fillHistory(shared, 'ALPHA')).firmId, (await fillHistory(shared, 'BETA')).firmId];
    const owned = new Database(() => ({ ...shared.options, migrationDatabaseUrl: shared.ownerUrl }));
    try {
      const verify = new VerifyHistory(new FirmStore(owned), new HistoryChainStore(owned), owned);
      const { months } = await new MaintainHistory(owned, verify).execute({ ...policy, dryRun: false });
      expect(months.find(({ partition }) => partition === 'requirements_y2026m09')).toMatchObject({
        keptBecause: null,
      });
      for (const firmId of firms) {
        const noted = await owned.withTenant({ firmId }, (tx) =>
          tx.rows<{ name: string }>('SELECT table_name AS name FROM history_retirements ORDER BY 1'),
        );
        expect(noted.map(({ name }) => name)).toContain('requirements');
      }
      for await (const { firmCode, breakCount } of verify.execute({}))
        expect([firmCode, breakCount]).toEqual([firmCode, 0]);
    } finally {
      await owned.close();
      await shared.close();
    }
  });
});
