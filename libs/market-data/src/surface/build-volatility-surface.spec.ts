import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  canonicalJson,
  Decimal,
  type Instrument,
  type InstrumentQuote,
  parseInstant,
  type UnderlyingQuote,
} from '@ballast/domain';
import { readMarketFiles } from '@ballast/formats';
import { log } from '@ballast/pricing';
import { buildSnapshot } from '../build-snapshot';
import { buildVolatilitySurface } from './build-volatility-surface';
import { sviVariance } from './svi';
import { surfaceVolatility } from './volatility-surface';

const asOf = parseInstant('2026-01-01T00:00:00Z', 'asOf');
const expiry = parseInstant('2027-01-01T00:00:00Z', 'expiry');
const underlying: UnderlyingQuote = {
  underlyingId: 'A', kind: 'equity', currency: 'USD', price: new Decimal(100), rate: 0, dividendYield: 0, forwards: [], quotedAt: asOf,
}; // prettier-ignore
const smile = { a: 0.03, b: 0.1, rho: -0.5, m: 0, sigma: 0.2 };
const strikes = [70, 75, 80, 85, 90, 95, 100, 105, 110, 115, 120, 130];
const instruments = new Map<string, Instrument>(
  strikes.flatMap((strike) =>
    (['call', 'put'] as const).map((right): [string, Instrument] => [
      `${right}${strike}`,
      {
        id: `${right}${strike}`, type: 'option', underlying: 'A', right, strike: new Decimal(strike), expiry, exercise: 'european',
        multiplier: new Decimal(1), currency: 'USD', settlement: 'linear', premiumStyle: 'equity',
      }, // prettier-ignore
    ]),
  ),
);
const quoteOf = (id: string, changes: Partial<InstrumentQuote> = {}): InstrumentQuote => {
  const strike = Number(id.replace(/\D/g, ''));
  return {
    instrumentId: id,
    bid: null,
    ask: null,
    mark: new Decimal(1),
    impliedVolatility: Math.sqrt(sviVariance(smile, log(strike / 100)).variance),
    quotedAt: asOf,
    flags: [],
    ...changes,
  };
};
const surfaceOf = (quotes: readonly InstrumentQuote[]) =>
  buildVolatilitySurface(
    buildSnapshot({ asOf, underlyings: [underlying], instruments, quotes }).snapshot,
    instruments,
    'A',
  );

describe('buildVolatilitySurface', () => {
  it('returns the smile the quotes were taken from', () => {
    const surface = surfaceOf([...instruments.keys()].map((id) => quoteOf(id)));
    expect(surface?.findings).toEqual([]);
    expect(surface?.slices[0]?.pointCount).toBe(12);
    for (const strike of [72, 88, 100, 101, 125]) {
      const expected = Math.sqrt(sviVariance(smile, log(strike / 100)).variance);
      expect(surface && surfaceVolatility(surface, { strike, expiry })).toBeCloseTo(expected, 4);
    }
  });

  it('listens to the right that is out of the money', () => {
    const quotes = [...instruments.keys()].map((id) => {
      const strike = Number(id.replace(/\D/g, ''));
      const isInside = id.startsWith('call') ? strike < 100 : strike > 100;
      const volatility = quoteOf(id).impliedVolatility ?? NaN;
      return quoteOf(id, { impliedVolatility: isInside ? volatility + 0.019 : volatility });
    });
    const surface = surfaceOf(quotes);
    expect(surface && surfaceVolatility(surface, { strike: 80, expiry })).toBeCloseTo(
      quoteOf('put80').impliedVolatility ?? NaN,
      4,
    );
  });

  it('does not listen to distrusted quotes', () => {
    const quotes = [...instruments.keys()].map((id) =>
      quoteOf(id, id.endsWith('90') ? { impliedVolatility: 3, flags: ['Q_CROSSED'] } : {}),
    );
    expect(surfaceOf(quotes)?.slices[0]?.pointCount).toBe(11);
  });

  it('is null without an option, a forward or the underlying', () => {
    expect(surfaceOf([])).toBeNull();
    const { snapshot } = buildSnapshot({
      asOf,
      underlyings: [{ ...underlying, price: null }],
      instruments,
      quotes: [quoteOf('put90')],
    });
    expect(buildVolatilitySurface(snapshot, instruments, 'A')).toBeNull();
    expect(buildVolatilitySurface(snapshot, instruments, 'B')).toBeNull();
  });
});

const file = path.resolve(
  __dirname,
  '../../../../../shared/data/deribit/deribit_options_snapshot_20260105T092511Z.csv',
);
const maybe = existsSync(file) ? describe : describe.skip;

/** Read inside a test: the body of a skipped block runs too. */
function realChain() {
  const content = readMarketFiles([{ name: 'deribit.csv', bytes: readFileSync(file) }]);
  const terms = new Map(content.instruments.map(({ value }) => [value.id, value]));
  const instant = content.quotes[0]?.value.quotedAt ?? asOf;
  const underlyings = content.underlyings.map(({ value }) => ({
    ...value,
    quotedAt: instant,
    forwards: content.forwards.filter((row) => row.value.underlyingId === value.underlyingId).map((row) => row.value),
  }));
  const { snapshot } = buildSnapshot({
    asOf: instant,
    underlyings,
    instruments: terms,
    quotes: content.quotes.map(({ value }) => value),
  });
  return { snapshot, terms };
}

maybe('surfaces of a real chain (skipped: shared data not present)', () => {
  it.each(['BTC', 'ETH'])('fits all twelve expiries of %s within a point, free of arbitrage', (id) => {
    const { snapshot, terms } = realChain();
    const surface = buildVolatilitySurface(snapshot, terms, id);
    if (surface === null) throw new Error('no surface');
    expect(surface.slices).toHaveLength(12);
    for (const slice of surface.slices) {
      expect(slice.curve).toMatchObject({ kind: 'svi', repaired: false });
      expect(slice.volatilityError).toBeLessThan(0.01);
      expect(slice.butterfly.factor).toBeGreaterThan(0);
    }
    expect(surface.findings.filter(({ code }) => code.startsWith('IV_ARB'))).toEqual([]);
    expect(canonicalJson(buildVolatilitySurface(snapshot, terms, id))).toBe(canonicalJson(surface));
  });
});
