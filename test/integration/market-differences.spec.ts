// Markets stored as their difference from the one before: every reader gets what it would get of the whole.
import {
  Decimal,
  type InstrumentQuote,
  instantOf,
  type MarketDifference,
  type MarketSnapshot,
  type UnderlyingQuote,
  withDifference,
} from '@ballast/domain';
import {
  ExportStore,
  FirmStore,
  HistoryChainStore,
  InstrumentStore,
  MarketDifferenceStore,
  MarketSnapshotStore,
  snapshotHash,
} from '@ballast/persistence';
import fc from 'fast-check';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { at, option } from '../support/record-samples';

const names = ['ABC', 'XYZ'];
const contracts = names.flatMap((name) =>
  [90, 95, 100, 105, 110].map((strike) => ({ ...option(strike), id: `${name}-${strike}`, underlying: name })),
);
const start = at('2026-11-02T15:00:00Z');

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.close());

async function openFirm(code: string) {
  const { database } = db;
  const scope = { firmId: (await new FirmStore(database).create({ code, name: code })).id };
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(
    scope,
    names.map((id) => ({ id, kind: 'equity' as const, currency: 'USD' })),
  );
  await instruments.upsertMany(scope, contracts);
  const snapshots = new MarketSnapshotStore(database);
  return { scope, snapshots, differences: new MarketDifferenceStore(database, snapshots) };
}

const underlying = (underlyingId: string, price: number, more: Partial<UnderlyingQuote> = {}): UnderlyingQuote => ({
  ...{ underlyingId, kind: 'equity', currency: 'USD', price: new Decimal(price), rate: 0.03, dividendYield: 0 },
  ...{ forwards: [], quotedAt: start, ...more },
});
const quote = (instrumentId: string, mark: number | null, more: Partial<InstrumentQuote> = {}): InstrumentQuote => ({
  ...{ instrumentId, bid: null, ask: null, mark: mark === null ? null : new Decimal(mark), impliedVolatility: 0.2 },
  ...{ quotedAt: start, flags: [], ...more },
});
const first: MarketSnapshot = {
  asOf: start,
  underlyings: new Map(names.map((id) => [id, underlying(id, 100, { forwards: [{ expiry: at('2026-12-18T21:00:00Z'), price: new Decimal(101) }] })])), // prettier-ignore
  instruments: new Map(
    contracts
      .slice(1)
      .map(({ id }) => [id, quote(id, 4)] as const)
      .sort(([left], [right]) => (left < right ? -1 : 1)),
  ),
  fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.08') }],
};
const nothing = { underlyings: [], quotes: [], dropped: [], fx: null };
const later = (seconds: number) => instantOf(start + 1_000 * seconds);
const stored = { source: 'test', quality: 'OK' } as const;

/** What is stated of a market in one step, repetitions of what it says already among it. */
const step = fc.record({
  underlyings: fc.uniqueArray(
    fc.record({ id: fc.constantFrom(...names), price: fc.integer({ min: 90, max: 93 }), forwards: fc.nat(2) }),
    { selector: ({ id }) => id, maxLength: 2 },
  ),
  quotes: fc.uniqueArray(fc.record({ id: fc.constantFrom(...contracts.map(({ id }) => id)), mark: fc.nat(3) }), {
    selector: ({ id }) => id,
    maxLength: 4,
  }),
  dropped: fc.oneof({ weight: 4, arbitrary: fc.constant([]) }, fc.constantFrom(['ABC-95'], ['XYZ-110'])),
  rate: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 4 }),
  complete: fc.boolean(),
  seconds: fc.integer({ min: 1, max: 5 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

function differenceOf({ underlyings, quotes, dropped, rate }: Step, seconds: number): MarketDifference {
  const expiry = (days: number) => instantOf(start + days * 86_400_000);
  return {
    asOf: later(seconds),
    underlyings: underlyings.map(({ id, price, forwards }) =>
      underlying(id, price, {
        forwards: Array.from({ length: forwards }, (_, index) => ({ expiry: expiry(30 + index), price: new Decimal(price) })), // prettier-ignore
      }),
    ),
    quotes: quotes
      .filter(({ id }) => !(dropped as readonly string[]).includes(id))
      .map(({ id, mark }) => quote(id, mark === 0 ? null : mark)),
    dropped,
    fx: rate === null ? null : [{ from: 'EUR', to: 'USD', rate: new Decimal(rate) }],
  };
}

describe('a market stored as a difference', () => {
  it('is to every reader what it would be stored whole, over random streams', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
        const { scope, snapshots, differences } = await openFirm(`R${(number += 1)}`);
        let basedOn = (await snapshots.insert(scope, { ...stored, snapshot: first })).header.id;
        let market = first;
        let seconds = 0;
        const folded: string[] = [];
        for (const each of steps) {
          seconds += each.seconds;
          const difference = differenceOf(each, seconds);
          market = withDifference(market, difference);
          // Sometimes by another process, which has nothing in memory.
          const store = each.complete
            ? new MarketDifferenceStore(db.database, new MarketSnapshotStore(db.database))
            : differences;
          const { header, inserted } = await store.insert(scope, { ...stored, basedOn, difference });
          if (header.parts !== null) folded.push(header.id);
          expect([inserted, header.hash, header.instrumentCount]).toEqual([
            ...[true, snapshotHash(market, 2), market.instruments.size],
          ]);
          const read = await new MarketSnapshotStore(db.database).load(scope, header.id);
          expect(read?.snapshot).toEqual(market);
          expect([...(read?.snapshot.instruments.keys() ?? [])]).toEqual([...market.instruments.keys()]);
          const few = ['ABC-95', 'XYZ-100'];
          const held = new Map([...market.instruments].filter(([id]) => few.includes(id)));
          expect((await snapshots.loadForInstruments(scope, header.id, few))?.snapshot.instruments).toEqual(held);
          expect((await snapshots.loadNext(scope, header.id, few))?.snapshot).toEqual({ ...market, instruments: held });
          expect(await snapshots.insert(scope, { ...stored, snapshot: market })).toMatchObject({
            ...{ inserted: false, header: { id: header.id } },
          });
          if (each.complete) await differences.complete(scope, header.id);
          basedOn = header.id;
        }
        for (const list of ['quotes', 'underlyings'] as const) {
          const page = await new ExportStore(db.database).readPage(scope, list, { snapshotId: basedOn }, { first: 100, after: null }); // prettier-ignore
          const expected = list === 'quotes' ? market.instruments : market.underlyings;
          expect(page.rows.map(([id]) => id)).toEqual([...expected.keys()]);
          const at = list === 'quotes' ? 3 : 3;
          const price = (id: string) => (list === 'quotes' ? market.instruments.get(id)?.mark : market.underlyings.get(id)?.price)?.toFixed() ?? null; // prettier-ignore
          expect(page.rows.map((row) => row[at])).toEqual([...expected.keys()].map(price));
        }
        const report = await new HistoryChainStore(db.database).verify(scope);
        expect(report.breaks).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  it('keeps rows of what was stated alone', async () => {
    const { scope, snapshots, differences } = await openFirm('ROWS');
    const whole = await snapshots.insert(scope, { ...stored, snapshot: first });
    const difference = { ...nothing, asOf: later(1), underlyings: [underlying('XYZ', 101)], quotes: [quote('XYZ-100', 5), quote('XYZ-95', 4)] }; // prettier-ignore
    const { header } = await differences.insert(scope, { ...stored, basedOn: whole.header.id, difference });
    expect(header.parts).toEqual([whole.header.id]);
    const rows = await withClient(db.superuserUrl, async (client) =>
      (
        await client.query<{ name: string }>(
          `SELECT instrument_id AS name FROM instrument_quotes WHERE snapshot_id = $1
           UNION ALL SELECT underlying_id FROM underlying_quotes WHERE snapshot_id = $1`,
          [header.id],
        )
      ).rows.map(({ name }) => name),
    );
    // XYZ-95 was said to be what it was.
    expect(rows).toEqual(['XYZ-100', 'XYZ']);
  });

  it('rests on nothing of another month, and on no more than it may', async () => {
    const { scope, snapshots, differences } = await openFirm('MONTH');
    const whole = await snapshots.insert(scope, { ...stored, snapshot: first });
    const basedOn = whole.header.id;
    const asOf = at('2026-12-01T00:00:00Z');
    const next = await differences.insert(scope, { ...stored, basedOn, difference: { ...nothing, asOf } });
    expect(next.header.parts).toBeNull();
    const all = { ...nothing, asOf: later(2), quotes: contracts.map(({ id }) => quote(id, 7)) };
    expect((await differences.insert(scope, { ...stored, basedOn, difference: all })).header.parts).toBeNull();
    const unknown = differences.insert(scope, { ...stored, basedOn: scope.firmId, difference: all });
    await expect(unknown).rejects.toMatchObject({ code: 'NOT_FOUND' });
    // Past the store, which would not do it.
    const insert = (parts: readonly string[], asOfText: string) =>
      db.database.withTenant(scope, (tx) =>
        tx.execute(
          `INSERT INTO market_snapshots (firm_id, snapshot_id, as_of, content_hash, source, quality, quality_reasons, underlying_count,
             instrument_count, hash_form, parts, dropped, stated_count)
           VALUES ($1, gen_random_uuid(), $2::timestamptz, sha256(random()::text::bytea), 'x', 'OK', '{}', 1, 1, 2, $3, '{}', 0)`,
          [scope.firmId, asOfText, parts],
        ),
      );
    await insert([basedOn], '2026-11-03T00:00:00Z');
    const refused = { code: 'REFERENCE_MISSING' };
    await expect(insert([basedOn], '2026-12-03T00:00:00Z')).rejects.toMatchObject(refused);
    await expect(insert([scope.firmId], '2026-11-04T00:00:00Z')).rejects.toMatchObject(refused);
    await expect(insert([next.header.id, basedOn], '2026-11-05T00:00:00Z')).rejects.toMatchObject(refused); // prettier-ignore
  });

  it('leaves out what was dropped, quoted and dropped again above one that has all of its rows', async () => {
    const { scope, snapshots, differences } = await openFirm('AGAIN');
    let basedOn = (await snapshots.insert(scope, { ...stored, snapshot: first })).header.id;
    let market = first;
    const changes = [
      { dropped: ['ABC-95'] },
      { quotes: [quote('XYZ-100', 5)] },
      { quotes: [quote('ABC-95', 6)] },
      { dropped: ['ABC-95'] },
      { quotes: [quote('XYZ-105', 7)] },
    ];
    for (const [index, change] of changes.entries()) {
      const difference = { ...nothing, asOf: later(index + 1), ...change };
      market = withDifference(market, difference);
      const { header } = await differences.insert(scope, { ...stored, basedOn, difference });
      if (index === 0) await differences.complete(scope, header.id);
      expect(header.parts).not.toBeNull();
      expect((await snapshots.load(scope, header.id))?.snapshot).toEqual(market);
      basedOn = header.id;
    }
  });

  it.each([
    [
      'a quote of the whole one',
      0,
      `UPDATE instrument_quotes SET mark = mark + 1 WHERE instrument_id = 'ABC-100'`,
      [0, 1, 2],
    ],
    ['a quote of a difference', 1, `UPDATE instrument_quotes SET mark = mark + 1`, [1, 2]],
    [
      'a quote that is hidden by a later one',
      0,
      `UPDATE instrument_quotes SET mark = mark + 1 WHERE instrument_id = 'XYZ-100'`,
      [0],
    ],
    ['a quote that a difference lost', 1, `DELETE FROM instrument_quotes`, [1, 2]],
    [
      'a quote that a difference had not',
      2,
      `INSERT INTO instrument_quotes (firm_id, snapshot_id, as_of, instrument_id, mark, quoted_at)
      SELECT firm_id, snapshot_id, as_of, 'ABC-95', 9, as_of FROM market_snapshots`,
      [2],
    ],
    [
      'a quote under a contract that it dropped',
      2,
      `INSERT INTO instrument_quotes (firm_id, snapshot_id, as_of, instrument_id, mark, quoted_at)
      SELECT firm_id, snapshot_id, as_of, 'ABC-110', 9, as_of FROM market_snapshots`,
      [2],
    ],
    ['what it rests on', 2, `UPDATE market_snapshots SET parts = parts[1:1]`, [2]],
    ['what it dropped', 2, `UPDATE market_snapshots SET dropped = '{}'`, [2]],
  ] as const)('names the snapshot of what was changed: %s', async (_, which, sql, expected) => {
    const { scope, snapshots, differences } = await openFirm(`T${Math.random().toString(36).slice(2, 8)}`);
    const ids = [(await snapshots.insert(scope, { ...stored, snapshot: first })).header.id];
    const changes = [
      { ...nothing, asOf: later(1), quotes: [quote('XYZ-100', 5)] },
      { ...nothing, asOf: later(2), quotes: [quote('XYZ-105', 6)], dropped: ['ABC-110'] },
    ];
    for (const difference of changes)
      ids.push((await differences.insert(scope, { ...stored, basedOn: ids.at(-1) as string, difference })).header.id);
    const chain = new HistoryChainStore(db.database);
    expect((await chain.verify(scope)).breakCount).toBe(0);
    await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      const where = `${/INSERT|DELETE|SET mark = mark \+ 1$|parts|dropped/.test(sql) ? ' WHERE' : ' AND'} snapshot_id = '${ids[which]}'`;
      await client.query(sql + where);
    });
    const { breaks } = await chain.verify(scope);
    const named = breaks.map(({ key }) => ids.findIndex((id) => key?.includes(id)));
    expect([...new Set(named)].sort()).toEqual(expected);
  });
});
