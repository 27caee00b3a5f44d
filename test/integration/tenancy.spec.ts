import { Decimal } from '@ballast/domain';
import { AccountStore, BalanceStore, Database, newId, PositionStore, RequirementStore } from '@ballast/persistence';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account } from '../support/record-samples';
import { fillFirm, sampleTime as asOf } from '../support/sample-firm';
import {
  countForeignAnswers,
  findKeysWithoutFirm,
  findVisibleTables,
  findWritableAcross,
  sampleRows,
  type TenantQuery,
  tenantQuery,
} from '../support/tenancy-checks';

let db: TestDatabase;
/** The same record through a pool of two connections, so that tenants take turns on each. */
let narrow: Database;
let alpha: string;
let beta: string;
let accountsOf: Record<string, readonly string[]>;

beforeAll(async () => {
  db = await openTestDatabase();
  const firms = [await fillFirm(db, 'ALPHA'), await fillFirm(db, 'BETA')] as const;
  [alpha, beta] = [firms[0].firmId, firms[1].firmId];
  accountsOf = Object.fromEntries(firms.map(({ firmId, accountIds }) => [firmId, accountIds]));
  narrow = new Database(() => ({ ...db.options, poolSize: 2, poolWaitMs: 60_000 }));
});

afterAll(async () => {
  await narrow?.close();
  await db?.close();
});

describe('without a tenant', () => {
  it('T-01 a fresh connection sees no row of any table, though there are some', async () => {
    expect(await withClient(db.appUrl, findVisibleTables)).toEqual([]);
    const filled = await withClient(db.superuserUrl, findVisibleTables);
    expect(filled).toEqual(expect.arrayContaining(['accounts', 'positions', 'requirements', 'instrument_quotes']));
    expect(filled.length).toBeGreaterThan(15);
  });

  it('T-02 a connection that served a tenant sees no row, because the setting is empty, not absent', async () => {
    await withClient(db.appUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.firm_id', $1, true)`, [alpha]);
      expect(await findVisibleTables(client)).toContain('accounts');
      await client.query('COMMIT');
      expect((await client.query(`SELECT current_setting('app.firm_id', true) AS value`)).rows).toEqual([
        { value: '' },
      ]);
      expect(await findVisibleTables(client)).toEqual([]);
    });
  });

  it('T-03 a setting outside a transaction lasts for its own statement only', async () => {
    await withClient(db.appUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, true)`, [alpha]);
      await client.query(`SET LOCAL app.firm_id = '${alpha}'`);
      expect(await findVisibleTables(client)).toEqual([]);
    });
  });
});

describe('on a connection in use', () => {
  it('T-07 an error in a transaction leaves nothing of the tenant behind', async () => {
    const one = new Database(() => ({ ...db.options, poolSize: 1 }));
    try {
      const broken = one.withTenant({ firmId: alpha }, (tx) => tx.rows('SELECT 1 / 0'));
      await expect(broken).rejects.toThrow(/division by zero/);
      const thrown = one.withTenant({ firmId: alpha }, () => Promise.reject(new Error('of the caller')));
      await expect(thrown).rejects.toThrow('of the caller');
      expect(await one.rowsWithoutTenant('SELECT * FROM accounts')).toEqual([]);
      const codes = await new AccountStore(one).findAll({ firmId: beta });
      expect(codes.map(({ code }) => code)).toEqual(['BETA-1', 'BETA-2', 'BETA-3']);
    } finally {
      await one.close();
    }
  });

  it('T-08 going back to a savepoint restores the tenant', async () => {
    await withClient(db.appUrl, async (client) => {
      const firmInUse = async (): Promise<unknown> =>
        (await client.query('SELECT DISTINCT firm_id FROM accounts')).rows;
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.firm_id', $1, true)`, [alpha]);
      await client.query('SAVEPOINT s');
      await client.query(`SELECT set_config('app.firm_id', $1, true)`, [beta]);
      expect(await firmInUse()).toEqual([{ firm_id: beta }]);
      await client.query('ROLLBACK TO SAVEPOINT s');
      expect(await firmInUse()).toEqual([{ firm_id: alpha }]);
      await client.query('ROLLBACK');
    });
  });

  it('T-06 ten thousand transactions of two firms take turns on two connections without a foreign row', async () => {
    const query = tenantQuery(narrow);
    let broken = 0;
    const withFailures: TenantQuery = async (firmId) => {
      const seen = await query(firmId);
      // Some fail after they have read, so that broken transactions take turns too.
      if (Math.imul(seen.length + (broken += 1), 2_654_435_761) % 10 === 0) {
        const thrown = narrow.withTenant({ firmId }, () => Promise.reject(new Error('wanted')));
        await expect(thrown).rejects.toThrow('wanted');
      }
      return seen;
    };
    expect(await countForeignAnswers(withFailures, [alpha, beta], 10_000)).toEqual({ foreign: 0, empty: 0 });
  }, 240_000);
});

describe('between tenants', () => {
  it('T-04 a foreign id is answered like an unknown one', async () => {
    const foreign = accountsOf[beta]?.[0] as string;
    const accounts = new AccountStore(db.database);
    for (const id of [foreign, newId(), 'no id at all']) {
      expect(await accounts.findById({ firmId: alpha }, id)).toBeNull();
      expect(await new RequirementStore(db.database).findLatest({ firmId: alpha }, [id])).toEqual(new Map());
      expect(await new PositionStore(db.database).findAsOf({ firmId: alpha }, [id], { validAt: asOf })).toEqual(
        new Map(),
      );
    }
  });

  it('T-11 a row for another firm is refused as FORBIDDEN, on every table the application may write', async () => {
    const samples = await withClient(db.superuserUrl, (client) => sampleRows(client, beta));
    expect(samples.size).toBeGreaterThan(15);
    expect(await findWritableAcross(db.database, { firmId: alpha }, samples)).toEqual([]);
    const statement = {
      accountId: accountsOf[beta]?.[0] as string,
      validFrom: asOf,
      mode: 'REPLACE' as const,
      positions: [],
      source: 'x',
    };
    await expect(new PositionStore(db.database).record({ firmId: alpha }, statement)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('T-12 codes do not collide, so nobody learns what another firm has', async () => {
    const { inserted } = await new AccountStore(db.database).upsertMany({ firmId: beta }, [account('ALPHA-1')]);
    expect(inserted).toBe(1);
    expect(await withClient(db.superuserUrl, findKeysWithoutFirm)).toEqual([]);
  });

  it('a firm id that is not a UUID never reaches the database', async () => {
    const attempt = db.database.withTenant({ firmId: `${alpha}' OR true --` }, (tx) => tx.rows('SELECT 1'));
    await expect(attempt).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
  });
});

describe('a token limited to accounts', () => {
  it('sees those accounts only, through every table that knows accounts', async () => {
    const [mine] = accountsOf[alpha] as [string];
    const limited = { firmId: alpha, accountIds: [mine] };
    expect((await new AccountStore(db.database).findAll(limited)).map(({ id }) => id)).toEqual([mine]);
    const all = [...(accountsOf[alpha] ?? [])];
    expect([...(await new RequirementStore(db.database).findLatest(limited, all)).keys()]).toEqual([mine]);
    await db.database.withTenant(limited, async (tx) => {
      const tables = await tx.rows<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'account_id' AND c.relnamespace = 'public'::regnamespace`,
      );
      expect(tables.length).toBeGreaterThanOrEqual(10);
      for (const { name } of tables) {
        const others = await tx.rows(`SELECT 1 FROM ${name} WHERE account_id <> $1`, [mine]);
        expect([name, others]).toEqual([name, []]);
      }
    });
  });

  it('without any account sees none', async () => {
    expect(await new AccountStore(db.database).findAll({ firmId: alpha, accountIds: [] })).toEqual([]);
  });

  it('cannot write to another account of its firm', async () => {
    const [mine, other] = accountsOf[alpha] as [string, string];
    const cash = {
      accountId: other,
      currency: 'USD',
      amount: new Decimal(9),
      valueAt: asOf,
      reason: 'x',
      recordedBy: 'x',
    };
    const attempt = new BalanceStore(db.database).record({ firmId: alpha, accountIds: [mine] }, cash);
    await expect(attempt).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
