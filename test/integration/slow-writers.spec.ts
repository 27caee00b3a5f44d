import { Decimal, type Instant, parseInstant } from '@ballast/domain';
import { HistoryChainStore, type TenantTransaction } from '@ballast/persistence';
import type { ImportContext } from '@ballast/use-cases';
import { Client } from 'pg';
import { fileOf } from '../support/import-desk';
import { holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openReplay, openRunMargin } from '../support/run-engine';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const since = parseInstant('2026-06-01T00:00:00Z', 'since');
const asOf = parseInstant('2026-06-02T20:00:00Z', 'asOf');

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
});
afterAll(() => db?.close());
beforeEach(async () => {
  firm = await lifecycleFirm(desk);
  await desk.importHaircuts.execute({ ...firm, effectiveFrom: since }, [
    fileOf('h.csv', 'assetClass,haircut\nShares,0.25\n'),
  ]);
  await holdPositions(desk, firm, ['A1,ALTA,10,']);
  await cash('A1', '5000');
  const time = '2026-06-02T19:59:00Z';
  await desk.importMarket.execute(firm, [
    fileOf('q.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\nALTA,,,105,,${time}\n`),
    fileOf('u.csv', `underlying,kind,currency,price,rate,dividendYield,timestamp\nALTA,equity,USD,105,0,0,${time}\n`),
  ]);
});

const cash = async (account: string, amount: string, tx?: TenantTransaction) =>
  desk.balances.record(tx ?? firm, {
    accountId: await idOf(account),
    ...{ currency: 'USD', amount: new Decimal(amount), valueAt: since, reason: 'test', recordedBy: 'ada' },
  });
const idOf = async (code: string) => (await desk.accounts.findByCode(firm, code))?.id ?? '';
const run = () => openRunMargin(db.database).execute({ firmId: firm.firmId, asOf, requestedBy: 'test' });
const replay = async (runId: string) =>
  (await openReplay(db.database).execute({ firmId: firm.firmId, runId })).differences.map(
    ({ account, field }) => `${account} ${field}`,
  );
const clock = async (): Promise<Instant> => {
  const sql = 'SELECT current_instant() AS now, pg_sleep(0.003)';
  const rows = await db.database.withTenant(firm, (tx) => tx.rows<{ now: Date }>(sql));
  return rows[0]?.now.getTime() as Instant;
};

/** Everything the three ledgers say of A1 and A2, as known at a time. */
async function bookKnown(knownAt: Instant): Promise<string> {
  const ids = [await idOf('A1'), await idOf('A2')];
  const at = { validAt: asOf, knownAt };
  const found = [
    await desk.positions.findAsOf(firm, ids, at),
    await desk.balances.findAsOf(firm, ids, at),
    await desk.collateral.findAsOf(firm, ids, at),
  ].map((ledger) => ids.map((id) => ledger.get(id) ?? []));
  return JSON.stringify(found);
}

/** Lets a writer write, does something before it commits, and lets it commit. */
async function amid<T>(write: (tx: TenantTransaction) => Promise<unknown>, meanwhile: () => Promise<T>): Promise<T> {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let wrote: () => void = () => undefined;
  const written = new Promise<void>((resolve) => (wrote = resolve));
  const writer = db.database.withTenant(firm, async (tx) => {
    await write(tx);
    wrote();
    await released;
  });
  try {
    await Promise.race([written, writer]);
    await clock();
    return await meanwhile();
  } finally {
    release();
    await writer;
  }
}

const writers: readonly (readonly [string, (tx: TenantTransaction) => Promise<unknown>])[] = [
  ['balances, twice on one account', async (tx) => [await cash('A1', '900', tx), await cash('A1', '700', tx)]],
  [
    'collateral',
    async (tx) =>
      desk.collateral.record(tx, {
        ...{ accountId: await idOf('A1'), validFrom: since, mode: 'REPLACE', source: 'c.csv', recordedBy: 'ada' },
        holdings: [
          { asset: 'ALTA', kind: 'security', assetClass: 'Shares', schedule: 'HOUSE', quantity: new Decimal(100) },
        ],
      }),
  ],
  [
    'positions',
    async (tx) =>
      desk.positions.record(tx, {
        ...{ accountId: await idOf('A1'), validFrom: since, mode: 'REPLACE', source: 'p.csv' },
        positions: [{ instrumentId: 'ALTA', quantity: new Decimal(77) }],
      }),
  ],
];

describe('a writer that takes long', () => {
  it.each(writers)('%s: what is asked while it writes is answered the same afterwards', async (_, write) => {
    const before = await bookKnown(await clock());
    const { moment, during, started } = await amid(write, async () => {
      // Another account may be written to, and the run that follows sees it: nobody waits for the writer.
      await cash('A2', '1234');
      const started = await run();
      const moment = await clock();
      return { moment, during: await bookKnown(moment), started };
    });
    expect(during).not.toBe(before);
    expect(await bookKnown(moment)).toBe(during);
    expect(JSON.parse(during)).toMatchObject([
      [[{ quantity: '10' }], []],
      [[{ amount: '5000' }], [{ amount: '1234' }]],
      [[], []],
    ]);
    expect(await replay(started.id)).toEqual([]);
    const later = await clock();
    expect(await bookKnown(later)).not.toBe(during);
    const next = await run();
    expect(next.resultHash).not.toBe(started.resultHash);
    expect(await replay(next.id)).toEqual([]);
    expect((await new HistoryChainStore(db.database).verify({ firmId: firm.firmId })).breaks).toEqual([]);
  });

  it('a file of positions: a run in the middle neither sees nor waits for it, and is replayed bit for bit', async () => {
    const blocker = new Client({ connectionString: db.superuserUrl });
    await blocker.connect();
    try {
      // The import writes its rows, and then who delivered the file: there it is held up.
      await blocker.query('BEGIN; LOCK TABLE file_deliveries IN ACCESS EXCLUSIVE MODE');
      let ended = false;
      const importing = holdPositions(desk, firm, ['A1,ALTA,500,', 'A2,ALTA,-30,'], since).finally(
        () => (ended = true),
      );
      const sql = `SELECT 1 FROM pg_locks WHERE relation = 'file_deliveries'::regclass AND NOT granted`;
      while ((await blocker.query(sql)).rows.length === 0) await clock();
      const moment = await clock();
      const started = await run();
      const during = await bookKnown(moment);
      expect(ended).toBe(false);
      await blocker.query('COMMIT');
      await importing;
      expect(await replay(started.id)).toEqual([]);
      expect(await bookKnown(moment)).toBe(during);
      const stamps = await db.database.withTenant(firm, (tx) =>
        tx.rows<{ stamp: Date }>('SELECT DISTINCT max(known_at) AS stamp FROM position_statements'),
      );
      // The stamp of the file lies before the run, and who asks for that very instant gets the file.
      const stamp = stamps[0]?.stamp.getTime() as Instant;
      expect(stamp).toBeLessThan(started.knownAt);
      const [positions] = JSON.parse(await bookKnown(stamp)) as unknown[];
      expect(positions).toMatchObject([[{ quantity: '500' }], [{ quantity: '-30' }]]);
      // The check can fail: without the ends of the writers the replay would differ.
      await withClient(db.superuserUrl, async (client) => {
        const body = `CREATE OR REPLACE FUNCTION unseen_stamps(moment timestamptz) RETURNS timestamptz[] LANGUAGE sql STABLE AS`;
        const { rows } = await client.query<{ source: string }>(
          `SELECT prosrc AS source FROM pg_proc WHERE proname = 'unseen_stamps'`,
        );
        await client.query(`${body} $$ SELECT '{}'::timestamptz[] $$`);
        expect(await replay(started.id)).toEqual(expect.arrayContaining(['A1 inputHash', 'A2 inputHash']));
        await client.query(`${body} $$ ${rows[0]?.source} $$`);
        expect(await replay(started.id)).toEqual([]);
      });
    } finally {
      await blocker.end();
    }
  });

  it('shares none of its further stamps: what others commit meanwhile stays known', async () => {
    const answers: (readonly [Instant, string])[] = [];
    await amid(
      async (tx) => {
        for (let turn = 0; turn < 25; turn += 1) {
          await cash('A1', String(turn), tx);
          await cash('A2', String(1_000 + turn));
          const moment = await clock();
          answers.push([moment, await bookKnown(moment)]);
        }
      },
      async () => undefined,
    );
    expect(new Set(answers.map(([, answer]) => answer)).size).toBe(25);
    for (const [moment, answer] of answers) expect(await bookKnown(moment)).toBe(answer);
    const [shared] = await db.database.withTenant(firm, (tx) =>
      tx.rows<{ stamps: number; distinct: number; early: number }>(
        `SELECT count(*)::integer AS stamps, count(DISTINCT lower(known))::integer AS distinct,
           (SELECT count(*)::integer FROM record_writes WHERE ended_at < (SELECT max(s) FROM unnest(stamps) AS s)) AS early
         FROM balances WHERE lower(known) > (SELECT min(known_at) FROM market_snapshots)`,
      ),
    );
    expect(shared).toEqual({ stamps: 50, distinct: 50, early: 0 });
  });

  it('gives accounts of one file that begin on several days stamps in order of the days', async () => {
    await holdPositions(desk, firm, ['A2,ALTA,3,'], since);
    const header = 'account,instrument,quantity,averagePrice,validFrom\n';
    const rows =
      'A1,ALTA,1,,2026-06-01T01:00:00Z\nA1,ALTA-C100,2,,2026-06-01T02:00:00Z\nA2,ALTA,7,,2026-06-01T02:00:00Z\n';
    await desk.importPositions.execute({ ...firm, mode: 'MERGE', validFrom: since }, fileOf('days.csv', header + rows));
    const stamps = await db.database.withTenant(firm, (tx) =>
      tx.rows<{ code: string; rank: number; known: Date }>(
        `SELECT a.code, rank() OVER (PARTITION BY account_id ORDER BY valid_from)::integer AS rank, known_at AS known
         FROM position_statements JOIN accounts a USING (account_id) WHERE source LIKE 'days.csv%' ORDER BY a.code, valid_from`,
      ),
    );
    expect(stamps.map(({ code, rank }) => `${code} ${rank}`)).toEqual(['A1 1', 'A1 2', 'A2 1']);
    expect(Number(stamps[1]?.known)).toBeGreaterThan(Number(stamps[0]?.known));
    expect(Number(stamps[2]?.known)).toBe(Number(stamps[0]?.known));
  });

  it('has a stamp of its own, whoever else writes in that millisecond, and is never known before it can be seen', async () => {
    const stamps = new Set<number>();
    const codes = ['A1', 'A2', 'A3'];
    const write = (index: number) =>
      db.database.withTenant(firm, async (tx) => {
        await cash(codes[index % 3] as string, String(index), tx);
        const [row] = await tx.rows<{ stamp: Date }>('SELECT known_instant() AS stamp');
        stamps.add(row?.stamp.getTime() as number);
      });
    for (let round = 0; round < 10; round += 1) await Promise.all([1, 2, 3].map((place) => write(3 * round + place)));
    expect(stamps.size).toBe(30);
    const writes = await db.database.withTenant(firm, (tx) =>
      tx.rows<{ early: number; writes: number }>(
        `SELECT count(*) FILTER (WHERE ended_at <= began_at)::integer AS early, count(*)::integer AS writes FROM record_writes`,
      ),
    );
    expect(writes[0]?.early).toBe(0);
  });
});
