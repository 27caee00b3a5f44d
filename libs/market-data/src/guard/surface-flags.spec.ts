import { Decimal, type Instrument, type InstrumentQuote, parseInstant } from '@ballast/domain';
import { buildSnapshot } from '../build-snapshot';
import { buildVolatilitySurface } from '../surface/build-volatility-surface';
import { flagSurfaceArbitrage } from './surface-flags';

const asOf = parseInstant('2026-01-05T00:00:00Z', 'asOf');
const expiries = ['2026-02-05T00:00:00Z', '2026-05-05T00:00:00Z'].map((text) => parseInstant(text, 'expiry'));
const strikes = [80, 85, 90, 95, 100, 105, 110, 115, 120];

/** Flat volatilities per expiry, total variance falling from the first to the second where `broken`. */
function market(volatilities: readonly number[]) {
  const instruments = new Map<string, Instrument>();
  const quotes: InstrumentQuote[] = [];
  for (const [index, expiry] of expiries.entries()) {
    for (const strike of strikes) {
      const id = `X-${index}-${strike}`;
      instruments.set(id, {
        id,
        type: 'option',
        underlying: 'X',
        right: 'call',
        strike: new Decimal(strike),
        expiry,
        exercise: 'european',
        multiplier: new Decimal(1),
        currency: 'USD',
        settlement: 'linear',
        premiumStyle: 'equity',
      });
      const impliedVolatility = volatilities[index] ?? null;
      quotes.push({
        instrumentId: id,
        bid: null,
        ask: null,
        mark: new Decimal(60),
        impliedVolatility,
        quotedAt: asOf,
        flags: [],
      });
    }
  }
  const price = new Decimal(100);
  const underlying = { underlyingId: 'X', kind: 'equity', currency: 'USD', price, rate: 0, dividendYield: 0 } as const;
  const underlyings = [{ ...underlying, forwards: [], quotedAt: asOf }];
  const { snapshot } = buildSnapshot({ asOf, underlyings, instruments, quotes });
  const surface = buildVolatilitySurface(snapshot, instruments, 'X');
  if (surface === null) throw new Error('the sample has a surface');
  return { instruments, quotes: new Map(snapshot.instruments), surface };
}

const flagged = (quotes: ReadonlyMap<string, InstrumentQuote>) =>
  [...quotes.values()]
    .filter(({ flags }) => flags.some((flag) => flag.startsWith('IV_ARB')))
    .map((quote) => [quote.instrumentId, quote.flags.find((flag) => flag.startsWith('IV_ARB'))]);

describe('flagSurfaceArbitrage', () => {
  it('flags one quote of the later expiry where total variance falls a little', () => {
    // Variance over a third of the time: 0.3² · 31 / 120 = 0.02325, and 0.15² = 0.0225.
    const { instruments, quotes, surface } = market([0.3, 0.15]);
    flagSurfaceArbitrage(quotes, instruments, [surface]);
    const found = flagged(quotes);
    expect(found).toHaveLength(1);
    expect(found[0]).toEqual([expect.stringMatching(/^X-1-/), 'IV_ARB_CALENDAR']);
  });

  it('flags every option of both expiries where an expiry loses more than a tenth of its variance', () => {
    const { instruments, quotes, surface } = market([0.6, 0.2]);
    flagSurfaceArbitrage(quotes, instruments, [surface]);
    expect(flagged(quotes)).toEqual([...quotes.keys()].map((id) => [id, 'IV_ARB_CALENDAR']));
  });

  it('leaves a sound surface alone', () => {
    const { instruments, quotes, surface } = market([0.3, 0.3]);
    flagSurfaceArbitrage(quotes, instruments, [surface]);
    expect(flagged(quotes)).toEqual([]);
  });
});
