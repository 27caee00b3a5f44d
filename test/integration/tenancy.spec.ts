import { Decimal } from '@ballast/domain';
import { AccountStore, BalanceStore, Database, newId, PositionStore, RequirementStore } from '@ballast/persistence';
import type { Client } from 'pg';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account } from '../support/record-samples';
import { fillFirm, sampleTime as asOf } from '../support/sample-firm';

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

const tenantTables = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'firm_id' ORDER BY 1`;

async function countRows(client: Client, table: string): Promise<number> {
  return ((await client.query(`SELECT count(*)::integer AS count FROM ${table}`)).rows[0] as { count: number }).count;
}

describe('without a tenant', () => {
  it('T-01 a fresh connection sees no row of any table, though there are some', async () => {
    await withClient(db.appUrl, async (client) => {
      const tables = (await client.query(tenantTables)).rows as { name: string }[];
      expect(tables.length).toBeGreaterThan(15);
      for (const { name } of tables) expect([name, await countRows(client, name)]).toEqual([name, 0]);
    });
    await withClient(db.superuserUrl, async (client) => {
      for (const table of ['accounts', 'positions', 'requirements', 'instrument_quotes']) {
        expect(await countRows(client, table)).toBeGreaterThan(0);
      }
    });
  });

  it('T-02 a connection that served a tenant sees no row, because the setting is empty, not absent', async () => {
    await withClient(db.appUrl, async (client) => {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.firm_id', $1, true)`, [alpha]);
      expect(await countRows(client, 'accounts')).toBe(3);
      await client.query('COMMIT');
      expect((await client.query(`SELECT current_setting('app.firm_id', true) AS value`)).rows).toEqual([
        { value: '' },
      ]);
      expect(await countRows(client, 'accounts')).toBe(0);
    });
  });

  it('T-03 a setting outside a transaction lasts for its own statement only', async () => {
    await withClient(db.appUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, true)`, [alpha]);
      await client.query(`SET LOCAL app.firm_id = '${alpha}'`);
      expect(await countRows(client, 'accounts')).toBe(0);
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

  it('T-06 a thousand transactions of two firms take turns on two connections without a foreign row', async () => {
    const firms = [alpha, beta];
    const store = new AccountStore(narrow);
    const codes = { [alpha]: 'ALPHA', [beta]: 'BETA' } as Record<string, string>;
    let foreign = 0;
    let seen = 0;
    const work = async (index: number): Promise<void> => {
      const firmId = firms[(index * 7 + (index % 3)) % 2] as string;
      const settled = await Promise.allSettled([
        narrow.withTenant({ firmId }, async (tx) => {
          for (const account of await store.findAll(tx)) {
            seen += 1;
            if (!account.code.startsWith(codes[firmId] as string)) foreign += 1;
          }
          // Every fifth fails after it has read, so that broken transactions take turns too.
          if (index % 5 === 0) throw new Error('wanted');
        }),
      ]);
      expect(settled[0]?.status).toBe(index % 5 === 0 ? 'rejected' : 'fulfilled');
    };
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => work(index)));
    expect({ foreign, seen }).toEqual({ foreign: 0, seen: 3_000 });
  }, 60_000);
});

describe('between tenants', () => {
  it('a foreign id is answered like an unknown one', async () => {
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
    const samples = await withClient(db.superuserUrl, async (client) => {
      const tables = (await client.query(tenantTables)).rows as { name: string }[];
      const found = new Map<string, string>();
      for (const { name } of tables) {
        const row = await client.query(`SELECT to_jsonb(t)::text AS row FROM ${name} t WHERE firm_id = $1 LIMIT 1`, [
          beta,
        ]);
        if (row.rowCount === 1) found.set(name, (row.rows[0] as { row: string }).row);
      }
      return found;
    });
    expect(samples.size).toBeGreaterThan(15);
    for (const [name, row] of samples) {
      const insert = db.database.withTenant({ firmId: alpha }, (tx) =>
        tx.execute(`INSERT INTO ${name} SELECT * FROM jsonb_populate_record(NULL::${name}, $1::jsonb)`, [row]),
      );
      await expect(insert.catch((failure: Error) => [name, failure])).resolves.toMatchObject([
        name,
        { code: 'FORBIDDEN' },
      ]);
    }
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
      expect(tables.length).toBeGreaterThanOrEqual(8);
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
