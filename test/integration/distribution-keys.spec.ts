import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

let db: TestDatabase;
let keys: {
  table: string;
  name: string;
  kind: string;
  columns: string[];
  target: string | null;
  targetKey: string[];
}[];

beforeAll(async () => {
  db = await openTestDatabase();
  keys = await withClient(db.superuserUrl, async (client) => {
    const { rows } = await client.query<(typeof keys)[number]>(`
      SELECT c.conrelid::regclass::text AS "table", c.conname AS name, c.contype AS kind,
        ARRAY(SELECT attname::text FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k) AS columns,
        nullif(c.confrelid, 0)::regclass::text AS target,
        ARRAY(SELECT attname::text FROM unnest(c.confkey) k JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k) AS "targetKey"
      FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
      WHERE c.contype IN ('p', 'u', 'f', 'x') AND t.relnamespace = 'public'::regnamespace AND NOT t.relispartition`);
    return rows;
  });
});

afterAll(async () => {
  await db?.close();
});

/** Distributed by the hash of the account: rows of one account lie together, on one machine. */
const distributed = [
  'account_versions',
  'accounts',
  'balances',
  'buffer_observations',
  'buffer_rollups',
  'collateral_holdings',
  'collateral_statements',
  'held_requirements',
  'latest_buffers',
  'lifecycle_effects',
  'margin_call_events',
  'margin_calls',
  'notifications',
  'parameter_impact_rows',
  'position_statements',
  'positions',
  'requirement_releases',
  'requirements',
  'webhook_deliveries',
];
/** A code is looked up on every machine's copy; Citus keeps such a rule on a small table of codes beside the accounts. */
const codeRule = 'accounts_code_unique';

describe('ready to be distributed by account', () => {
  it('every table that grows with accounts is in the list', async () => {
    const withAccount = await withClient(db.superuserUrl, async (client) => {
      const { rows } = await client.query<{ name: string }>(`
        SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND a.attname = 'account_id' AND a.attnotnull ORDER BY 1`);
      return rows.map(({ name }) => name);
    });
    expect(withAccount).toEqual(distributed);
  });

  it('every primary, unique and exclusion key of them contains firm and account', () => {
    const unique = keys.filter(
      ({ table, kind, name }) => distributed.includes(table) && kind !== 'f' && name !== codeRule,
    );
    expect(unique.length).toBeGreaterThanOrEqual(distributed.length);
    const without = unique.filter(({ columns }) => !columns.includes('firm_id') || !columns.includes('account_id'));
    expect(without).toEqual([]);
  });

  it('every foreign key of them contains firm and account, or points to a table that every machine has a copy of', () => {
    const references = keys.filter(({ table, kind }) => distributed.includes(table) && kind === 'f');
    expect(references.length).toBeGreaterThan(5);
    for (const { name, columns, target, targetKey } of references) {
      const isLocal = target !== null && distributed.includes(target);
      const needed = isLocal ? ['firm_id', 'account_id'] : ['firm_id'];
      expect([name, needed.filter((column) => !columns.includes(column) || !targetKey.includes(column))]).toEqual([
        name,
        [],
      ]);
      if (!isLocal) expect([name, referenceTables.includes(target ?? '')]).toEqual([name, true]);
    }
  });
});

/** Small and read by every account: a whole copy on each machine. */
const referenceTables = [
  ...['firms', 'instruments', 'margin_runs', 'risk_parameter_sets', 'market_snapshots'],
  ...['lifecycle_events', 'parameter_impacts', 'webhook_targets'],
];
