// Bad market data injected into a good market, through the files a firm imports: every case is refused, or flagged with the
// code that names it; in none does a requirement fall without a flag (reliability of degraded data).
import { Decimal, type Instant, instantOf, parseInstant } from '@ballast/domain';
import { FileRefusal } from '@ballast/formats';
import { BalanceStore, PositionStore, RequirementStore } from '@ballast/persistence';
import { blackScholes } from '@ballast/pricing';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { openRunMargin } from '../support/run-engine';

let db: TestDatabase;
let desk: ImportDesk;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
});
afterAll(() => db?.close());

const good = parseInstant('2026-01-05T15:00:00Z', 'good');
const bad = instantOf(good + 600_000);
const stamp = (instant: number): string => new Date(instant).toISOString();
const expiries = { NEAR: '2026-03-20T20:00:00Z', FAR: '2026-06-18T20:00:00Z' } as const;
const strikes = [80, 90, 95, 100, 105, 110, 120];

interface QuoteRow {
  bid: string;
  ask: string;
  mark: string;
  iv: string;
  time: string;
}
interface Market {
  quotes: Map<string, QuoteRow>;
  underlying: { price: string; rate: string; dividendYield: string; time: string };
  fx: Map<string, string>;
}

const ids = Object.keys(expiries).flatMap((term) => strikes.flatMap((strike) => [`${term}-${strike}-C`, `${term}-${strike}-P`])); // prettier-ignore

function goodMarket(at: number, volatility = 0.3): Market {
  const quotes = new Map(
    ids.map((id) => {
      const [term, strike, right] = id.split('-') as [keyof typeof expiries, string, 'C' | 'P'];
      const { price } = blackScholes({
        right: right === 'C' ? 'call' : 'put',
        spot: 100,
        strike: Number(strike),
        yearsToExpiry: (Date.parse(expiries[term]) - at) / (365 * 86_400_000),
        rate: 0.03,
        dividendYield: 0,
        volatility,
      });
      const side = (factor: number) => (price * factor).toFixed(6);
      return [id, { bid: side(0.99), ask: side(1.01), mark: side(1), iv: '', time: stamp(at) }];
    }),
  );
  const fx = new Map([['EUR,USD', '1.1'], ['GBP,USD', '1.3'], ['EUR,GBP', (1.1 / 1.3).toFixed(8)]]); // prettier-ignore
  return { quotes, underlying: { price: '100', rate: '0.03', dividendYield: '0', time: stamp(at) }, fx };
}

const filesOf = ({ quotes, underlying: u, fx }: Market) => [
  fileOf('quotes.csv', ['instrument,bid,ask,mark,impliedVolatility,timestamp', ...[...quotes].map(([id, q]) => [id, q.bid, q.ask, q.mark, q.iv, q.time].join(','))].join('\n')), // prettier-ignore
  fileOf('underlyings.csv', `underlying,kind,currency,price,rate,dividendYield,timestamp\nX,equity,USD,${u.price},${u.rate},${u.dividendYield},${u.time}`), // prettier-ignore
  fileOf('fx.csv', ['from,to,rate', ...[...fx].map(([pair, rate]) => `${pair},${rate}`)].join('\n')),
];

const held = { 'NEAR-100-C': -5, 'NEAR-90-P': -3, 'FAR-110-C': 2 };

/** A firm whose account in euros holds contracts in dollars, evaluated on a good market. */
async function openCase(changes: { expiry?: string } = {}) {
  const context = await newFirm(desk);
  const scope = { firmId: context.firmId };
  await desk.importAccounts.execute(context, fileOf('a.csv', 'code,name,baseCurrency,methodology\nA,A,EUR,TIMS\n'));
  const terms = ids.map((id) => {
    const [term, strike, right] = id.split('-') as [keyof typeof expiries, string, string];
    const expiry = term === 'NEAR' ? (changes.expiry ?? expiries.NEAR) : expiries.FAR;
    return `${id},option,X,${right === 'C' ? 'call' : 'put'},${strike},${expiry},european,100,USD,linear,equity`;
  });
  const header = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
  const [, underlyings] = filesOf(goodMarket(good)) as [unknown, ReturnType<typeof fileOf>];
  await desk.importInstruments.execute(context, [fileOf('i.csv', [header, ...terms].join('\n')), underlyings]);
  const accountId = (await desk.accounts.findByCode(scope, 'A'))?.id ?? '';
  const since = instantOf(good - 86_400_000);
  const positions = Object.entries(held).map(([instrumentId, quantity]) => ({ instrumentId, quantity: new Decimal(quantity) })); // prettier-ignore
  await new PositionStore(db.database).record(scope, { accountId, validFrom: since, mode: 'REPLACE', positions, source: 'test' }); // prettier-ignore
  const cash = { accountId, currency: 'EUR', amount: new Decimal(50_000), reason: 'x', recordedBy: 'x' };
  await new BalanceStore(db.database).record(scope, { ...cash, valueAt: since });
  const evaluate = async (asOf: Instant) => {
    await openRunMargin(db.database).execute({ ...scope, asOf, requestedBy: 'test' });
    const found = (await new RequirementStore(db.database).findLatest(scope, [accountId], { asOf })).get(accountId);
    if (found === undefined) throw new Error('no requirement');
    return found;
  };
  const publish = (market: Market, asOf: Instant, secondSources: ReturnType<typeof fileOf>[] = []) =>
    desk.importMarket.execute({ ...context, asOf, secondSources }, filesOf(market));
  await publish(goodMarket(good), good);
  return { context, evaluate, publish };
}

type Inject = (market: Market) => void;
const each = (change: (quote: QuoteRow, id: string) => void, of: (id: string) => boolean = () => true): Inject => (market) => market.quotes.forEach((quote, id) => of(id) && change(quote, id)); // prettier-ignore
const heldOnly = (id: string): boolean => id in held;
const one = (id: string, change: Partial<QuoteRow>): Inject => ({ quotes }) => void Object.assign(quotes.get(id) ?? {}, change); // prettier-ignore
const scaled = (text: string, factor: number): string => (Number(text) * factor).toFixed(6);
const underlying = (change: Partial<Market['underlying']>): Inject => (market) => void Object.assign(market.underlying, change); // prettier-ignore
const day = 86_400_000;

/** Expected code, what is injected, and whether the account's own data carries it (then its quality says so). */
const cases: readonly [name: string, code: string, inject: Inject, told?: 'told'][] = [
  ['every quote two days old', 'Q_STALE', each((q) => (q.time = stamp(bad - 2 * day))), 'told'],
  ['a held quote two days old', 'Q_STALE', one('NEAR-100-C', { time: stamp(bad - 2 * day) }), 'told'],
  ['the price of the share two days old', 'Q_STALE', underlying({ time: stamp(bad - 2 * day) }), 'told'],
  ['a held quote of a minute to come', 'Q_FUTURE', one('NEAR-100-C', { time: stamp(bad + 60_000) }), 'told'],
  ['the price of the share of an hour to come', 'Q_FUTURE', underlying({ time: stamp(bad + 3_600_000) }), 'told'],
  ['the clock of the feed an hour behind', 'Q_OUT_OF_ORDER', each((q) => (q.time = stamp(good - 3_600_000))), 'told'],
  ['a held quote older than the one before', 'Q_OUT_OF_ORDER', one('NEAR-90-P', { time: stamp(good - 1_000) }), 'told'],
  ['the price of the share older than before', 'Q_OUT_OF_ORDER', underlying({ time: stamp(good - 1_000) }), 'told'],
  ['a frozen feed', 'Q_DUP', (market) => { market.quotes = goodMarket(good).quotes; }], // prettier-ignore
  ['a crossed quote', 'Q_CROSSED', one('NEAR-100-C', { bid: '9', ask: '2' }), 'told'],
  ['held quotes crossed', 'Q_CROSSED', each((q) => ([q.bid, q.ask] = [q.ask, q.bid]), heldOnly), 'told'],
  ['a locked quote', 'Q_LOCKED', one('NEAR-100-C', { bid: '5', ask: '5' })],
  ['a bid of zero', 'Q_ZERO_BID', one('NEAR-100-C', { bid: '0' })],
  ['no bid', 'Q_ONE_SIDED', one('NEAR-100-C', { bid: '', mark: '' })],
  ['no ask', 'Q_ONE_SIDED', one('NEAR-90-P', { ask: '', mark: '' })],
  ['a spread of 500 %', 'Q_WIDE', one('NEAR-100-C', { bid: '1', ask: '13' })],
  ['the share at +300 %', 'Q_SPIKE', underlying({ price: '400' }), 'told'],
  ['the share at −16 %', 'Q_SPIKE', underlying({ price: '84' }), 'told'],
  ['the share at +11 %', 'Q_SPIKE', underlying({ price: '111' }), 'told'],
  ['the share at −60 %', 'Q_SPIKE', underlying({ price: '40' }), 'told'],
  ['an ask of zero', 'Q_NONPOS', one('NEAR-100-C', { bid: '', ask: '0' }), 'told'],
  ['a mark of zero', 'Q_NONPOS', one('NEAR-100-C', { bid: '', ask: '', mark: '0' }), 'told'],
  ['a negative bid', 'Q_NONPOS', one('NEAR-100-C', { bid: '-1' }), 'told'],
  ['a negative mark', 'Q_NONPOS', one('NEAR-90-P', { mark: '-0.5' }), 'told'],
  ['the share at zero', 'must be greater than 0', underlying({ price: '0' })],
  ['the share below zero', 'must be greater than 0', underlying({ price: '-5' })],
  ['no volatility in the feed', 'Q_NO_IV', each(() => undefined)],
  ['a held contract without any quote', 'Q_NO_QUOTE', one('NEAR-100-C', { bid: '', ask: '', mark: '' })],
  ['an expiry without any quote', 'FALLBACK_SURFACE', each((q) => Object.assign(q, { bid: '', ask: '', mark: '' }), (id) => id.startsWith('NEAR')), 'told'], // prettier-ignore
  ['a feed without any quote', 'FALLBACK_LAST_GOOD', each((q) => Object.assign(q, { bid: '', ask: '', mark: '' })), 'told'], // prettier-ignore
  ['one quote missing, read off the surface', 'FALLBACK_SURFACE', one('NEAR-90-P', { bid: '', ask: '', mark: '' }), 'told'], // prettier-ignore
  ['only an ask', 'FALLBACK_ONE_SIDED', one('NEAR-100-C', { bid: '', mark: '' }), 'told'],
  ['a volatility of 1100 %', 'IV_RANGE', one('NEAR-100-C', { iv: '11' }), 'told'],
  ['a volatility of 0.2 %', 'IV_RANGE', one('NEAR-100-C', { iv: '0.002' }), 'told'],
  ['percent for fractions', 'IV_RANGE', each((q) => (q.iv = '30')), 'told'],
  ['a call far from its put', 'IV_PARITY', one('NEAR-100-C', { bid: '', ask: '', mark: '', iv: '0.22' }), 'told'],
  ['a strike far from its neighbours', 'IV_ARB_BUTTERFLY', each((q) => (q.iv = '0.6'), (id) => id.startsWith('NEAR-100-')), 'told'], // prettier-ignore
  ['a near expiry dearer than the far one', 'IV_ARB_CALENDAR', each((q, id) => (q.iv = id.startsWith('NEAR') ? '0.6' : '0.2')), 'told'], // prettier-ignore
  ['a price below intrinsic', 'PRICE_BELOW_INTRINSIC', (market) => { one('NEAR-90-P', { bid: '', ask: '0.01', mark: '0.01' })(market); underlying({ price: '86' })(market); }, 'told'], // prettier-ignore
  ['no rate', 'the value is missing', underlying({ rate: '' })],
  ['no dividend yield', 'the value is missing', underlying({ dividendYield: '' })],
  ['a rate of −50 %', 'below −20 %', underlying({ rate: '-0.5' })],
  ['no price of the share', 'PRICE_MISSING', underlying({ price: '' })],
  ['no exchange rate', 'FX_MISSING', ({ fx }) => { fx.delete('EUR,USD'); fx.delete('EUR,GBP'); }, 'told'], // prettier-ignore
  ['a triangle of rates that does not close', 'FX_TRIANGLE', ({ fx }) => void fx.set('EUR,GBP', '0.80'), 'told'],
  ['an exchange rate of zero', 'must be greater than 0', ({ fx }) => void fx.set('EUR,USD', '0')],
  ['prices in cents', 'FALLBACK_SURFACE', each((q) => [q.bid, q.ask, q.mark] = [q.bid, q.ask, q.mark].map((text) => scaled(text, 100)) as [string, string, string])], // prettier-ignore
];

describe('bad market data, injected', () => {
  it('is at least forty cases, of every code that a file can carry', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it.each(cases)('%s: %s', async (_, code, inject, ...[told]) => {
    const { evaluate, publish } = await openCase();
    const before = await evaluate(good);
    expect([before.quality, before.qualityReasons]).toEqual(['OK', []]);
    const market = goodMarket(bad);
    inject(market);
    let report: Awaited<ReturnType<typeof publish>>;
    try {
      report = await publish(market, bad);
    } catch (refusal) {
      expect(refusal).toBeInstanceOf(FileRefusal);
      const [problem] = (refusal as FileRefusal).problems;
      expect(problem).toMatchObject({ file: expect.any(String) as unknown, line: expect.any(Number) as unknown });
      expect(problem?.reason).toContain(code);
      return;
    }
    const after = await evaluate(bad);
    const findings = [...Object.keys(report.flagCounts), ...report.snapshot.qualityReasons, ...after.qualityReasons];
    expect(findings.join('\n')).toContain(code);
    if (told === 'told') expect([after.quality, after.qualityReasons.join('\n')]).toEqual([expect.not.stringMatching(/^OK$/), expect.stringContaining(code)]); // prettier-ignore
    const fell = (amount: Decimal | undefined, was: Decimal | undefined): boolean =>
      amount !== undefined && was !== undefined && amount.lessThan(was.times('0.9999'));
    const lower =
      fell(after.maintenanceRequirement?.amount, before.maintenanceRequirement?.amount) ||
      fell(after.initialRequirement?.amount, before.initialRequirement?.amount);
    // A mark may move a little in ten minutes; what falls on data nobody flagged is the failure.
    if (lower) expect(after.quality).not.toBe('OK');
    if (after.quality === 'DEGRADED') expect(lower).toBe(false);
  });

  it('CAL_ORPHAN: a contract that expires on a holiday is flagged in every run', async () => {
    const { evaluate } = await openCase({ expiry: '2026-04-03T20:00:00Z' });
    const found = await evaluate(good);
    expect([found.quality, found.qualityReasons.join('\n')]).toEqual(['DEGRADED', expect.stringContaining('CAL_ORPHAN: NEAR-100-C')]); // prettier-ignore
  });
});

/** Underlyings by another source, `age` seconds before the bad market's instant. */
const other = (name: string, price: string, age = 0) =>
  fileOf(name, `underlying,kind,currency,price,rate,dividendYield,timestamp\nX,equity,USD,${price},0.03,0,${stamp(bad - 1_000 * age)}`); // prettier-ignore

describe('a second source', () => {
  it.each([
    ['stands in for a price that is missing', underlying({ price: '' }), 'FALLBACK_SECOND_SOURCE'],
    ['stands in for a price two days old', underlying({ time: stamp(bad - 2 * day) }), 'FALLBACK_SECOND_SOURCE'],
    ['that differs by more than 5 % is told', underlying({ price: '94' }), 'Q_SPIKE'],
  ])('%s', async (_, inject, code) => {
    const { evaluate, publish } = await openCase();
    const before = await evaluate(good);
    const market = goodMarket(bad);
    inject(market);
    const report = await publish(market, bad, [other('other.csv', '100')]);
    expect(report.warnings.join('\n')).toMatch(new RegExp(`^second source: X: .*${code}`, 'm'));
    expect(report.files.map(({ name }) => name)).toContain('other.csv');
    const after = await evaluate(bad);
    expect([after.quality, after.qualityReasons.join('\n')]).toEqual(['DEGRADED', expect.stringContaining(`${code}: X`)]); // prettier-ignore
    const [now, was] = [after, before].map((found) => found.maintenanceRequirement?.amount.toNumber() ?? Number.NaN);
    expect(now).toBeGreaterThanOrEqual((was as number) * 0.99);
  });

  it('stands in for quotes that are crossed, with their own volatilities, and for contracts the feed left out', async () => {
    const { evaluate, publish, context } = await openCase();
    await evaluate(good);
    const market = goodMarket(bad);
    each((quote) => ([quote.bid, quote.ask] = ['9', '1']), heldOnly)(market);
    market.quotes.delete('FAR-110-C');
    const quotesOfOther = { ...filesOf(goodMarket(bad))[0], name: 'other-quotes.csv' } as ReturnType<typeof fileOf>;
    const report = await publish(market, bad, [quotesOfOther]);
    expect(report.flagCounts['FALLBACK_SECOND_SOURCE']).toBe(3);
    const after = await evaluate(bad);
    for (const id of Object.keys(held)) expect(after.qualityReasons).toContain(`FALLBACK_SECOND_SOURCE: ${id}`);
    const loaded = await desk.snapshots.load(context, report.snapshot.id);
    expect(loaded?.snapshot.instruments.get('FAR-110-C')?.impliedVolatility).toBeCloseTo(0.3, 3);
  });

  it('is asked in vain of a file that states neither prices nor quotes', async () => {
    const { publish } = await openCase();
    await expect(publish(goodMarket(bad), bad, [fileOf('fx2.csv', 'from,to,rate\nEUR,USD,1.1')])).rejects.toThrow(/fx2\.csv.*a second source states quotes or underlyings/); // prettier-ignore
  });

  // Deribit, 31 October 2019: seven sources of an index, stale ones and one that fell by 16 %.
  it.each([
    ['one spiked', 1, 0],
    ['one spiked, one stale', 1, 1],
    ['one spiked, two stale', 1, 2],
  ])(
    'an index of seven sources, %s, is within half a per cent, and says so where its own source is wrong',
    async (_, spiked, stale) => {
      const { publish, context } = await openCase();
      const sourcesOf = (turn: number) =>
        Array.from({ length: 7 }, (_source, place) => {
          const rank = (place + turn) % 7;
          if (rank < spiked) return { price: '84', age: 0 };
          return rank < spiked + stale ? { price: '97.5', age: 2 * 86_400 } : { price: (100 + (place % 3) / 10).toFixed(1), age: 0 }; // prettier-ignore
        });
      for (const turn of [0, 3, 6]) {
        const [own, ...rest] = sourcesOf(turn);
        const market = goodMarket(bad + turn);
        underlying({ price: own?.price ?? '', time: stamp(bad - 1_000 * (own?.age ?? 0)) })(market);
        const seconds = rest.map(({ price, age }, index) => other(`s${index}.csv`, price, age));
        const report = await publish(market, instantOf(bad + turn), seconds);
        const state = (await desk.snapshots.load(context, report.snapshot.id))?.snapshot.underlyings.get('X');
        expect(Math.abs(Number(state?.price?.toFixed()) / 100 - 1)).toBeLessThanOrEqual(0.005);
        const isOwnWrong = own?.price === '84' || own?.price === '97.5';
        expect((state?.flags ?? []).filter((flag) => flag !== 'Q_DUP')).toEqual(
          isOwnWrong ? expect.arrayContaining(['FALLBACK_SECOND_SOURCE']) : [],
        );
      }
    },
  );
});
