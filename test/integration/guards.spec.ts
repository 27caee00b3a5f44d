import { assertSafeRole, Database } from '@ballast/persistence';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { fillFirm } from '../support/sample-firm';

let db: TestDatabase;
let alpha: string;

beforeAll(async () => {
  db = await openTestDatabase();
  alpha = (await fillFirm(db, 'ALPHA')).firmId;
});

afterAll(async () => {
  await db?.close();
});

/** What follows from the record, and lists of the schema itself. */
const derived = ['buffer_rollup_backlog', 'buffer_rollups', 'latest_buffers', 'history_tables', 'schema_migrations'];

/** What the application may write once more: the end of a version, of a run, of a call, of a decision, of a delivery. */
const changeable: Readonly<Record<string, readonly string[]>> = {
  accounts: ['methodology', 'name'],
  balances: ['known'],
  collateral_holdings: ['known'],
  margin_calls: [
    ...[
      'acknowledged_at',
      'acknowledged_by',
      'amount',
      'close_reason',
      'closed_at',
      'evaluated_at',
      'evaluated_run_id',
    ],
    ...[
      'late_fee',
      'late_fee_until',
      'note',
      'outstanding',
      'paid',
      'penalty',
      'state',
      'unreflected',
      'waiver_amount',
    ],
    ...['waiver_approved_at', 'waiver_approved_by', 'waiver_proposed_at', 'waiver_proposed_by', 'waiver_reason'],
  ],
  margin_runs: [
    ...['accounts_degraded', 'accounts_done', 'accounts_held', 'accounts_indeterminate', 'failure_reason'],
    ...['finished_at', 'result_hash', 'state'],
  ],
  positions: ['known'],
  risk_parameter_sets: ['decided_at', 'decided_by', 'status'],
  webhook_deliveries: ['attempts', 'finished_at', 'last_error', 'last_status', 'next_attempt_at', 'state'],
  webhook_targets: ['removed_at', 'removed_by'],
};

/** Every table, partitions left out. */
function tablesOf({ superuserUrl }: TestDatabase): Promise<string[]> {
  return withClient(superuserUrl, async (client) => {
    const sql = `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition ORDER BY 1`;
    return (await client.query<{ name: string }>(sql)).rows.map(({ name }) => name);
  });
}

/** An assignment that changes nothing, of the first column: a key, which nobody may change. */
async function firstColumn(table: string): Promise<string> {
  const [column] = await db.database.rowsWithoutTenant<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum = 1`,
  );
  return `${column?.name} = ${column?.name}`;
}

describe('history', () => {
  it('cannot be changed, deleted or truncated by the application, in any table', async () => {
    const tables = await tablesOf(db);
    expect(tables).toEqual(expect.arrayContaining(['requirements', 'record_writes', 'market_stream_marks']));
    const unnamed = Object.keys(changeable).filter((table) => !tables.includes(table));
    expect(unnamed).toEqual([]);
    for (const table of tables) {
      const update = table === 'latest_buffers' ? [] : [`UPDATE ${table} SET ${await firstColumn(table)}`];
      for (const sql of [...update, `DELETE FROM ${table}`, `TRUNCATE ${table} CASCADE`]) {
        const attempt = db.database.withTenant({ firmId: alpha }, (tx) => tx.execute(sql));
        const outcome = await attempt.then(
          () => 'done',
          (failure: { code?: string }) => failure.code,
        );
        expect([sql, outcome]).toEqual([sql, 'FORBIDDEN']);
      }
    }
  });

  it('lets the application close what was open, and change nothing else', async () => {
    const rows = await withClient(db.superuserUrl, async (client) => {
      const sql = `SELECT c.relname AS name, array_agg(a.attname::text ORDER BY a.attname) AS columns
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
          AND has_column_privilege('ballast_app', c.oid, a.attnum, 'UPDATE') GROUP BY 1`;
      return (await client.query<{ name: string; columns: string[] }>(sql)).rows;
    });
    const { latest_buffers, ...found } = Object.fromEntries(rows.map(({ name, columns }) => [name, columns]));
    expect(latest_buffers).toContain('buffer');
    expect(found).toEqual(changeable);
  });

  it('stops the owner too, in every table of the record', async () => {
    const { rows } = await withClient(db.superuserUrl, (client) =>
      client.query<{ name: string; stopped: string }>(`SELECT c.relname AS name,
          concat_ws(' ', CASE WHEN t.tgtype & 16 > 0 THEN 'UPDATE' END, CASE WHEN t.tgtype & 8 > 0 THEN 'DELETE' END,
            CASE WHEN t.tgtype & 32 > 0 THEN 'TRUNCATE' END) AS stopped
        FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = 'forbid_rewrite' AND t.tgenabled <> 'D'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition`),
    );
    for (const { name, stopped } of rows) {
      if (derived.includes(name)) continue;
      const expected =
        name === 'idempotency_keys'
          ? 'UPDATE TRUNCATE'
          : name in changeable || name === 'firms'
            ? 'DELETE TRUNCATE'
            : 'UPDATE DELETE TRUNCATE';
      expect([name, stopped]).toEqual([name, expected]);
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

  it('refuses a policy that does not ask for the firm, whatever else it asks', async () => {
    const same = `firm_id = (SELECT nullif(current_setting('app.firm_id', true), '')::uuid)`;
    for (const [table, condition] of [
      ['positions', 'USING (true)'],
      ['balances', `USING (${same}) WITH CHECK (true)`],
      ['requirements', `USING (${same} OR account_id IS NOT NULL)`],
      ['accounts', 'FOR INSERT WITH CHECK (true)'],
      ['underlyings', `USING (firm_id = current_setting('app.firm_id', true)::uuid)`],
    ] as const) {
      await withChange(`CREATE POLICY loose ON ${table} ${condition}`, `DROP POLICY loose ON ${table}`, {
        code: 'TABLE_UNPROTECTED',
        message: `a policy does not ask for the firm on ${table}`,
      });
    }
  });

  it('refuses a table of accounts that shows a limited token all of them, and a view that passes the policies', async () => {
    await withChange(
      'ALTER POLICY visible_account ON positions USING (true)',
      `ALTER POLICY visible_account ON positions USING (nullif(current_setting('app.account_ids', true), '') IS NULL
         OR account_id = ANY (nullif(current_setting('app.account_ids', true), '')::uuid[]))`,
      { code: 'TABLE_UNPROTECTED', message: 'no policy asks for the account on positions' },
    );
    await withChange(
      'CREATE VIEW all_accounts AS SELECT * FROM accounts; GRANT SELECT ON all_accounts TO ballast_app',
      'DROP VIEW all_accounts',
      { code: 'TABLE_UNPROTECTED', message: 'row level security is passed by the view all_accounts' },
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
