// Small books for tests: terms, quotes and snapshots with sensible defaults that a test overrides where it matters.
import {
  Decimal,
  type FxRate,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  type OptionInstrument,
  parseInstant,
  type UnderlyingQuote,
} from '@ballast/domain';
import type { Portfolio, PortfolioPosition } from '@ballast/margin';

export const asOf: Instant = parseInstant('2026-01-05T12:00:00Z', 'asOf');

/** The instant a number of days after `asOf`. */
export function daysLater(days: number): Instant {
  return (asOf + Math.round(days * 86_400_000)) as Instant;
}

export function underlyingQuote(
  id: string,
  price: string | null,
  changes: Partial<UnderlyingQuote> = {},
): UnderlyingQuote {
  return {
    underlyingId: id,
    kind: 'equity',
    currency: 'USD',
    price: price === null ? null : new Decimal(price),
    rate: 0,
    dividendYield: 0,
    forwards: [],
    quotedAt: asOf,
    ...changes,
  };
}

export function option(id: string, changes: Partial<OptionInstrument> = {}): OptionInstrument {
  return {
    id,
    type: 'option',
    underlying: 'U',
    right: 'call',
    strike: new Decimal(100),
    expiry: daysLater(73),
    exercise: 'european',
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    premiumStyle: 'equity',
    ...changes,
  };
}

type FutureInstrument = Extract<Instrument, { type: 'future' }>;

export function future(id: string, changes: Partial<FutureInstrument> = {}): FutureInstrument {
  return {
    id,
    type: 'future',
    underlying: 'U',
    expiry: daysLater(73),
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    ...changes,
  };
}

export function share(id: string, changes: Partial<Extract<Instrument, { type: 'underlying' }>> = {}): Instrument {
  return {
    id,
    type: 'underlying',
    underlying: 'U',
    multiplier: new Decimal(1),
    currency: 'USD',
    settlement: 'linear',
    ...changes,
  };
}

export function quote(
  instrumentId: string,
  given: { readonly price?: string; readonly volatility?: number },
): InstrumentQuote {
  return {
    instrumentId,
    bid: null,
    ask: null,
    mark: given.price === undefined ? null : new Decimal(given.price),
    impliedVolatility: given.volatility ?? null,
    quotedAt: asOf,
    flags: [],
  };
}

export function snapshotOf(input: {
  readonly underlyings?: readonly UnderlyingQuote[];
  readonly quotes?: readonly InstrumentQuote[];
  readonly fx?: readonly FxRate[];
}): MarketSnapshot {
  const { underlyings = [underlyingQuote('U', '100')], quotes = [], fx = [] } = input;
  return {
    asOf,
    underlyings: new Map(underlyings.map((item) => [item.underlyingId, item])),
    instruments: new Map(quotes.map((item) => [item.instrumentId, item])),
    fx,
  };
}

export function position(instrument: Instrument, quantity: number | string): PortfolioPosition {
  return { instrument, quantity: new Decimal(quantity) };
}

export function portfolioOf(positions: readonly PortfolioPosition[], changes: Partial<Portfolio> = {}): Portfolio {
  return { asOf, methodology: 'SPAN', baseCurrency: 'USD', positions, cash: [], collateral: [], ...changes };
}
