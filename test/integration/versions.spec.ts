import { Decimal, type Instant, type Position } from '@ballast/domain';
import { AccountStore, BalanceStore, FirmStore, InstrumentStore, newId, PositionStore } from '@ballast/persistence';
import { letKnownTimesBeStated } from '../support/known-times';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account, at, option } from '../support/record-samples';

let db: TestDatabase;
let scope: { firmId: string };
let positions: PositionStore;
let balances: BalanceStore;
let nextCode = 0;

const contracts = [option(90), option(95), option(100)];
const [a, b, c] = contracts.map(({ id }) => id) as [string, string, string];

const monday = at('2026-11-16T21:00:00Z');
const tuesday = at('2026-11-17T21:00:00Z');
const wednesday = at('2026-11-18T21:00:00Z');
const thursday = at('2026-11-19T21:00:00Z');

beforeAll(async () => {
  db = await openTestDatabase();
  await letKnownTimesBeStated(db.superuserUrl);
  scope = { firmId: (await new FirmStore(db.database).create({ code: 'ALPHA', name: 'Alpha' })).id };
  const instruments = new InstrumentStore(db.database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, contracts);
  positions = new PositionStore(db.database);
  balances = new BalanceStore(db.database);
});

afterAll(async () => {
  await db?.close();
});

async function newAccount(): Promise<string> {
  nextCode += 1;
  const { accounts } = await new AccountStore(db.database).upsertMany(scope, [account(`V-${nextCode}`)]);
  return accounts.get(`V-${nextCode}`)?.id as string;
}

const book = (quantities: Record<string, number>): Position[] =>
  Object.entries(quantities).map(([instrumentId, quantity]) => ({ instrumentId, quantity: new Decimal(quantity) }));

function record(
  accountId: string,
  validFrom: Instant,
  quantities: Record<string, number>,
  mode: 'REPLACE' | 'MERGE' = 'REPLACE',
  knownAt?: Instant,
) {
  const statement = { accountId, validFrom, mode, positions: book(quantities), source: 'test' };
  return positions.record(scope, knownAt === undefined ? statement : { ...statement, knownAt });
}

async function held(accountId: string, validAt: Instant, knownAt?: Instant): Promise<Record<string, number>> {
  const found = await positions.findAsOf(scope, [accountId], { validAt, knownAt });
  return Object.fromEntries(
    (found.get(accountId) ?? []).map(({ instrumentId, quantity }) => [instrumentId, quantity.toNumber()]),
  );
}

describe('positions', () => {
  it('are those of the latest statement at or before a time', async () => {
    const id = await newAccount();
    expect(await record(id, monday, { [a]: -5, [b]: 10 })).toMatchObject({ changed: 2, unchanged: 0 });
    expect(await record(id, wednesday, { [a]: -5, [c]: 3 })).toMatchObject({ changed: 2, unchanged: 1 });
    expect(await held(id, (monday - 1) as Instant)).toEqual({});
    expect(await held(id, monday)).toEqual({ [a]: -5, [b]: 10 });
    expect(await held(id, tuesday)).toEqual({ [a]: -5, [b]: 10 });
    expect(await held(id, wednesday)).toEqual({ [a]: -5, [c]: 3 });
  });

  it('delivered twice are recorded once', async () => {
    const id = await newAccount();
    await record(id, monday, { [a]: -5 });
    expect(await record(id, monday, { [a]: -5 })).toEqual({ statementId: null, changed: 0, unchanged: 1 });
    expect(await record(id, monday, { [a]: -5, [b]: 0 })).toMatchObject({ changed: 0 });
  });

  it('corrected for the past show both what is known now and what was known then', async () => {
    const id = await newAccount();
    const first = at('2026-11-19T08:00:00Z');
    const second = at('2026-11-20T08:00:00Z');
    await record(id, monday, { [a]: -5, [b]: 10 }, 'REPLACE', first);
    await record(id, monday, { [a]: -6, [b]: 10 }, 'REPLACE', second);
    expect(await held(id, tuesday)).toEqual({ [a]: -6, [b]: 10 });
    expect(await held(id, tuesday, first)).toEqual({ [a]: -5, [b]: 10 });
    expect(await held(id, tuesday, (second - 1) as Instant)).toEqual({ [a]: -5, [b]: 10 });
    expect(await held(id, tuesday, second)).toEqual({ [a]: -6, [b]: 10 });
    expect(await held(id, tuesday, (first - 1) as Instant)).toEqual({});
  });

  it('corrected between two statements of the whole book leave the later one as it was stated', async () => {
    const id = await newAccount();
    await record(id, monday, { [a]: -5, [b]: 10 });
    // Says the same about b, so no version of b begins here; it is stated nevertheless.
    await record(id, wednesday, { [a]: -4, [b]: 10 });
    await record(id, tuesday, { [b]: 99 });
    expect(await held(id, monday)).toEqual({ [a]: -5, [b]: 10 });
    expect(await held(id, tuesday)).toEqual({ [b]: 99 });
    expect(await held(id, wednesday)).toEqual({ [a]: -4, [b]: 10 });
  });

  it('merged change only what is named; quantity 0 ends a position', async () => {
    const id = await newAccount();
    await record(id, monday, { [a]: -5, [b]: 10 });
    expect(await record(id, tuesday, { [b]: 0, [c]: 1 }, 'MERGE')).toMatchObject({ changed: 2 });
    expect(await held(id, tuesday)).toEqual({ [a]: -5, [c]: 1 });
    await record(id, thursday, { [c]: 2 }, 'MERGE');
    await record(id, wednesday, { [c]: 7 }, 'MERGE');
    expect(await held(id, wednesday)).toEqual({ [a]: -5, [c]: 7 });
    expect(await held(id, thursday)).toEqual({ [a]: -5, [c]: 2 });
  });

  it('keep every digit and the average price', async () => {
    const id = await newAccount();
    const exact = {
      instrumentId: a,
      quantity: new Decimal('-0.00000001'),
      averagePrice: new Decimal('12345678901234567.1234567891'),
    };
    await positions.record(scope, {
      accountId: id,
      validFrom: monday,
      mode: 'REPLACE',
      positions: [exact],
      source: 'test',
    });
    expect((await positions.findAsOf(scope, [id], { validAt: monday })).get(id)).toEqual([exact]);
  });

  it('are refused for an unknown account, an unknown or doubled instrument, and a known time that goes back', async () => {
    const id = await newAccount();
    await expect(record(newId(), monday, { [a]: 1 })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(record(id, monday, { UNKNOWN: 1 })).rejects.toMatchObject({ code: 'REFERENCE_MISSING' });
    const twice = {
      accountId: id,
      validFrom: monday,
      mode: 'MERGE' as const,
      source: 'x',
      positions: [...book({ [a]: 1 }), ...book({ [a]: 2 })],
    };
    await expect(positions.record(scope, twice)).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    await record(id, monday, { [a]: 1 }, 'REPLACE', thursday);
    await expect(record(id, tuesday, { [a]: 2 }, 'REPLACE', wednesday)).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await held(id, tuesday)).toEqual({ [a]: 1 });
  });

  it('recorded by many at once end as one of them said, without overlap', async () => {
    const id = await newAccount();
    await Promise.all(Array.from({ length: 20 }, (_, index) => record(id, monday, { [a]: index + 1, [b]: index + 1 })));
    const now = await held(id, monday);
    expect(now[a]).toBe(now[b]);
    const open = await withClient(db.superuserUrl, async (client) => {
      const sql = 'SELECT count(*)::integer AS open FROM positions WHERE account_id = $1 AND upper_inf(known)';
      return (await client.query(sql, [id])).rows;
    });
    expect(open).toEqual([{ open: 2 }]);
  });

  it('cannot overlap in the table, whatever writes them', async () => {
    const id = await newAccount();
    await record(id, monday, { [a]: 1 });
    const again = db.database.withTenant(scope, (tx) =>
      tx.execute(
        `INSERT INTO positions (firm_id, account_id, instrument_id, statement_id, quantity, valid, known)
         SELECT firm_id, account_id, instrument_id, statement_id, 2, tstzrange($2, NULL), tstzrange($3, NULL) FROM positions WHERE account_id = $1`,
        [id, '2026-11-18T00:00:00Z', '2026-12-01T00:00:00Z'],
      ),
    );
    await expect(again).rejects.toMatchObject({ code: 'CONFLICT', message: /positions_versions_do_not_overlap/ });
  });

  it('page by page give the whole book', async () => {
    const id = await newAccount();
    await record(id, monday, { [a]: 1, [b]: 2, [c]: 3 });
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const page = await positions.findPageAsOf(scope, { accountId: id, validAt: tuesday, first: 1, after });
      seen.push(...page.items.map(({ node }) => node.instrumentId));
      after = page.items.at(-1)?.cursor ?? null;
      more = page.hasNextPage;
    }
    expect(seen).toEqual([a, b, c].sort());
  });
});

describe('balances', () => {
  const cash = (accountId: string, amount: string, valueAt: Instant, currency = 'USD', knownAt?: Instant) => {
    const statement = { accountId, currency, amount: new Decimal(amount), valueAt, reason: 'test', recordedBy: 'ann' };
    return balances.record(scope, knownAt === undefined ? statement : { ...statement, knownAt });
  };
  const amounts = async (accountId: string, validAt: Instant, knownAt?: Instant): Promise<Record<string, string>> => {
    const found = (await balances.findAsOf(scope, [accountId], { validAt, knownAt })).get(accountId) ?? [];
    return Object.fromEntries(found.map(({ currency, amount }) => [currency, amount.toFixed()]));
  };

  it('are true from their value time until the next one, per currency', async () => {
    const id = await newAccount();
    await cash(id, '1000.25', monday);
    await cash(id, '-20', monday, 'EUR');
    await cash(id, '900', wednesday);
    expect(await amounts(id, tuesday)).toEqual({ USD: '1000.25', EUR: '-20' });
    expect(await amounts(id, wednesday)).toEqual({ USD: '900', EUR: '-20' });
    expect(await cash(id, '900', wednesday)).toEqual({ changed: false });
  });

  it('corrected keep what was known', async () => {
    const id = await newAccount();
    await cash(id, '1', monday, 'USD', wednesday);
    await cash(id, '2', monday, 'USD', thursday);
    expect(await amounts(id, tuesday)).toEqual({ USD: '2' });
    expect(await amounts(id, tuesday, wednesday)).toEqual({ USD: '1' });
    await expect(cash(id, '3', monday, 'USD', thursday)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('of NaN or with more digits than the record keeps are refused by name', async () => {
    const id = await newAccount();
    await expect(cash(id, 'NaN', monday)).rejects.toMatchObject({ code: 'VALUE_REFUSED', message: /amount/ });
    await expect(cash(id, `0.${'1'.repeat(21)}`, monday)).rejects.toMatchObject({ code: 'VALUE_REFUSED' });
    expect(await amounts(id, monday)).toEqual({});
  });
});
