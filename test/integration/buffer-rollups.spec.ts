import { randomUUID } from 'node:crypto';
import { Decimal, type Instant } from '@ballast/domain';
import { BufferHistoryStore, type BufferObservation, type BufferRange, rollUpBacklog } from '@ballast/persistence';
import { fillHistory } from '../support/history-firm';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

let db: TestDatabase;
let scope: { firmId: string };
let accountIds: readonly string[];
let history: BufferHistoryStore;

beforeAll(async () => {
  db = await openTestDatabase();
  const firm = await fillHistory(db, 'ALPHA');
  scope = { firmId: firm.firmId };
  accountIds = firm.accountIds;
  history = new BufferHistoryStore(db.database);
});

afterAll(async () => {
  await db?.close();
});

interface Observed {
  readonly at: number;
  readonly runId: string;
  readonly buffer: string | null;
  readonly ratio: string | null;
  readonly status: string;
}

const ladder = ['HEALTHY', 'WATCH', 'INDETERMINATE', 'MARGIN_CALL', 'LIQUIDATION'];
const start = Date.parse('2026-10-01T00:00:00Z');

/** What a bucket has to say, computed from the observations the plain way. */
function rollUp(observed: readonly Observed[], width: number) {
  const sorted = [...observed].sort((left, right) => left.at - right.at || (left.runId < right.runId ? -1 : 1));
  const buckets = new Map<number, Observed[]>();
  for (const one of sorted) {
    const from = Math.floor(one.at / width) * width;
    buckets.set(from, [...(buckets.get(from) ?? []), one]);
  }
  return [...buckets].map(([from, list]) => {
    const known = list.filter(({ buffer }) => buffer !== null);
    const extreme = (name: 'buffer' | 'ratio', pick: (...numbers: Decimal[]) => Decimal): string | null => {
      const numbers = known.flatMap((one) => (one[name] === null ? [] : [new Decimal(one[name])]));
      return numbers.length === 0 ? null : pick(...numbers).toFixed();
    };
    const [open, close] = [known[0], known.at(-1)];
    const worst = Math.max(...list.map(({ status }) => ladder.indexOf(status)));
    return [
      [from, list.length, ladder[worst]],
      [
        open?.buffer ?? null,
        extreme('buffer', (...all) => Decimal.max(...all)),
        extreme('buffer', (...all) => Decimal.min(...all)),
        close?.buffer ?? null,
      ],
      [
        open?.ratio ?? null,
        extreme('ratio', (...all) => Decimal.max(...all)),
        extreme('ratio', (...all) => Decimal.min(...all)),
        close?.ratio ?? null,
      ],
    ];
  });
}

function asRow(range: BufferRange) {
  const text = (value: Decimal | null): string | null => value?.toFixed() ?? null;
  const { bufferOpen, bufferHigh, bufferLow, bufferClose, ratioOpen, ratioHigh, ratioLow, ratioClose } = range;
  return [
    [range.from, range.observations, range.worstStatus],
    [bufferOpen, bufferHigh, bufferLow, bufferClose].map(text),
    [ratioOpen, ratioHigh, ratioLow, ratioClose].map(text),
  ];
}

/** Inserts observations of the first accounts as the application role, so that row level security and triggers work as ever. */
async function insert(observed: readonly (Observed & { readonly accountId: string })[]): Promise<void> {
  await withClient(db.superuserUrl, async (client) => {
    // The runs they belong to do not matter here; everything else of the table does.
    await client.query(`SELECT set_config('app.firm_id', $1, false)`, [scope.firmId]);
    await client.query('ALTER TABLE buffer_observations DISABLE TRIGGER check_references');
    const amount = `CASE WHEN o.buffer IS NULL THEN NULL ELSE 1000 END`;
    await client.query(
      `INSERT INTO buffer_observations (firm_id, account_id, at, run_id, currency, equity, maintenance, initial, buffer, buffer_ratio, status, quality)
       SELECT $1, o.account_id, o.at, o.run_id, 'USD', ${amount}, CASE WHEN o.ratio IS NULL AND o.buffer IS NOT NULL THEN 0 ELSE ${amount} END,
         ${amount}, o.buffer, o.ratio, o.status, CASE WHEN o.buffer IS NULL THEN 'INDETERMINATE' ELSE 'OK' END
       FROM json_to_recordset($2) AS o (account_id uuid, at timestamptz, run_id uuid, buffer numeric, ratio numeric, status text)`,
      [scope.firmId, asRecords(observed)],
    );
  });
}

/** Inserts requirements that are their own observations, as large runs write them. */
async function insertAsRequirements(observed: readonly (Observed & { readonly accountId: string })[]): Promise<void> {
  await withClient(db.superuserUrl, async (client) => {
    await client.query(`SELECT set_config('app.firm_id', $1, false)`, [scope.firmId]);
    await client.query('ALTER TABLE requirements DISABLE TRIGGER check_references');
    const amount = `CASE WHEN o.buffer IS NULL THEN NULL ELSE 1000 END`;
    const maintenance = `CASE WHEN o.ratio IS NULL AND o.buffer IS NOT NULL THEN 0 ELSE ${amount} END`;
    await client.query(
      `INSERT INTO requirements (firm_id, account_id, as_of, run_id, methodology, parameter_set_id, currency, initial_requirement,
         maintenance_requirement, net_option_value, equity, collateral_value, buffer, buffer_ratio, excess, status, quality,
         engine_version, parameter_hash, snapshot_hash, input_hash, result_hash, figures, is_observation)
       SELECT $1, o.account_id, o.at, o.run_id, 'SPAN', $3, 'USD', ${amount}, ${maintenance}, ${amount}, ${amount}, ${amount}, o.buffer, o.ratio,
         ${amount}, o.status, CASE WHEN o.buffer IS NULL THEN 'INDETERMINATE' ELSE 'OK' END, 'test', hash, hash, hash, hash, '\\x00', true
       FROM json_to_recordset($2) AS o (account_id uuid, at timestamptz, run_id uuid, buffer numeric, ratio numeric, status text),
         pg_catalog.sha256('test') AS hash`,
      [scope.firmId, asRecords(observed), randomUUID()],
    );
  });
}

function asRecords(observed: readonly (Observed & { readonly accountId: string })[]): string {
  return JSON.stringify(
    observed.map(({ accountId, at, runId, ...rest }) => {
      return { account_id: accountId, at: new Date(at).toISOString(), run_id: runId, ...rest };
    }),
  );
}

/** Of the first account, in the order in which they came. */
const observed: Observed[] = [];

function randomFrom(first: number): (below: number) => number {
  let seed = first;
  return (below) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
}

function observation(index: number, random: (below: number) => number): Observed {
  const determinate = random(5) > 0;
  const hasRatio = determinate && random(5) > 0;
  const words = ladder.filter((word) => word !== 'INDETERMINATE');
  return {
    at: start + random(3 * 48) * 1_800_000,
    runId: `00000000-0000-7000-8000-${(index * 7919 + 1).toString(16).padStart(12, '0')}`,
    buffer: determinate ? `${random(2000) - 1000}.5` : null,
    ratio: hasRatio ? `0.${1 + random(9)}${1 + random(9)}` : null,
    status: determinate ? (words[random(4)] as string) : 'INDETERMINATE',
  };
}

async function backlogOf(): Promise<number> {
  const sql = 'SELECT count(*)::integer AS count FROM buffer_rollup_backlog';
  const [row] = await db.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql));
  return row?.count as number;
}

/** Ranges and pages of an account, whole and in parts, against the plain computation. */
async function expectExact(accountId: string, of: readonly Observed[]): Promise<void> {
  const period = { accountId, from: start as Instant, to: (start + 4 * 86_400_000) as Instant };
  for (const [bucket, width] of [
    ['HOUR', 3_600_000],
    ['DAY', 86_400_000],
  ] as const) {
    const ranges = await history.findRanges(scope, { ...period, bucket });
    expect(ranges.map(asRow)).toEqual(rollUp(of, width));
    const last = new Map<number, Observed>();
    for (const one of [...of].sort((l, r) => l.at - r.at || (l.runId < r.runId ? -1 : 1)))
      last.set(Math.floor(one.at / width), one);
    const expected = [...last.values()].map(({ at, runId, buffer }) => [at, runId, buffer]);
    const row = ({ node }: { readonly node: BufferObservation }) => [
      node.at,
      node.runId,
      node.buffer?.amount.toFixed() ?? null,
    ];
    const page = await history.findPage(scope, { ...period, bucket, first: 500 });
    expect(page.items.map(row)).toEqual(expected);
    const beginning = await history.findPage(scope, { ...period, bucket, first: 2 });
    const rest = await history.findPage(scope, {
      ...period,
      bucket,
      first: 500,
      after: beginning.items.at(-1)?.cursor as string,
    });
    expect([...beginning.items, ...rest.items].map(row)).toEqual(expected);
  }
}

/** All pages of an account's observations, of both kinds, in their order. */
async function expectRaw(accountId: string, of: readonly Observed[]): Promise<void> {
  const period = { accountId, from: start as Instant, to: (start + 4 * 86_400_000) as Instant, bucket: 'RAW' as const };
  const found: unknown[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await history.findPage(scope, { ...period, first: 70, ...(after === null ? {} : { after }) });
    found.push(...page.items.map(({ node }) => [node.at, node.runId, node.buffer?.amount.toFixed() ?? null]));
    if (!page.hasNextPage) break;
    after = page.items.at(-1)?.cursor as string;
  }
  const sorted = [...of].sort((l, r) => l.at - r.at || (l.runId < r.runId ? -1 : 1));
  expect(found).toEqual(sorted.map(({ at, runId, buffer }) => [at, runId, buffer]));
  const others = accountIds.filter((id) => id !== accountId);
  for (const hidden of [{ ...scope, accountIds: others }, { firmId: randomUUID() }])
    expect((await history.findPage(hidden, { ...period, first: 1 })).items).toEqual([]);
}

describe('roll-ups of buffer history', () => {
  it('say the same as the observations, in whatever order and batches these came', async () => {
    await db.database.ensurePartition(scope, start as Instant);
    const accountId = accountIds[0] as string;
    await withClient(db.superuserUrl, (client) =>
      client.query(
        `SET session_replication_role = replica; DELETE FROM buffer_observations; DELETE FROM buffer_rollups; DELETE FROM buffer_rollup_backlog; RESET session_replication_role`,
      ),
    );
    const random = randomFrom(7);
    observed.push(...Array.from({ length: 120 }, (_, index) => observation(index, random)));
    const own = observed.map((one) => ({ ...one, accountId }));
    // One by one and late, then many in one statement.
    for (const one of own.slice(0, 60)) await insert([one]);
    await insert(own.slice(60));
    await expectExact(accountId, observed);
  });

  it('say the same while statements of many observations wait, and once those are rolled up', async () => {
    const [accountId, other] = accountIds as [string, string];
    const first = await backlogOf();
    const already = observed.length;
    const random = randomFrom(11);
    const further = Array.from({ length: 300 }, (_, index) => observation(index + 1_000, random));
    const among = (own: readonly Observed[]) =>
      own.flatMap((one) => [
        { ...one, accountId },
        { ...one, accountId: other },
      ]);
    // Two statements of many rows, and small ones before, between and after them, over the same buckets.
    await insertAsRequirements(among(further.slice(0, 20)));
    await insert(among(further.slice(20, 150)));
    for (const one of further.slice(150, 160)) await insert([{ ...one, accountId }]);
    await insert(among(further.slice(160, 290)));
    for (const one of further.slice(290, 295)) await insert([{ ...one, accountId }]);
    for (const one of further.slice(295)) await insertAsRequirements([{ ...one, accountId }]);
    observed.push(...further);
    expect(observed).toHaveLength(already + 300);
    expect(await backlogOf()).toBeGreaterThan(first);
    await expectExact(accountId, observed);
    const others = [...further.slice(0, 150), ...further.slice(160, 290)];
    await expectExact(other, others);
    await expectRaw(accountId, observed);
    await expectRaw(other, others);

    const limited = { ...scope, accountIds: [accountId] };
    await expect(rollUpBacklog(db.database, limited)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const done = await Promise.all([rollUpBacklog(db.database, scope), rollUpBacklog(db.database, scope)]);
    expect(done[0] + done[1]).toBeGreaterThan(560);
    expect(await backlogOf()).toBe(0);
    await expectExact(accountId, observed);
    await expectExact(other, others);
    expect(await rollUpBacklog(db.database, scope)).toBe(0);
  });

  it('are computed anew without what waits, which is added once', async () => {
    const accountId = accountIds[0] as string;
    const random = randomFrom(13);
    const further = Array.from({ length: 120 }, (_, index) => observation(index + 5_000, random));
    await insert(further.slice(0, 110).map((one) => ({ ...one, accountId })));
    await insertAsRequirements(further.slice(110).map((one) => ({ ...one, accountId })));
    observed.push(...further);
    await withClient(db.superuserUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [scope.firmId]);
      await client.query('SELECT rebuild_buffer_rollups($1::uuid[], $2, $3)', [
        [accountId],
        new Date(start),
        new Date(start + 4 * 86_400_000),
      ]);
    });
    await expectExact(accountId, observed);
    await rollUpBacklog(db.database, scope);
    await expectExact(accountId, observed);
  });

  it('are made of a few notes at a time, oldest first, each added once', async () => {
    const accountId = accountIds[0] as string;
    const random = randomFrom(17);
    const further = Array.from({ length: 5 }, (_, index) => observation(index + 9_000, random));
    for (const one of further) await insertAsRequirements([{ ...one, accountId }]);
    observed.push(...further);
    const batches = () =>
      db.database.withTenant(scope, (tx) => tx.rows('SELECT batch FROM buffer_rollup_backlog ORDER BY batch'));
    const waiting = await batches();
    expect(waiting).toHaveLength(5);
    const some = (most: number) =>
      db.database.withTenant(scope, (tx) => tx.rows('SELECT roll_up_backlog($1::integer) AS done', [most]));
    expect(await some(2)).toEqual([{ done: 2 }]);
    expect(await batches()).toEqual(waiting.slice(2));
    await expectExact(accountId, observed);
    expect([await some(1), await some(100), await some(100)]).toEqual([1, 2, 0].map((done) => [{ done }]));
    await expectExact(accountId, observed);
  });

  it('cannot be written by the application', async () => {
    for (const sql of [
      'UPDATE buffer_rollups SET observations = 0',
      'DELETE FROM buffer_rollups',
      'TRUNCATE buffer_rollups',
      'DELETE FROM buffer_rollup_backlog',
    ]) {
      await expect(db.database.withTenant(scope, (tx) => tx.execute(sql))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
