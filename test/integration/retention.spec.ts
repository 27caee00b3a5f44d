import { Database, FirmStore, HistoryChainStore } from '@ballast/persistence';
import { MaintainHistory, VerifyHistory } from '@ballast/use-cases';
import { fillHistory } from '../support/history-firm';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let database: Database;
let scope: { firmId: string };
let maintain: MaintainHistory;
let chain: HistoryChainStore;

beforeAll(async () => {
  db = await openTestDatabase();
  scope = { firmId: (await fillHistory(db, 'ALPHA')).firmId };
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
const keepMonths = Math.max(1, (new Date().getUTCFullYear() - 2026) * 12 + new Date().getUTCMonth() - 9);

describe('retention', () => {
  it('says what it would do and does nothing with --dry-run', async () => {
    const before = await count('requirements');
    const { months } = await maintain.execute({ keepMonths, dryRun: true, operator: 'test' });
    expect(months.map(({ partition }) => partition)).toContain('requirements_y2026m09');
    expect(await count('requirements')).toBe(before);
  });

  it('gives whole months up, keeps roll-ups and links, and the chain stays sound', async () => {
    const [days, links] = [await count('buffer_rollups'), await count('history_links')];
    const { months } = await maintain.execute({ keepMonths, dryRun: false, operator: 'test' });
    const gone = months.filter(({ keptBecause }) => keptBecause === null).map(({ partition }) => partition);
    expect(gone).toEqual(expect.arrayContaining(['requirements_y2026m09', 'buffer_observations_y2026m09']));
    expect(await count(`requirements WHERE as_of < '2026-10-01'`)).toBe(0);
    expect(await count(`requirements WHERE as_of >= '2026-10-01'`)).toBe(24);
    expect(await count('buffer_rollups')).toBe(days);
    expect(await count('history_links')).toBeGreaterThan(links);
    expect((await chain.verify(scope)).breaks).toEqual([]);
    expect(await count('history_retirements')).toBe(gone.length);
  });

  it('never gives up the month of an account’s newest figures', async () => {
    const { months } = await maintain.execute({ keepMonths: 1, dryRun: true, operator: 'test' });
    const october = months.filter(({ partition }) => partition.endsWith('y2026m10'));
    expect(october.every(({ keptBecause }) => keptBecause !== null)).toBe(true);
  });

  it('is not for the application role', async () => {
    const sql = `SELECT retire_month('requirements', 'requirements_y2026m10', '2026-10-01', 'me')`;
    await expect(database.withTenant(scope, (tx) => tx.execute(sql))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const plain = new MaintainHistory(db.database, new VerifyHistory(new FirmStore(db.database), chain, db.database));
    const attempt = plain.execute({ keepMonths: 1, dryRun: false, operator: 'test' });
    await expect(attempt).rejects.toMatchObject({ code: 'CONFIGURATION_INVALID' });
  });
});
