// When something became known is for the database to say, whatever the application role writes.
import { Decimal } from '@ballast/domain';
import { BalanceStore, HistoryChainStore, PositionStore, RiskParameterStore } from '@ballast/persistence';
import { fillHistory } from '../support/history-firm';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at } from '../support/record-samples';

let db: TestDatabase;
let scope: { firmId: string };
let accountId: string;

beforeAll(async () => {
  db = await openTestDatabase();
  const firm = await fillHistory(db, 'ALPHA');
  scope = { firmId: firm.firmId };
  accountId = firm.accountIds[0] as string;
  // Of two triggers that refuse a row the other would come first.
  await withClient(db.superuserUrl, (client) =>
    client.query(`ALTER TABLE requirements DISABLE TRIGGER check_references;
      ALTER TABLE buffer_observations DISABLE TRIGGER check_references;
      ALTER TABLE margin_runs ENABLE TRIGGER limit_known_insert`),
  );
});

afterAll(async () => {
  await db?.close();
});

const past = `timestamptz '2026-01-01T00:00:00Z'`;
const copied = (table: string, columns: Readonly<Record<string, string>>): string => `DO $$ DECLARE names text; BEGIN
  SELECT string_agg(quote_ident(attname), ', ') INTO names FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0
    AND NOT attisdropped AND attname <> ALL ('{${Object.keys(columns).join(',')},batch,closing_batch}');
  EXECUTE format('INSERT INTO ${table} (%s, ${Object.keys(columns).join(', ')}) SELECT %s, ${Object.values(columns).join(', ').replaceAll("'", "''")} FROM ${table} LIMIT 1', names, names);
END $$`;
const anew = 'gen_random_uuid()';
const longAgo = `tstzrange('1990-01-01', '1990-01-02')`;

/** Statements of somebody who has the application's connection and wants the record to have known something earlier. */
const hostile: readonly (readonly [what: string, statements: readonly string[], named: string])[] = [
  ['a position', [copied('positions', { version_id: anew, valid: longAgo, known: `tstzrange(${past}, NULL)` })], 'positions'],
  ['a balance', [copied('balances', { version_id: anew, valid: longAgo, known: `tstzrange(${past}, NULL)` })], 'balances'],
  ['a balance, already closed', [copied('balances', { version_id: anew, valid: longAgo, known: `tstzrange(${past}, ${past} + interval '1 day')` })], 'balances'],
  ['a balance, to come', [copied('balances', { version_id: anew, valid: longAgo, known: `tstzrange(${past} + interval '100 years', NULL)` })], 'balances'],
  ['the end of a belief', [`UPDATE balances SET known = tstzrange(lower(known), lower(known) + interval '1 millisecond') WHERE upper_inf(known)`], 'balances'],
  ['the end of a position', [`UPDATE positions SET known = tstzrange(lower(known), lower(known) + interval '1 millisecond') WHERE upper_inf(known)`], 'positions'],
  ['a statement', [copied('position_statements', { statement_id: anew, known_at: past })], 'position_statements'],
  ['a policy', [copied('buffer_policies', { policy_id: anew, known_at: past })], 'buffer_policies'],
  ['a policy by the setting', [`SELECT set_config('app.known_at', '2026-01-01T00:00:00Z', true)`, copied('buffer_policies', { policy_id: anew })], 'buffer_policies'],
  ['a policy by the clock of another zone', [`SET LOCAL timezone = 'Pacific/Kiritimati'`, copied('buffer_policies', { policy_id: anew, known_at: `timestamptz '2026-01-01'` })], 'buffer_policies'],
  ['a requirement', [copied('requirements', { as_of: `as_of + interval '1 minute'`, known_at: past })], 'requirements'],
  ['an observation', [copied('buffer_observations', { at: `at + interval '1 minute'`, known_at: past })], 'buffer_observations'],
  ['a snapshot', [copied('market_snapshots', { snapshot_id: anew, content_hash: `pg_catalog.sha256('x'::bytea)`, known_at: past })], 'market_snapshots'],
  ['a decision', [`UPDATE risk_parameter_sets SET status = 'APPROVED', decided_by = 'eve', decided_at = ${past} WHERE status = 'PROPOSED'`], 'risk_parameter_sets'],
  ['what a run read', [copied('margin_runs', { run_id: anew, idempotency_key: 'NULL', started_at: 'current_instant()', known_at: past })], 'margin_runs'],
  ['what a run will read', [copied('margin_runs', { run_id: anew, idempotency_key: 'NULL', started_at: 'current_instant()', known_at: `${past} + interval '100 years'` })], 'margin_runs'],
  ['when a run began', [copied('margin_runs', { run_id: anew, idempotency_key: 'NULL', started_at: past, known_at: 'current_instant()' })], 'margin_runs'],
  ['a contract', [copied('instruments', { instrument_id: `'X'`, created_at: past })], 'instruments'],
  ['an account', [copied('accounts', { account_id: anew, code: `'X'`, created_at: past })], 'accounts'],
]; // prettier-ignore

describe('the application role cannot have known earlier', () => {
  it.each(hostile)('%s', async (_what, statements, named) => {
    const work = db.database.withTenant(scope, async (tx) => {
      for (const sql of statements) await tx.execute(sql);
    });
    await expect(work).rejects.toMatchObject({
      code: 'VALUE_REFUSED',
      message: expect.stringContaining(`${named}_known_is_now`),
    });
  });

  it.each([
    'ALTER TABLE balances DISABLE TRIGGER limit_known_insert',
    'SET session_replication_role = replica',
    'DROP FUNCTION limit_balances_insert() CASCADE',
    `CREATE OR REPLACE FUNCTION public.refuse_known_times(uuid, text, timestamptz, timestamptz) RETURNS void LANGUAGE sql AS ''`,
    `SELECT limit_known_times('balances', 'now()', NULL)`,
  ])('nor put the limit aside: %s', async (sql) => {
    await expect(db.database.withTenant(scope, (tx) => tx.execute(sql))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  });

  it('every chained table that says when something became known has the limit', async () => {
    const { rows } = await withClient(db.superuserUrl, (client) =>
      client.query<{ name: string }>(`SELECT DISTINCT table_name AS name FROM history_tables t
        JOIN pg_attribute a ON a.attrelid = t.table_name::regclass AND NOT a.attisdropped
          AND a.attname IN ('known', 'known_at', 'created_at', 'confirmed_at', 'proposed_at')
        WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = a.attrelid AND g.tgname = 'limit_known_insert') ORDER BY 1`),
    );
    expect(rows).toEqual([]);
  });
});

it('a run may have read what was settled some hours before it', async () => {
  const earlier = `current_instant() - interval '20 hours'`;
  const columns = { run_id: anew, idempotency_key: 'NULL', started_at: 'current_instant()', known_at: earlier };
  await db.database.withTenant(scope, (tx) => tx.execute(copied('margin_runs', columns)));
});

it('what is written in the ordinary way is known now, also by a transaction that took its time', async () => {
  const validFrom = at('2026-10-30T21:00:00Z');
  const before = await clock();
  await db.database.withTenant(scope, async (tx) => {
    await tx.execute('SELECT pg_sleep(0.05)');
    const positions = [{ instrumentId: 'XYZ-100-C', quantity: new Decimal(7) }];
    await new PositionStore(db.database).record(tx, {
      accountId,
      validFrom,
      mode: 'REPLACE',
      positions,
      source: 'test',
    });
    const cash = { accountId, currency: 'USD', amount: new Decimal(7), valueAt: validFrom };
    await new BalanceStore(db.database).record(tx, { ...cash, reason: 'test', recordedBy: 'test' });
    await tx.execute('SELECT pg_sleep(0.05)');
  });
  const known = await db.database.withTenant(scope, (tx) =>
    tx.rows<{ at: Date }>(
      `SELECT max(lower(known)) AS at FROM balances UNION ALL SELECT max(lower(known)) FROM positions`,
    ),
  );
  for (const { at: instant } of known) {
    expect(instant.getTime()).toBeGreaterThanOrEqual(before);
    expect(instant.getTime()).toBeLessThanOrEqual(await clock());
  }
  expect((await new HistoryChainStore(db.database).verify(scope)).breakCount).toBe(0);
});

it('a firm is opened with what was known elsewhere before, in the transaction of its opening and no later one', async () => {
  const firmId = 'ab000000-0000-7000-8000-000000000001';
  const store = new RiskParameterStore(db.database);
  const set = { methodology: 'SPAN' as const, name: 'd', effectiveFrom: at('2026-01-01T00:00:00Z'), parameters: {} };
  const load = `INSERT INTO risk_parameter_sets (firm_id, parameter_set_id, methodology, version, name, effective_from, parameters,
      canonical_text, content_hash, status, proposed_by, proposed_at)
    SELECT firm_id, gen_random_uuid(), methodology, version + 1, name, effective_from, parameters, 'x', pg_catalog.sha256('x'::bytea), 'PROPOSED', 'ann', ${past}
    FROM risk_parameter_sets ORDER BY version DESC LIMIT 1`;
  await db.database.withTenant({ firmId }, async (tx) => {
    await tx.execute(`INSERT INTO firms (firm_id, code, name) VALUES ($1, 'NEW', 'New')`, [firmId]);
    await store.propose(tx, { ...set, proposedBy: 'ann' });
    expect(await tx.execute(load)).toBe(1);
  });
  await expect(db.database.withTenant({ firmId }, (tx) => tx.execute(load))).rejects.toMatchObject({
    message: expect.stringContaining('risk_parameter_sets_known_is_now'),
  });
});

async function clock(): Promise<number> {
  const { rows } = await withClient(db.superuserUrl, (client) =>
    client.query<{ now: Date }>('SELECT clock_timestamp() AS now'),
  );
  return (rows[0] as { now: Date }).now.getTime();
}
