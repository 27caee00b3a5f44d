import type { Instant } from '@ballast/domain';
import {
  AccountStore,
  BufferHistoryStore,
  FirmStore,
  type HistoryBucket,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  RiskParameterStore,
} from '@ballast/persistence';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { account, at, indeterminateResult, newRun, option, result, snapshot } from '../support/record-samples';

let db: TestDatabase;
let scope: { firmId: string };
let history: BufferHistoryStore;
let accounts: AccountStore;
let ids: Map<string, string>;

/** Buffers of account H-1 by time: three days, one with a gap, one with two runs at one instant. */
const observations: readonly (readonly [string, string])[] = [
  ['2026-10-30T21:00:00Z', '500.00'],
  ['2026-10-31T09:10:00Z', '400.00'],
  ['2026-10-31T09:50:00Z', '450.00'],
  ['2026-10-31T21:00:00Z', '300.00'],
  ['2026-11-02T08:00:00Z', '-100.00'],
  ['2026-11-02T08:00:00Z', '-120.00'],
];

beforeAll(async () => {
  db = await openTestDatabase();
  const { database } = db;
  scope = { firmId: (await new FirmStore(database).create({ code: 'ALPHA', name: 'Alpha' })).id };
  history = new BufferHistoryStore(database);
  accounts = new AccountStore(database);
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, [option(100)]);
  const codes = ['H-1', 'H-2', 'H-3', 'H-4', 'H-5', 'H-6'];
  const upserted = await accounts.upsertMany(scope, codes.map(account));
  ids = new Map([...upserted.accounts].map(([code, { id }]) => [code, id]));
  const market = {
    snapshot: snapshot(at('2026-10-30T21:00:00Z'), [option(100)]),
    source: 'test',
    quality: 'OK' as const,
  };
  const snapshotId = (await new MarketSnapshotStore(database).insert(scope, market)).header.id;
  const set = {
    methodology: 'SPAN' as const,
    name: 'd',
    effectiveFrom: 0 as Instant,
    parameters: {},
    proposedBy: 'ann',
  };
  const parameterSetId = (await new RiskParameterStore(database).propose(scope, set)).id;
  const runs = new MarginRunStore(database);
  const write = (time: string, buffers: Record<string, string | null>) => {
    const results = Object.entries(buffers).map(([code, buffer]) => {
      const id = ids.get(code) as string;
      return buffer === null ? indeterminateResult(id, parameterSetId) : result(id, parameterSetId, buffer);
    });
    return runs.record(scope, newRun({ asOf: at(time), snapshotId, accountCount: results.length }), async (sink) => {
      await sink.write(results);
      return { resultHash: 'a'.repeat(64) };
    });
  };
  for (const [time, buffer] of observations) await write(time, { 'H-1': buffer });
  await write('2026-11-03T00:00:00Z', { 'H-2': '700.00', 'H-3': '-50.00', 'H-4': '700.00', 'H-5': null });
});

afterAll(async () => {
  await db?.close();
});

async function read(bucket: HistoryBucket, first: number, from = '2026-10-01T00:00:00Z', to = '2026-12-01T00:00:00Z') {
  const seen: string[] = [];
  for (let after: string | null = null, more = true; more;) {
    const request = { accountId: ids.get('H-1') as string, from: at(from), to: at(to), bucket, first, after };
    const page = await history.findPage(scope, request);
    expect(page.items.length).toBeLessThanOrEqual(first);
    seen.push(
      ...page.items.map(
        ({ node }) => `${new Date(node.at).toISOString().slice(5, 16)} ${node.buffer?.amount.toFixed()}`,
      ),
    );
    after = page.items.at(-1)?.cursor ?? null;
    more = page.hasNextPage;
  }
  return seen;
}

describe('buffer history', () => {
  it('lists every observation in order of time, whatever the page size', async () => {
    const whole = await read('RAW', 500);
    expect(whole.slice(0, 4)).toEqual(['10-30T21:00 500', '10-31T09:10 400', '10-31T09:50 450', '10-31T21:00 300']);
    expect(whole.slice(4).sort()).toEqual(['11-02T08:00 -100', '11-02T08:00 -120']);
    for (const first of [1, 2, 4]) expect(await read('RAW', first)).toEqual(whole);
  });

  it('includes both ends of the period', async () => {
    const ends = ['2026-10-31T09:10:00Z', '2026-10-31T21:00:00Z'] as const;
    expect(await read('RAW', 10, ...ends)).toEqual(['10-31T09:10 400', '10-31T09:50 450', '10-31T21:00 300']);
  });

  it('by hour and by day is the last observation of each bucket that has one', async () => {
    const raw = await read('RAW', 500);
    const last = raw.at(-1) as string;
    for (const first of [1, 2, 500]) {
      expect(await read('HOUR', first)).toEqual(['10-30T21:00 500', '10-31T09:50 450', '10-31T21:00 300', last]);
      expect(await read('DAY', first)).toEqual(['10-30T21:00 500', '10-31T21:00 300', last]);
    }
    expect(await read('DAY', 10, '2026-10-31T00:00:00Z', '2026-10-31T09:30:00Z')).toEqual(['10-31T09:10 400']);
  });

  it('by hour over a very long period says the same as over a short one', async () => {
    expect(await read('HOUR', 10, '1990-01-01T00:00:00Z', '2099-01-01T00:00:00Z')).toEqual(await read('HOUR', 10));
  });

  it('has open, high, low and close per day', async () => {
    const request = {
      accountId: ids.get('H-1') as string,
      from: at('2026-10-31T00:00:00Z'),
      to: at('2026-10-31T23:59:59Z'),
    };
    const [range] = await history.findRanges(scope, { ...request, bucket: 'DAY' });
    expect(range).toMatchObject({ from: at('2026-10-31T00:00:00Z'), observations: 3 });
    const figures = [range?.bufferOpen, range?.bufferHigh, range?.bufferLow, range?.bufferClose, range?.ratioClose];
    expect(figures.map((figure) => figure?.toFixed())).toEqual(['400', '450', '300', '300', '0.3']);
    expect(await history.findRanges(scope, { ...request, bucket: 'HOUR' })).toHaveLength(2);
  });

  it('refuses a period that ends before it begins, and a cursor of another list or firm', async () => {
    const accountId = ids.get('H-1') as string;
    const period = { accountId, from: at('2026-10-01T00:00:00Z'), to: at('2026-12-01T00:00:00Z'), first: 1 };
    const backwards = history.findPage(scope, { ...period, bucket: 'RAW', from: period.to, to: period.from });
    await expect(backwards).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    const cursor = (await history.findPage(scope, { ...period, bucket: 'RAW' })).items[0]?.cursor as string;
    const other = { firmId: (await new FirmStore(db.database).create({ code: 'OTHER', name: 'Other' })).id };
    const tampered = Buffer.from(`${Buffer.from(cursor, 'base64url').toString()} `).toString('base64url');
    for (const attempt of [
      history.findPage(scope, { ...period, bucket: 'DAY', after: cursor }),
      history.findPage(scope, { ...period, to: at('2026-12-02T00:00:00Z'), bucket: 'RAW', after: cursor }),
      history.findPage(other, { ...period, bucket: 'RAW', after: cursor }),
      history.findPage(scope, { ...period, bucket: 'RAW', after: 'AAAA' }),
      history.findPage(scope, { ...period, bucket: 'RAW', after: '[]' }),
      history.findPage(scope, { ...period, bucket: 'RAW', after: `${tampered.slice(0, -6)}000000` }),
    ]) {
      await expect(attempt).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    }
  });

  it.each([0, -1, 1.5, Number.NaN, 2_147_483_648])('refuses a page of %p', async (first) => {
    const request = {
      accountId: ids.get('H-1') as string,
      from: 0 as Instant,
      to: 1 as Instant,
      bucket: 'RAW' as const,
      first,
    };
    await expect(history.findPage(scope, request)).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
  });
});

describe('the account list', () => {
  type Order = Parameters<AccountStore['findPage']>[1]['orderBy'];

  async function list(orderBy: Order, first: number, filter = {}): Promise<string[]> {
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await accounts.findPage(scope, { first, after, orderBy, filter });
      seen.push(...page.items.map(({ node }) => node.code));
      after = page.items.at(-1)?.cursor ?? null;
      more = page.hasNextPage;
    }
    return seen;
  }

  /** Order by id, which breaks ties. */
  const byId = (...codes: string[]): string[] =>
    codes.sort((left, right) => ((ids.get(left) as string) < (ids.get(right) as string) ? -1 : 1));

  it('by buffer ratio puts those without one last in both directions, and the id breaks ties', async () => {
    const none = byId('H-5', 'H-6');
    const rising = ['H-1', 'H-3', ...byId('H-2', 'H-4'), ...none];
    const falling = [...byId('H-2', 'H-4'), 'H-3', 'H-1', ...none];
    for (const first of [1, 2, 3, 100]) {
      expect(await list({ field: 'BUFFER_RATIO', direction: 'ASC' }, first)).toEqual(rising);
      expect(await list({ field: 'BUFFER_RATIO', direction: 'DESC' }, first)).toEqual(falling);
    }
  });

  it('by code, filtered by status, methodology and text, counts what it lists', async () => {
    const byCode = { field: 'CODE', direction: 'DESC' } as const;
    expect(await list(byCode, 4)).toEqual(['H-6', 'H-5', 'H-4', 'H-3', 'H-2', 'H-1']);
    const calls = { statuses: ['MARGIN_CALL' as const] };
    expect(await list(byCode, 1, calls)).toEqual(['H-3', 'H-1']);
    expect(await accounts.count(scope, calls)).toBe(2);
    expect(await list(byCode, 10, { search: 'account h-2' })).toEqual(['H-2']);
    expect(await list(byCode, 10, { search: '%' })).toEqual([]);
    expect(await list(byCode, 10, { methodology: 'TIMS' })).toEqual([]);
  });

  it('shows the newest buffer of each account, and none where no run has been', async () => {
    const page = await accounts.findPage(scope, { first: 100, orderBy: { field: 'CODE', direction: 'ASC' } });
    const ids = page.items.map(({ node }) => node.id);
    const latest = await history.findLatest(scope, ids);
    const shown = ids.map((id) => latest.get(id)?.buffer?.amount.toFixed() ?? latest.get(id)?.status);
    expect([['-100', '-120'].includes(shown[0] as string), ...shown.slice(1)]).toEqual([
      true,
      '700',
      '-50',
      '700',
      'INDETERMINATE',
      undefined,
    ]);
  });
});
