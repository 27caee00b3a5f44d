// What figures rest on beside positions and balances: contracts, accounts, prices, rates and quotes are in the chain too.
import { Decimal } from '@ballast/domain';
import { migrations } from '@ballast/migrations';
import {
  AccountStore,
  contentHash,
  Database,
  HistoryChainStore,
  InstrumentStore,
  MarketSnapshotStore,
  runMigrations,
} from '@ballast/persistence';
import { Client } from 'pg';
import { DataSource } from 'typeorm';
import { fillHistory } from '../support/history-firm';
import { openEmptyDatabase, openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account, at, option, snapshot } from '../support/record-samples';
import { mulberry, Tamperer, tamperKinds } from '../support/tamper';

const bases = [
  'accounts',
  'account_versions',
  'instruments',
  'underlyings',
  'instrument_quotes',
  'underlying_quotes',
  'forward_quotes',
  'fx_rates',
];

let db: TestDatabase;
let scope: { firmId: string };
let chain: HistoryChainStore;
let client: Client;
let tamperer: Tamperer;

beforeAll(async () => {
  db = await openTestDatabase();
  scope = { firmId: (await fillHistory(db, 'ALPHA')).firmId };
  await fillHistory(db, 'OTHER');
  const instruments = new InstrumentStore(db.database);
  await instruments.upsertUnderlyings(scope, [{ id: 'ABC', kind: 'equity', currency: 'EUR' }]);
  await instruments.upsertMany(scope, [option(105), option(110, 'put')]);
  await new AccountStore(db.database).upsertMany(scope, [{ ...account('ALPHA-1'), methodology: 'TIMS' }]);
  await new MarketSnapshotStore(db.database).insertAll(
    scope,
    ['2026-10-20T21:00:00Z', '2026-10-21T21:00:00Z'].map((asOf) => ({
      snapshot: snapshot(at(asOf), [option(100), option(105), option(110, 'put')]),
      source: 'test',
      quality: 'OK' as const,
    })),
  );
  chain = new HistoryChainStore(db.database);
  client = new Client({ connectionString: db.superuserUrl });
  await client.connect();
  tamperer = await Tamperer.start(client, mulberry(7), scope.firmId);
});

afterAll(async () => {
  await client?.end();
  await db?.close();
});

describe('tampering with what figures rest on', () => {
  it.each(tamperKinds)('%s: each of 15 is found and named', async (kind) => {
    const { head } = await chain.verify(scope);
    const unseen: string[] = [];
    for (let round = 0; round < 15; round += 1) {
      const done = await tamperer.tamper(kind, bases);
      const { breaks } = await chain.verify(scope, { heads: head === null ? [] : [head] });
      if (breaks[0] === undefined || breaks[0].detail === '') unseen.push(done);
      await tamperer.undo();
    }
    expect(unseen).toEqual([]);
    expect((await chain.verify(scope)).breakCount).toBe(0);
  });

  it.each([
    ['instruments', `UPDATE instruments SET multiplier = 1000 WHERE instrument_id = 'XYZ-105-C'`, 'instruments', 'XYZ-105-C'],
    ['fx_rates', `UPDATE fx_rates SET rate = 2`, 'fx_rates', 'ordinal 0'],
    ['underlying_quotes', `UPDATE underlying_quotes SET price = price + 1`, 'underlying_quotes', 'underlying_id XYZ'],
    ['accounts', `UPDATE accounts SET methodology = 'SPAN' WHERE code = 'ALPHA-1'`, 'accounts', 'account_id'],
    ['instrument_quotes', `UPDATE instrument_quotes SET mark = mark + 1`, 'market_snapshots', 'snapshot_id'],
    ['instrument_quotes', `UPDATE instrument_quotes SET quoted_at = quoted_at + interval '1 microsecond'`, 'market_snapshots', 'snapshot_id'],
    ['instrument_quotes', `UPDATE instrument_quotes SET snapshot_id = gen_random_uuid()`, 'instrument_quotes', 'snapshot_id'],
  ])('names a changed row of %s: %s', async (table, change, named, key) => {
    tamperer.touch(table);
    await client.query(`${change}${change.includes('WHERE') ? ' AND' : ' WHERE'} firm_id = '${scope.firmId}'`);
    const { breaks } = await chain.verify(scope);
    expect(breaks.find((found) => found.table === named)?.key).toContain(key);
    await tamperer.undo();
  }); // prettier-ignore
});

it('keeps every state of an account', async () => {
  const rows = await db.database.withTenant(scope, (tx) =>
    tx.rows(`SELECT version, methodology FROM account_versions WHERE code = 'ALPHA-1' ORDER BY version`),
  );
  expect(rows).toEqual([
    { version: 1, methodology: 'SPAN' },
    { version: 2, methodology: 'TIMS' },
  ]);
});

it('anchors the rows of a database that is older than these links', async () => {
  const empty = await openEmptyDatabase();
  const later = migrations.slice(migrations.findIndex(({ name }) => name.startsWith('ChainWhatFiguresRestOn')));
  try {
    await migrateUntil(empty.ownerUrl, later.length);
    await storeRowsAsThen(empty.ownerUrl);
    await pretendApplied(empty.ownerUrl, later.map(({ name }) => name)); // prettier-ignore
    const options = { ...db.options, databaseUrl: empty.appUrl, jobsDatabaseUrl: empty.jobsUrl };
    const database = new Database(() => options);
    const firms = [await fillHistory({ database }, 'OLD-1'), await fillHistory({ database }, 'OLD-2')];
    await withClient(empty.ownerUrl, async (owner) => {
      await owner.query('DELETE FROM schema_migrations WHERE name = ANY ($1)', [later.map(({ name }) => name)]);
      await owner.query(`ALTER TABLE market_snapshots DROP COLUMN hash_form, DROP COLUMN parts, DROP COLUMN dropped, DROP COLUMN stated_count;
        ALTER TABLE requirements DROP COLUMN is_observation;
        DROP FUNCTION hash_as_then CASCADE; DROP TABLE hashes_of_then`);
    });
    expect((await runMigrations(empty.ownerUrl)).applied).toEqual(later.map(({ name }) => name));
    const verifier = new HistoryChainStore(database);
    for (const { firmId } of firms) {
      expect(await verifier.verify({ firmId })).toMatchObject({ breakCount: 0, breaks: [] });
    }
    const market = { snapshot: marketOfThen(0), source: 'again', quality: 'OK' as const };
    const again = await new MarketSnapshotStore(database).insert(firms[0] as { firmId: string }, market);
    expect(again).toMatchObject({ inserted: false, header: { hashForm: 1, hash: contentHash(market.snapshot) } });
    await new InstrumentStore(database).upsertMany(firms[0] as { firmId: string }, [
      { ...option(120), multiplier: new Decimal(10) },
    ]);
    await withClient(empty.superuserUrl, (superuser) =>
      superuser.query(`SET session_replication_role = replica; UPDATE instruments SET strike = 101 WHERE strike = 100;
        UPDATE accounts SET name = 'somebody' WHERE code = 'OLD-2-1'`),
    );
    const [first, second] = await Promise.all(firms.map(({ firmId }) => verifier.verify({ firmId })));
    expect(first?.breaks).toMatchObject([
      { kind: 'ROW_CHANGED', table: 'instruments', key: 'instrument_id XYZ-100-C' },
    ]);
    expect(second?.breaks.map(({ table }) => table).sort()).toEqual(['accounts', 'instruments']);
    await database.close();
  } finally {
    await empty.close();
  }
}, 60_000);

/** Brings a database to the schema before the last migrations. */
async function migrateUntil(url: string, without: number): Promise<void> {
  const owner = new DataSource({
    type: 'postgres',
    url,
    installExtensions: false,
    migrations: migrations.slice(0, migrations.length - without),
    migrationsTableName: 'schema_migrations',
    poolSize: 1,
  });
  await owner.initialize();
  await owner.runMigrations({ transaction: 'each' });
  await owner.query('SELECT renew_seals(table_name::regclass) FROM history_tables');
  await owner.destroy();
}

/** The market of a day as `fillHistory` writes it. */
function marketOfThen(day: number) {
  return snapshot(at(`2026-${day < 4 ? '09' : '10'}-1${day}T21:00:00Z`), [option(100)]);
}

/**
 * Lets the stores of today write the tables of then: heads of markets as they were before they had a form, hashed in the first
 * one, and requirements that say nothing of observations. No other column of theirs is missing.
 */
async function storeRowsAsThen(url: string): Promise<void> {
  const markets = Array.from({ length: 8 }, (_, day) => marketOfThen(day));
  await withClient(url, async (owner) => {
    await owner.query(`ALTER TABLE market_snapshots ADD COLUMN hash_form smallint, ADD COLUMN parts uuid[], ADD COLUMN dropped text[],
        ADD COLUMN stated_count integer;
      ALTER TABLE requirements ADD COLUMN is_observation boolean;
      CREATE TABLE hashes_of_then (as_of timestamptz, hash bytea);
      CREATE FUNCTION hash_as_then() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        NEW.content_hash := (SELECT hash FROM public.hashes_of_then WHERE as_of = NEW.as_of); NEW.hash_form := NULL; RETURN NEW; END $$;
      CREATE TRIGGER hash_as_then BEFORE INSERT ON market_snapshots FOR EACH ROW EXECUTE FUNCTION hash_as_then()`);
    for (const market of markets)
      await owner.query('INSERT INTO hashes_of_then VALUES ($1, decode($2, $3))', [
        ...[new Date(market.asOf), contentHash(market), 'hex'],
      ]);
  });
}

async function pretendApplied(url: string, names: readonly string[]): Promise<void> {
  await withClient(url, async (owner) => {
    for (const name of names) {
      await owner.query('INSERT INTO schema_migrations (timestamp, name) VALUES ($1, $2)', [name.slice(-13), name]);
    }
  });
}
