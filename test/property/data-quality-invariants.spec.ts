// INV-18: data that turns bad never lowers a requirement without a flag on the answer.
import {
  Decimal,
  instantOf,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  type Methodology,
  type UnderlyingQuote,
} from '@ballast/domain';
import { applyRatchet, prepareMarginMethod, type MarginRequirement } from '@ballast/margin';
import { buildSnapshot, findDataFindings, guardSnapshot } from '@ballast/market-data';
import fc from 'fast-check';
import { asOf, future, option, portfolioOf, position, share, underlyingQuote } from '../support/portfolio-builder';

const before = instantOf(asOf - 600_000);
const held: readonly Instrument[] = [
  option('C100', { right: 'call', strike: new Decimal(100) }),
  option('P90', { right: 'put', strike: new Decimal(90) }),
  option('P110', { right: 'put', strike: new Decimal(110) }),
  future('F'),
  share('S'),
];
const instruments = new Map(held.map((instrument) => [instrument.id, instrument]));
const volatilities: Readonly<Record<string, number>> = { C100: 0.25, P90: 0.3, P110: 0.24 };
const bids: Readonly<Record<string, string>> = { C100: '4.3', P90: '1.2', P110: '11.1', F: '99.98', S: '99.99' };

interface Market {
  readonly underlyings: readonly UnderlyingQuote[];
  readonly quotes: readonly InstrumentQuote[];
}

function goodMarket(at: typeof asOf): Market {
  const quotes = held.map(({ id }): InstrumentQuote => {
    const bid = new Decimal(bids[id] ?? 1);
    const impliedVolatility = volatilities[id] ?? null;
    return {
      instrumentId: id,
      bid,
      ask: bid.plus('0.04'),
      mark: bid.plus('0.02'),
      impliedVolatility,
      quotedAt: at,
      flags: [],
    };
  });
  return { underlyings: [underlyingQuote('U', '100', { quotedAt: at, rate: 0.03 })], quotes };
}

const build = ({ underlyings, quotes }: Market, at: typeof asOf) =>
  buildSnapshot({ asOf: at, underlyings, instruments, quotes });
const previous = guardSnapshot(build(goodMarket(before), before), { instruments, previous: [] }).built.snapshot;

const goodNow = guardSnapshot(build(goodMarket(asOf), asOf), { instruments, previous: [previous] }).built.snapshot;

type Change = (quote: InstrumentQuote) => InstrumentQuote;
const onUnderlying =
  (change: (quote: UnderlyingQuote) => UnderlyingQuote) =>
  (market: Market): Market => ({
    ...market,
    underlyings: market.underlyings.map(change),
  });
const on =
  (id: string, change: Change) =>
  (market: Market): Market => ({
    ...market,
    quotes: market.quotes.map((quote) => (quote.instrumentId === id ? change(quote) : quote)),
  });
const price = (text: string | null) => (text === null ? null : new Decimal(text));
const options = ['C100', 'P90', 'P110'];

/** What a broken feed may deliver, by name. */
const injections: readonly (readonly [string, (market: Market) => Market])[] = [
  ...['84', '116', '50', '400', '0', '-5'].map(
    (text) => [`underlying at ${text}`, onUnderlying((quote) => ({ ...quote, price: price(text) }))] as const,
  ),
  ['underlying missing', onUnderlying((quote) => ({ ...quote, price: null }))],
  [
    'underlying of yesterday',
    onUnderlying((quote) => ({ ...quote, price: price('98'), quotedAt: instantOf(asOf - 90_000_000) })),
  ],
  [
    'underlying of tomorrow',
    onUnderlying((quote) => ({ ...quote, price: price('98'), quotedAt: instantOf(asOf + 86_400_000) })),
  ],
  [
    'underlying out of order',
    onUnderlying((quote) => ({ ...quote, price: price('98'), quotedAt: instantOf(before - 60_000) })),
  ],
  ['rate missing', onUnderlying((quote) => ({ ...quote, rate: 0, flags: ['RATE_MISSING'] }))],
  ['dividend missing', onUnderlying((quote) => ({ ...quote, flags: ['DIV_MISSING'] }))],
  ...options.flatMap((id) => [
    [
      `${id} stale`,
      on(id, (quote) => ({ ...quote, impliedVolatility: 0.5, quotedAt: instantOf(asOf - 90_000_000) })),
    ] as const,
    [
      `${id} in the future`,
      on(id, (quote) => ({ ...quote, impliedVolatility: 0.5, quotedAt: instantOf(asOf + 10_000) })),
    ] as const,
    [
      `${id} out of order`,
      on(id, (quote) => ({ ...quote, impliedVolatility: 0.5, quotedAt: instantOf(before - 1_000) })),
    ] as const,
    [`${id} crossed`, on(id, (quote) => ({ ...quote, bid: price('30'), impliedVolatility: null }))] as const,
    [
      `${id} without volatility and price`,
      on(id, (quote) => ({ ...quote, bid: null, ask: null, mark: null, impliedVolatility: null })),
    ] as const,
    [
      `${id} at zero`,
      on(id, (quote) => ({ ...quote, bid: null, ask: null, mark: price('0'), impliedVolatility: null })),
    ] as const,
    [`${id} negative`, on(id, (quote) => ({ ...quote, mark: price('-1') }))] as const,
    [`${id} with volatility 0.001`, on(id, (quote) => ({ ...quote, impliedVolatility: 0.001 }))] as const,
    [`${id} with volatility 12`, on(id, (quote) => ({ ...quote, impliedVolatility: 12 }))] as const,
    [
      `${id} one-sided without mark`,
      on(id, (quote) => ({ ...quote, ask: null, mark: null, impliedVolatility: null })),
    ] as const,
  ]),
  [
    'P110 below intrinsic',
    on('P110', (quote) => ({ ...quote, bid: price('5'), ask: price('5.1'), mark: price('5.05') })),
  ],
  ['future without a quote', on('F', (quote) => ({ ...quote, bid: null, ask: null, mark: null }))],
  ['future crossed', on('F', (quote) => ({ ...quote, bid: price('150') }))],
  ['future negative', on('F', (quote) => ({ ...quote, mark: price('-1') }))],
  [
    'call and put a world apart',
    (market) => on('C100', (quote) => ({ ...quote, impliedVolatility: 0.05, flags: ['IV_PARITY'] }))(market),
  ],
];

const methods = (['SPAN', 'TIMS'] as const).map((methodology: Methodology) => ({
  methodology,
  method: prepareMarginMethod({ methodology, parameters: {}, asOf }),
}));
const quantities = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: held.length, maxLength: held.length });

function evaluate(
  method: (typeof methods)[number],
  snapshot: MarketSnapshot,
  counts: readonly number[],
): MarginRequirement {
  const positions = held.flatMap((instrument, index) => {
    const count = counts[index] ?? 0;
    return count === 0 ? [] : [position(instrument, count)];
  });
  const portfolio = { ...portfolioOf(positions), methodology: method.methodology };
  return method.method({ portfolio, snapshot });
}

describe('INV-18: data quality is monotone', () => {
  it('injects at least forty kinds of bad data', () => {
    expect(injections.length).toBeGreaterThanOrEqual(40);
    expect(new Set(injections.map(([name]) => name)).size).toBe(injections.length);
  });

  it('has no finding on good data', () => {
    expect(findDataFindings(goodNow, held)).toEqual([]);
  });

  it.each(injections)('%s: flagged, and no requirement falls without a flag', (_, inject) => {
    const guarded = guardSnapshot(build(inject(goodMarket(asOf)), asOf), { instruments, previous: [previous] });
    const { snapshot } = guarded.built;
    expect(findDataFindings(snapshot, held).length).toBeGreaterThan(0);
    const check = fc.property(quantities, fc.constantFrom(...methods), (counts, method) => {
      const good = evaluate(method, previous, counts);
      const { initialRequirement: initial, maintenanceRequirement: maintenance } = good;
      if (initial === null || maintenance === null) throw new Error('the good market values everything');
      const owned = held.filter((__, index) => (counts[index] ?? 0) !== 0);
      const findings = findDataFindings(snapshot, owned);
      const trusted = { asOf: before, runId: 'r', initial, maintenance };
      const result = applyRatchet(evaluate(method, snapshot, counts), { findings, trusted, samePositions: true });
      if (result.quality === 'INDETERMINATE') {
        expect(result.initialRequirement).toBeNull();
        expect(result.qualityReasons.length).toBeGreaterThan(0);
        return;
      }
      // What the account does not depend on must not move it at all.
      if (findings.length === 0) {
        const fresh = evaluate(method, goodNow, counts);
        expect([result.quality, result.maintenanceRequirement]).toEqual(['OK', fresh.maintenanceRequirement]);
        return;
      }
      expect(result.quality).toBe('DEGRADED');
      expect(result.initialRequirement?.amount.greaterThanOrEqualTo(initial.amount)).toBe(true);
      expect(result.maintenanceRequirement?.amount.greaterThanOrEqualTo(maintenance.amount)).toBe(true);
    });
    fc.assert(check, { numRuns: 6, seed: 20261121 });
  });
});
