import { Decimal, type Instant } from '@ballast/domain';
import { BufferHistoryStore, type BufferRange } from '@ballast/persistence';
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
      [
        scope.firmId,
        JSON.stringify(
          observed.map(({ accountId, at, runId, ...rest }) => {
            return { account_id: accountId, at: new Date(at).toISOString(), run_id: runId, ...rest };
          }),
        ),
      ],
    );
  });
}

describe('roll-ups of buffer history', () => {
  it('say the same as the observations, in whatever order and batches these came', async () => {
    await db.database.ensurePartition(scope, start as Instant);
    const accountId = accountIds[0] as string;
    await withClient(db.superuserUrl, (client) =>
      client.query(
        `SET session_replication_role = replica; DELETE FROM buffer_observations; DELETE FROM buffer_rollups; RESET session_replication_role`,
      ),
    );
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return (seed >>> 8) % below;
    };
    const observed = Array.from({ length: 120 }, (_, index) => {
      const determinate = random(5) > 0;
      const hasRatio = determinate && random(5) > 0;
      return {
        accountId,
        at: start + random(3 * 48) * 1_800_000,
        runId: `00000000-0000-7000-8000-${(index * 7919 + 1).toString(16).padStart(12, '0')}`,
        buffer: determinate ? `${random(2000) - 1000}.5` : null,
        ratio: hasRatio ? `0.${1 + random(9)}${1 + random(9)}` : null,
        status: determinate
          ? (ladder.filter((word) => word !== 'INDETERMINATE')[random(4)] as string)
          : 'INDETERMINATE',
      };
    });
    // One by one and late, then many in one statement.
    for (const one of observed.slice(0, 60)) await insert([one]);
    await insert(observed.slice(60));
    const period = { accountId, from: start as Instant, to: (start + 4 * 86_400_000) as Instant };
    for (const [bucket, width] of [
      ['HOUR', 3_600_000],
      ['DAY', 86_400_000],
    ] as const) {
      const ranges = await history.findRanges(scope, { ...period, bucket });
      expect(ranges.map(asRow)).toEqual(rollUp(observed, width));
      const page = await history.findPage(scope, { ...period, bucket, first: 500 });
      const last = new Map<number, Observed>();
      for (const one of [...observed].sort((l, r) => l.at - r.at || (l.runId < r.runId ? -1 : 1))) {
        last.set(Math.floor(one.at / width), one);
      }
      expect(page.items.map(({ node }) => [node.at, node.runId, node.buffer?.amount.toFixed() ?? null])).toEqual(
        [...last.values()].map(({ at, runId, buffer }) => [at, runId, buffer]),
      );
    }
  });

  it('cannot be written by the application', async () => {
    for (const sql of [
      'UPDATE buffer_rollups SET observations = 0',
      'DELETE FROM buffer_rollups',
      'TRUNCATE buffer_rollups',
    ]) {
      await expect(db.database.withTenant(scope, (tx) => tx.execute(sql))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    }
  });
});
