// The checks of tenancy.spec.ts on a record and on transactions that are wrong on purpose: each must fire.
import { instantOf } from '@ballast/domain';
import { AccountStore, assertSafeRole, BalanceStore, Database, RequirementStore } from '@ballast/persistence';
import { ReadBalances, type ReadSession, ReadSession as Session } from '@ballast/use-cases';
import { Client, Pool } from 'pg';
import { Loaders } from '../../apps/api/src/graphql/loaders';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openRunMargin } from '../support/api-world';
import { fillFirm, sampleTime } from '../support/sample-firm';
import {
  countForeignAnswers,
  findKeysWithoutFirm,
  findVisibleTables,
  findWritableAcross,
  rowsByFirmSql,
  sampleRows,
  type TenantQuery,
  tenantQuery,
} from '../support/tenancy-checks';

let db: TestDatabase;
let alpha: string;
let beta: string;
let foreignAccount: string;
let pool: Pool;

beforeAll(async () => {
  db = await openTestDatabase({ poolSize: 2 });
  const [first, second] = [await fillFirm(db, 'ALPHA'), await fillFirm(db, 'BETA')];
  [alpha, beta, foreignAccount] = [first.firmId, second.firmId, second.accountIds[0] as string];
  pool = new Pool({ connectionString: db.appUrl, max: 2 });
});
afterAll(async () => {
  await pool?.end();
  await db?.close();
});

/** Breaks the record, looks, and mends it. */
async function whileBroken<T>(change: string, undo: string, look: () => Promise<T>): Promise<T> {
  await withClient(db.superuserUrl, (client) => client.query(change));
  try {
    return await look();
  } finally {
    await withClient(db.superuserUrl, (client) => client.query(undo));
  }
}

const asApp = <T>(look: (client: Client) => Promise<T>): Promise<T> => withClient(db.appUrl, look);

describe('a broken record', () => {
  it.each([
    [
      'T-01 row level security switched off',
      'ALTER TABLE positions DISABLE ROW LEVEL SECURITY',
      'ALTER TABLE positions ENABLE ROW LEVEL SECURITY',
      'positions',
    ],
    [
      'T-01 a policy without the firm',
      'CREATE POLICY loose ON balances USING (true); ALTER TABLE balances DISABLE TRIGGER ALL',
      'DROP POLICY loose ON balances; ALTER TABLE balances ENABLE TRIGGER ALL',
      undefined,
    ],
    [
      'T-01 a table that was forgotten',
      'CREATE TABLE notes AS SELECT firm_id FROM accounts; GRANT SELECT ON notes TO ballast_app',
      'DROP TABLE notes',
      'notes',
    ],
    [
      'T-01 a policy that lets the unset firm see all',
      `CREATE POLICY loose ON instruments USING (coalesce(current_setting('app.firm_id', true), '') = '')`,
      'DROP POLICY loose ON instruments',
      'instruments',
    ],
  ])('%s is seen without a tenant', async (title, change, undo, table) => {
    const visible = await whileBroken(change, undo, () => asApp(findVisibleTables));
    // The restrictive policy of the accounts does not save a table whose firm policy is loose.
    expect([title, visible]).toEqual([title, [table ?? 'balances']]);
    expect(await asApp(findVisibleTables)).toEqual([]);
  });

  it('T-01 a table without FORCE shows its owner everything, and the application refuses to start', async () => {
    const look = async () => ({
      owner: await withClient(db.ownerUrl, findVisibleTables),
      boot: await asApp((client) => assertSafeRole(client)).catch((failure: { code: string }) => failure.code),
    });
    expect(
      await whileBroken(
        'ALTER TABLE positions NO FORCE ROW LEVEL SECURITY',
        'ALTER TABLE positions FORCE ROW LEVEL SECURITY',
        look,
      ),
    ).toEqual({
      owner: ['firms', 'positions'],
      boot: 'TABLE_UNPROTECTED',
    });
  });

  it('T-02, T-03 a setting of the session outlives the request', async () => {
    await asApp(async (client) => {
      await client.query('BEGIN');
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [alpha]);
      await client.query('COMMIT');
      expect(await findVisibleTables(client)).toContain('accounts');
    });
  });

  it('T-04 a foreign account is found where its table is open', async () => {
    const find = () => new AccountStore(db.database).findById({ firmId: alpha }, foreignAccount);
    expect(
      await whileBroken(
        'ALTER TABLE accounts DISABLE ROW LEVEL SECURITY',
        'ALTER TABLE accounts ENABLE ROW LEVEL SECURITY',
        find,
      ),
    ).not.toBeNull();
    expect(await find()).toBeNull();
  });

  it('T-05 a foreign requirement is reached through an edge that is open', async () => {
    // Without an instant a second protected table stands in the way.
    const endOfTime = instantOf(Date.UTC(9000, 0));
    const find = async () =>
      (await new RequirementStore(db.database).findLatest({ firmId: alpha }, [foreignAccount], { asOf: endOfTime }))
        .size;
    expect(
      await whileBroken(
        'ALTER TABLE requirements DISABLE ROW LEVEL SECURITY',
        'ALTER TABLE requirements ENABLE ROW LEVEL SECURITY',
        find,
      ),
    ).toBe(1);
    expect(await find()).toBe(0);
  });

  it('T-11 a policy that does not check what is written takes a row of another firm', async () => {
    const samples = await withClient(db.superuserUrl, (client) => sampleRows(client, beta));
    const look = () => findWritableAcross(db.database, { firmId: alpha }, samples);
    expect(
      await whileBroken(
        'CREATE POLICY loose ON balances FOR INSERT WITH CHECK (true)',
        'DROP POLICY loose ON balances',
        look,
      ),
    ).toEqual(['balances']);
  });

  it('T-12 a unique key without the firm tells one firm what another has', async () => {
    const look = () => withClient(db.superuserUrl, findKeysWithoutFirm);
    const change = 'CREATE UNIQUE INDEX codes_of_all ON accounts (code)';
    expect(await whileBroken(change, 'DROP INDEX codes_of_all', look)).toEqual(['accounts.codes_of_all']);
    const foreignKey =
      'ALTER TABLE instruments ADD CONSTRAINT loose_fk FOREIGN KEY (firm_id) REFERENCES firms; ALTER TABLE instruments ADD COLUMN parent uuid; ALTER TABLE instruments ADD CONSTRAINT parent_fk FOREIGN KEY (parent) REFERENCES firms';
    const undo = 'ALTER TABLE instruments DROP CONSTRAINT loose_fk; ALTER TABLE instruments DROP COLUMN parent';
    expect(await whileBroken(foreignKey, undo, look)).toEqual(['instruments.parent_fk']);
  });

  it('a token limited to accounts sees others where the account policy is missing', async () => {
    const own = (await new AccountStore(db.database).findAll({ firmId: alpha }))[0]?.id as string;
    const count = () =>
      db.database.withTenant(
        { firmId: alpha, accountIds: [own] },
        async (tx) => (await tx.rows('SELECT 1 FROM positions WHERE account_id <> $1', [own])).length,
      );
    const undo = `CREATE POLICY visible_account ON positions AS RESTRICTIVE USING ((SELECT nullif(current_setting('app.account_ids', true), '')) IS NULL
      OR account_id = ANY ((SELECT nullif(current_setting('app.account_ids', true), ''))::uuid[]))`;
    expect(await whileBroken('DROP POLICY visible_account ON positions', undo, count)).toBe(2);
    expect(await count()).toBe(0);
  });
});

describe('a broken transaction', () => {
  /** Sets the firm on whatever connection is free, for the session, and asks on another. */
  const sessionHelper: TenantQuery = async (firmId) => {
    await pool.query(`SELECT set_config('app.firm_id', $1, false)`, [firmId]);
    return (await pool.query<{ firm_id: string }>(rowsByFirmSql)).rows.map((row) => row.firm_id);
  };

  it('T-06 mixes firms when the setting is of the session', async () => {
    expect((await countForeignAnswers(sessionHelper, [alpha, beta], 200)).foreign).toBeGreaterThan(0);
    expect(await countForeignAnswers(tenantQuery(db.database), [alpha, beta], 200)).toEqual({ foreign: 0, empty: 0 });
  });

  it('T-07 leaves the firm on the connection when an error skips the clean-up', async () => {
    const broken = async (client: Client): Promise<void> => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [alpha]);
      await client.query('SELECT 1 / 0');
      await client.query('RESET app.firm_id');
    };
    await asApp(async (client) => {
      await expect(broken(client)).rejects.toThrow('division by zero');
      expect(await findVisibleTables(client)).toContain('accounts');
    });
  });

  it('T-08 keeps the firm of a savepoint that was given up when the firm is remembered outside the database', async () => {
    await asApp(async (client) => {
      let remembered = alpha;
      const firmInUse = async () => {
        await client.query(`SELECT set_config('app.firm_id', $1, true)`, [remembered]);
        return (await client.query<{ firm_id: string }>('SELECT DISTINCT firm_id FROM accounts')).rows[0]?.firm_id;
      };
      await client.query('BEGIN');
      await client.query('SAVEPOINT s');
      remembered = beta;
      await client.query('ROLLBACK TO SAVEPOINT s');
      expect(await firmInUse()).toBe(beta);
      await client.query('ROLLBACK');
    });
  });

  /** What the last of some firms gets for an account of BETA through loaders: how many balances it learns. */
  async function learn(loadersOf: (session: ReadSession) => Loaders, order: readonly string[]): Promise<number> {
    const read = new ReadBalances(new BalanceStore(db.database));
    let last = 0;
    for (const firmId of order) {
      const session = new Session(db.database, { firmId, subject: 'tester', roles: ['risk'] });
      try {
        const found = await loadersOf(session).load(read, { accountId: foreignAccount, now: sampleTime });
        last = found.length;
      } finally {
        await session.close();
      }
    }
    return last;
  }

  it('T-09 a loader shared by requests shows one firm what another loaded; one per request does not', async () => {
    let shared: Loaders | undefined;
    expect(await learn((session) => (shared ??= new Loaders(session)), [beta, alpha])).toBe(1);
    expect(await learn((session) => new Loaders(session), [beta, alpha])).toBe(0);
    expect(await learn((session) => new Loaders(session), [alpha, beta])).toBe(1);
  });

  it('T-10 background work without a firm fails closed, and what it records carries the firm it was started for', async () => {
    const run = openRunMargin(db.database);
    for (const firmId of ['', 'undefined', `${alpha}' OR true --`]) {
      await expect(run.execute({ firmId, requestedBy: 'job' })).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    }
    const foreign = run.execute({ firmId: alpha, accountCodes: ['BETA-1'], requestedBy: 'job' });
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { id } = await run.execute({ firmId: alpha, requestedBy: 'job' });
    const firms = await withClient(
      db.superuserUrl,
      async (client) =>
        (
          await client.query(
            `SELECT firm_id FROM margin_runs WHERE run_id = $1 UNION SELECT firm_id FROM requirements WHERE run_id = $1`,
            [id],
          )
        ).rows,
    );
    expect(firms).toEqual([{ firm_id: alpha }]);
    // The same job on a connection that trusts its session instead of its row works for whoever used it before.
    await asApp(async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [beta]);
      const seen = await client.query<{ firm_id: string }>('SELECT DISTINCT firm_id FROM accounts');
      expect(seen.rows).toEqual([{ firm_id: beta }]);
    });
  });

  it('an unsafe role reads every firm, and the application refuses to work as it', async () => {
    const unsafe = new Database(() => ({ ...db.options, databaseUrl: db.superuserUrl }));
    await expect(unsafe.connect()).rejects.toMatchObject({ code: 'ROLE_UNSAFE' });
    await unsafe.close();
    expect(await withClient(db.superuserUrl, findVisibleTables)).toContain('accounts');
  });
});
