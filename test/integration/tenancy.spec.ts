import { Decimal } from '@ballast/domain';
import {
  AccountStore,
  assertSafeRole,
  BalanceStore,
  Database,
  FirmStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  newId,
  PositionStore,
  RequirementStore,
  RiskParameterStore,
} from '@ballast/persistence';
import { Client } from 'pg';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account, at, newRun, option, result, snapshot } from '../support/record-samples';

let db: TestDatabase;
/** The same record through a pool of two connections, so that tenants take turns on each. */
let narrow: Database;
let alpha: string;
let beta: string;
let accountsOf: Record<string, string[]>;

const asOf = at('2026-11-20T21:00:00Z');

async function fillFirm(code: string): Promise<string> {
  const { database } = db;
  const { id: firmId } = await new FirmStore(database).create({ code, name: code });
  const scope = { firmId };
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, [option(100)]);
  const codes = [`${code}-1`, `${code}-2`, `${code}-3`];
  const { accounts } = await new AccountStore(database).upsertMany(scope, codes.map(account));
  const ids = [...accounts.values()].map(({ id }) => id);
  const positions = [{ instrumentId: 'XYZ-100-C', quantity: new Decimal(-5) }];
  for (const accountId of ids) {
    const statement = { accountId, validFrom: asOf, mode: 'REPLACE' as const, positions, source: 'test' };
    await new PositionStore(database).record(scope, statement);
    const cash = {
      accountId,
      currency: 'USD',
      amount: new Decimal(1),
      valueAt: asOf,
      reason: 'test',
      recordedBy: 'test',
    };
    await new BalanceStore(database).record(scope, cash);
  }
  const market = { snapshot: snapshot(asOf, [option(100)]), source: 'test', quality: 'OK' as const };
  const snapshotId = (await new MarketSnapshotStore(database).insert(scope, market)).header.id;
  const set = { methodology: 'SPAN' as const, name: 'd', effectiveFrom: asOf, parameters: {}, proposedBy: 'ann' };
  const parameterSetId = (await new RiskParameterStore(database).propose(scope, set)).id;
  await new MarginRunStore(database).record(scope, newRun({ asOf, snapshotId, accountCount: 3 }), async (sink) => {
    await sink.write(ids.map((id) => result(id, parameterSetId)));
    return { resultHash: 'a'.repeat(64) };
  });
  accountsOf[firmId] = ids;
  return firmId;
}

beforeAll(async () => {
  db = await openTestDatabase();
  accountsOf = {};
  alpha = await fillFirm('ALPHA');
  beta = await fillFirm('BETA');
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
    const all = accountsOf[alpha] as string[];
    expect([...(await new RequirementStore(db.database).findLatest(limited, all)).keys()]).toEqual([mine]);
    await db.database.withTenant(limited, async (tx) => {
      const tables = await tx.rows<{ name: string }>(
        `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attname = 'account_id' AND c.relnamespace = 'public'::regnamespace`,
      );
      expect(tables.length).toBe(8);
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

describe('history', () => {
  it('cannot be changed, deleted or truncated by the application', async () => {
    const appendOnly = [
      'requirements',
      'buffer_observations',
      'market_snapshots',
      'instrument_quotes',
      'underlying_quotes',
      'forward_quotes',
      'fx_rates',
      'instruments',
      'position_statements',
      'buffer_policies',
      'margin_run_parameter_sets',
    ];
    for (const table of appendOnly) {
      for (const sql of [`UPDATE ${table} SET firm_id = firm_id`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
        const attempt = db.database.withTenant({ firmId: alpha }, (tx) => tx.execute(sql));
        await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
      }
    }
    for (const table of ['positions', 'balances', 'margin_runs', 'risk_parameter_sets', 'accounts', 'firms']) {
      for (const sql of [`DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
        const attempt = db.database.withTenant({ firmId: alpha }, (tx) => tx.execute(sql));
        await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
      }
    }
  });

  it('stops even the owner, on tables and on their partitions', async () => {
    await withClient(db.ownerUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [alpha]);
      for (const table of [
        'requirements',
        'requirements_y2026m11',
        'buffer_observations_y2026m11',
        'market_snapshots',
      ]) {
        for (const sql of [
          `UPDATE ${table} SET firm_id = firm_id`,
          `DELETE FROM ${table}`,
          `TRUNCATE ${table} CASCADE`,
        ]) {
          await expect(client.query(sql)).rejects.toMatchObject({ code: '42501', message: /append-only/ });
        }
      }
    });
  });

  it('of versions may be closed once, and nothing else of them may change', async () => {
    const attempt = (sql: string): Promise<unknown> =>
      db.database.withTenant({ firmId: alpha }, (tx) => tx.execute(sql, []));
    for (const sql of [
      `UPDATE positions SET quantity = 1`,
      `UPDATE positions SET known = tstzrange(lower(known) - interval '1 day', NULL)`,
      `UPDATE positions SET known = tstzrange(lower(known), 'infinity', '[]')`,
      `UPDATE balances SET amount = amount + 1`,
    ]) {
      await expect(attempt(sql)).rejects.toMatchObject({ code: expect.stringMatching(/FORBIDDEN|VALUE_REFUSED/) });
    }
    const closeTwice = db.database.withTenant({ firmId: alpha }, async (tx) => {
      await tx.execute(`UPDATE positions SET known = tstzrange(lower(known), clock_timestamp())`);
      await tx.execute(`UPDATE positions SET known = tstzrange(lower(known), clock_timestamp() + interval '1 day')`);
    });
    await expect(closeTwice).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('of a finished run and of a decided parameter set is closed', async () => {
    const attempt = (sql: string): Promise<unknown> =>
      db.database.withTenant({ firmId: alpha }, (tx) => tx.execute(sql, []));
    await expect(attempt(`UPDATE margin_runs SET accounts_indeterminate = 1`)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(attempt(`UPDATE risk_parameter_sets SET parameters = '{}'`)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('is reached through its tables only, never by a partition', async () => {
    const attempt = db.database.withTenant({ firmId: alpha }, (tx) => tx.rows('SELECT * FROM requirements_y2026m11'));
    await expect(attempt).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('the boot check', () => {
  const connectAs = (url: string): Promise<unknown> => {
    const database = new Database(() => ({ ...db.options, databaseUrl: url }));
    return database.connect().finally(() => database.close());
  };

  /** Changes the schema, expects the application to refuse it, and changes it back. */
  async function withChange(change: string, undo: string, expected: Record<string, unknown>): Promise<void> {
    await withClient(db.superuserUrl, (client) => client.query(change));
    try {
      await expect(connectAs(db.appUrl)).rejects.toMatchObject(expected);
    } finally {
      await withClient(db.superuserUrl, (client) => client.query(undo));
    }
    await expect(connectAs(db.appUrl)).resolves.toMatchObject({ kind: 'external' });
  }

  it('refuses a superuser and the owner', async () => {
    await expect(connectAs(db.superuserUrl)).rejects.toMatchObject({ code: 'ROLE_UNSAFE', message: /superuser/ });
    await expect(connectAs(db.ownerUrl)).rejects.toMatchObject({ code: 'ROLE_UNSAFE', message: /owns tables/ });
  });

  it('refuses a table without row level security, without FORCE, or without a policy', async () => {
    const expected = (name: string) => ({ code: 'TABLE_UNPROTECTED', message: new RegExp(name) });
    await withChange(
      'ALTER TABLE positions DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE positions ENABLE ROW LEVEL SECURITY',
      expected('positions'),
    );
    await withChange(
      'ALTER TABLE balances NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE balances FORCE ROW LEVEL SECURITY',
      expected('balances'),
    );
    await withChange('CREATE TABLE notes (firm_id uuid PRIMARY KEY)', 'DROP TABLE notes', expected('notes'));
    await withChange(
      'ALTER TABLE requirements_y2026m11 NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE requirements_y2026m11 FORCE ROW LEVEL SECURITY',
      expected('requirements_y2026m11'),
    );
  });

  it('refuses a role that may delete, truncate or create', async () => {
    const unsafe = { code: 'ROLE_UNSAFE' };
    await withChange('GRANT DELETE ON positions TO ballast_app', 'REVOKE DELETE ON positions FROM ballast_app', unsafe);
    await withChange(
      'GRANT TRUNCATE ON requirements TO ballast_app',
      'REVOKE TRUNCATE ON requirements FROM ballast_app',
      unsafe,
    );
    await withChange(
      'GRANT CREATE ON SCHEMA public TO ballast_app',
      'REVOKE CREATE ON SCHEMA public FROM ballast_app',
      unsafe,
    );
  });

  it('refuses a role that may bypass row level security or act as the owner', async () => {
    // Roles are of the whole server, which other suites use: the change is made and undone inside one transaction.
    for (const [change, complaint] of [
      ['ALTER ROLE ballast_app BYPASSRLS', /bypass/],
      ['GRANT ballast_owner TO ballast_app', /owns tables/],
    ] as const) {
      await withClient(db.superuserUrl, async (client) => {
        await client.query('BEGIN');
        await client.query(change);
        await client.query('SET LOCAL ROLE ballast_app');
        await expect(assertSafeRole(client)).rejects.toMatchObject({ code: 'ROLE_UNSAFE', message: complaint });
        await client.query('ROLLBACK');
      });
    }
  });
});
