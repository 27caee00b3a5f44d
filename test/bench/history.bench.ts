// How fast history answers: five million observations of one firm, read through the store under row level security.
//
//   node dist/test/bench/history.bench.js [--rows 5000000] [--accounts 500] [--kind observations|lean] [--notes 0]
//
// `lean` are requirements that are their own observations, as runs in shards and after moves leave them. `--notes` adds so many moves
// within the last hour, of a hundred accounts each, that wait to be rolled up; what that takes is timed at the end.
import { parseArgs } from 'node:util';
import { type Instant } from '@ballast/domain';
import {
  AccountStore,
  BufferHistoryStore,
  FirmStore,
  newId,
  RequirementStore,
  rollUpBacklog,
} from '@ballast/persistence';
import type { Client } from 'pg';
import { openTestDatabase, withClient } from '../support/postgres';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: process.env['HISTORY_BENCH_ROWS'] ?? '5000000' },
    accounts: { type: 'string', default: process.env['HISTORY_BENCH_ACCOUNTS'] ?? '500' },
    kind: { type: 'string', default: 'observations' },
    notes: { type: 'string', default: '0' },
  },
});
const [observations, observed, notes] = [values.rows, values.accounts, values.notes].map(Number) as [
  number,
  number,
  number,
];
const isLean = values.kind === 'lean';
const listed = 50_000;
const yearStart = Date.parse('2025-11-01T00:00:00Z');
const year = 365 * 86_400_000;

interface Measured {
  readonly name: string;
  readonly rows: number;
  readonly p50: number;
  readonly p99: number;
}

async function measure(name: string, calls: number, call: (turn: number) => Promise<number>): Promise<Measured> {
  for (let turn = 0; turn < 20; turn += 1) await call(turn);
  const times: number[] = [];
  let rows = 0;
  for (let turn = 0; turn < calls; turn += 1) {
    const begin = performance.now();
    rows = await call(turn);
    times.push(performance.now() - begin);
  }
  times.sort((left, right) => left - right);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] as number;
  return { name, rows, p50: at(0.5), p99: at(0.99) };
}

/** Fills as superuser with triggers off: what is measured is reading. */
async function fill(client: Client, firmId: string): Promise<void> {
  const perAccount = Math.round(observations / observed);
  await client.query(`SELECT set_config('app.firm_id', '${firmId}', false), nextval('history_batch_number')`);
  await client.query(`SELECT ensure_month_partitions($1, $2)`, [new Date(yearStart), new Date(yearStart + year)]);
  await client.query('SET session_replication_role = replica');
  await client.query(`
    INSERT INTO accounts (firm_id, account_id, code, name, base_currency, methodology)
    SELECT '${firmId}', md5('account ' || n)::uuid, 'A-' || lpad(n::text, 6, '0'), 'Account ' || n, 'USD', 'SPAN' FROM generate_series(1, ${listed}) n`);
  await client.query(`
    INSERT INTO latest_buffers (firm_id, account_id, at, run_id, currency, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
    SELECT '${firmId}', md5('account ' || n)::uuid, '2026-10-31', gen_random_uuid(), 'USD', 1000 + b, 1000, 1200, b, round(b / 1000, 12), 'HEALTHY', 'OK'
    FROM (SELECT n, (hashint4(n) % 100000)::numeric / 100 + 1000 AS b FROM generate_series(1, ${listed}) n) AS numbers`);
  const step = Math.floor(year / perAccount);
  await insertHistory(client, {
    firmId,
    run: `md5('run ' || k)::uuid`,
    at: `to_timestamp(${yearStart / 1000}) + k * interval '${step} milliseconds'`,
    from: `generate_series(0, ${perAccount - 1}) k CROSS JOIN generate_series(1, ${observed}) a`,
  });
  for (let first = 1; first <= observed; first += 25) {
    await client.query(
      `SELECT rebuild_buffer_rollups((SELECT array_agg(md5('account ' || n)::uuid) FROM generate_series(${first}, ${Math.min(observed, first + 24)}) n), $1, $2)`,
      [new Date(yearStart), new Date(yearStart + year)],
    );
  }
  if (notes > 0) await addMoves(client, firmId);
  await client.query('RESET session_replication_role');
  await client.query(
    'ANALYZE accounts, latest_buffers, buffer_observations, requirements, buffer_rollups, buffer_rollup_backlog',
  );
}

/** Observations of accounts a at steps k, in the table of their kind. */
async function insertHistory(
  client: Client,
  {
    firmId,
    run,
    at,
    from,
  }: { readonly firmId: string; readonly run: string; readonly at: string; readonly from: string },
): Promise<void> {
  const numbers = `CROSS JOIN LATERAL (SELECT (hashint4(k * 7919 + a) % 50000)::numeric / 100 AS b) AS numbers`;
  const key = `'${firmId}', md5('account ' || a)::uuid, ${at}, ${run}, 'USD', 11000 + b`;
  const ratio = 'round((1000 + b) / 10000, 12)';
  if (!isLean) {
    await client.query(`
      INSERT INTO buffer_observations (firm_id, account_id, at, run_id, currency, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
      SELECT ${key}, 10000, 12000, 1000 + b, ${ratio}, 'HEALTHY', 'OK' FROM ${from} ${numbers}`);
    return;
  }
  // As wide as rows of a methodology with 16 scenarios.
  await client.query(`
    INSERT INTO requirements (firm_id, account_id, as_of, run_id, currency, equity, maintenance_requirement, initial_requirement, buffer, buffer_ratio,
      status, computed_status, quality, methodology, parameter_set_id, net_option_value, collateral_value, excess, leverage, engine_version,
      parameter_hash, snapshot_hash, input_hash, result_hash, figures, is_observation)
    SELECT ${key}, 10000, 12000, 1000 + b, ${ratio}, 'HEALTHY', 'HEALTHY', 'OK', 'SPAN', '${firmId}', -110, 0, b - 1000, 1.25, '0.1.0',
      hash, hash, hash, hash, decode(repeat(md5(k::text || a::text), 19), 'hex'), true
    FROM ${from} ${numbers} CROSS JOIN pg_catalog.sha256('bench') AS hash`);
}

const accountsPerMove = 100;

/** Moves within the last hour of the year that nobody has rolled up. */
async function addMoves(client: Client, firmId: string): Promise<void> {
  const accounts = `CROSS JOIN LATERAL (SELECT 1 + (k * ${accountsPerMove} + n) % ${observed} AS a FROM generate_series(0, ${accountsPerMove - 1}) n) AS held`;
  const run = `md5('move ' || k)::uuid`;
  const at = `to_timestamp(${(yearStart + year) / 1000 - 3600}) + k * interval '${Math.floor(3_600_000_000 / notes)} microseconds'`;
  const from = `generate_series(0, ${notes - 1}) k ${accounts}`;
  await insertHistory(client, { firmId, run, at: `date_trunc('milliseconds', ${at})`, from });
  await client.query(`
    INSERT INTO buffer_rollup_backlog (firm_id, batch, run_id, at, observations, account_ids)
    SELECT '${firmId}', 1000000000000 + k, ${run}, date_trunc('milliseconds', ${at}), ${accountsPerMove}, array_agg(md5('account ' || a)::uuid)
    FROM ${from} GROUP BY k`);
}

async function main(): Promise<void> {
  const db = await openTestDatabase({ statementTimeoutMs: 600_000 });
  try {
    const { id: firmId } = await new FirmStore(db.database).create({ code: 'BENCH', name: 'Bench' });
    const scope = { firmId };
    const begin = performance.now();
    await withClient(db.superuserUrl, (client) => fill(client, firmId));
    const seconds = (performance.now() - begin) / 1000;
    process.stdout.write(
      `filled ${observations} ${isLean ? 'lean requirements' : 'observations'}, ${notes} moves of ${accountsPerMove} accounts, ${observed} of ${listed} accounts, in ${seconds.toFixed(0)} s\n`,
    );
    const { items } = await new AccountStore(db.database).findPage(scope, {
      first: observed,
      orderBy: { field: 'CODE', direction: 'ASC' },
    });
    const ids = items.map(({ node }) => node.id);
    const history = new BufferHistoryStore(db.database);
    const accounts = new AccountStore(db.database);
    const requirements = new RequirementStore(db.database);
    const period = { from: yearStart as Instant, to: (yearStart + year - 1) as Instant };
    const page = (bucket: 'RAW' | 'HOUR' | 'DAY') => async (turn: number) =>
      (
        await history.findPage(scope, {
          ...period,
          accountId: ids[(turn * 37) % ids.length] ?? newId(),
          bucket,
          first: 500,
        })
      ).items.length;
    const ranges = (bucket: 'HOUR' | 'DAY', from: number) => async (turn: number) => {
      const accountId = ids[(turn * 37) % ids.length] ?? newId();
      return (await history.findRanges(scope, { ...period, from: from as Instant, accountId, bucket })).length;
    };
    const list = (direction: 'ASC' | 'DESC') => async () =>
      (await accounts.findPage(scope, { first: 50, orderBy: { field: 'BUFFER_RATIO', direction } })).items.length;
    const table = [
      await measure(
        'one trivial statement in a transaction',
        200,
        async () => (await db.database.withTenant(scope, (tx) => tx.rows('SELECT 1'))).length,
      ),
      await measure('a year by day of one account', 500, page('DAY')),
      await measure('500 hours of one account', 200, page('HOUR')),
      await measure('500 observations of one account', 200, page('RAW')),
      await measure('open to close of a year by day', 200, ranges('DAY', yearStart)),
      await measure('open to close of the last day by hour', 200, ranges('HOUR', yearStart + year - 86_400_000)),
      await measure('the worst 50 of 50,000 accounts', 200, list('ASC')),
      await measure('the best 50 of 50,000 accounts', 200, list('DESC')),
      await measure(
        'latest requirement of an account',
        100,
        async () => (await requirements.findLatest(scope, [ids[0] ?? ''])).size,
      ),
    ];
    process.stdout.write(`| question | rows | p50 ms | p99 ms |\n|---|---:|---:|---:|\n`);
    for (const { name, rows, p50, p99 } of table)
      process.stdout.write(`| ${name} | ${rows} | ${p50.toFixed(2)} | ${p99.toFixed(2)} |\n`);
    const plan = await db.database.withTenant(scope, (tx) =>
      tx.rows<{ 'QUERY PLAN': string }>(
        `EXPLAIN (ANALYZE, BUFFERS, COSTS OFF) SELECT * FROM buffer_rollups WHERE account_id = $1 AND bucket = 'DAY' AND starts_at >= $2 AND starts_at < $3 ORDER BY starts_at`,
        [ids[0], new Date(yearStart), new Date(yearStart + year)],
      ),
    );
    process.stdout.write(`${plan.map((row) => row['QUERY PLAN']).join('\n')}\n`);
    if (notes === 0) return;
    const began = performance.now();
    const done = await rollUpBacklog(db.database, scope);
    process.stdout.write(`rolled up ${done} observations in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
  } finally {
    await db.close();
  }
}

if (require.main === module) {
  main().catch((failure: unknown) => {
    process.stderr.write(`${String(failure)}\n`);
    process.exitCode = 1;
  });
}
