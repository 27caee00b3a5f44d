import { exp, log, black76Price } from '@ballast/pricing';
import {
  Decimal,
  yearsBetween,
  type ForwardQuote,
  type Instant,
  type Instrument,
  type InstrumentQuote,
  type MarketSnapshot,
  type OptionInstrument,
  type UnderlyingQuote,
} from '@ballast/domain';
import { demoExpiries } from './demo-calendar';
import { demoRandom } from './demo-random';
import type { DemoUnderlying } from './demo-underlying';

/** State of one underlying at one close. */
export interface DemoState {
  readonly price: number;
  /** At-the-money volatility [1/√year]. */
  readonly volatility: number;
}

/** The day of the history, as a share of its length, on which the market falls, and how long it stays afraid. */
const shockAt = 0.62;
const shockMove = -0.135;
const fearHalfLifeInDays = 9;

/**
 * Draws the closes of one underlying: geometric Brownian motion with one common fall about two thirds through, after
 * which volatility jumps and decays, so that buffer history has a story to tell.
 *
 * @param seed  chooses the path; the same seed gives the same bits
 */
export function demoPath(underlying: DemoUnderlying, days: number, seed: number): DemoState[] {
  const random = demoRandom(seed);
  const shockDay = Math.floor(days * shockAt);
  const states: DemoState[] = [];
  let price = underlying.priceAtStart;
  let fear = 0;
  for (let day = 0; day < days; day++) {
    const volatility = underlying.volatilityCalm * (1 + fear);
    states.push({ price, volatility });
    const next = day + 1;
    const common = next === shockDay ? shockMove : next === shockDay + 1 ? shockMove / 3 : 0;
    fear *= exp(-log(2) / fearHalfLifeInDays);
    if (common < 0) fear += 0.75 * (common / shockMove) * Math.min(1, underlying.marketBeta);
    const diffusion = (volatility / Math.sqrt(252)) * random.normal();
    price *= exp(diffusion - (0.5 * (volatility * volatility)) / 252 + common * underlying.marketBeta);
  }
  return states;
}

/** Lists the contracts of an underlying that all accounts of the demo may hold: options, and what hedges them. */
export function demoInstruments(underlying: DemoUnderlying, until: Instant, priceAtEnd: number): Instrument[] {
  const base = {
    underlying: underlying.id,
    multiplier: new Decimal(underlying.multiplier),
    currency: underlying.settlement === 'inverse' ? underlying.id : underlying.currency,
    settlement: underlying.settlement,
  };
  const instruments: Instrument[] = [];
  if (underlying.deltaOne === 'underlying') {
    instruments.push({ ...base, type: 'underlying', id: underlying.id, multiplier: new Decimal(1) });
  }
  if (underlying.deltaOne === 'perpetual')
    instruments.push({ ...base, type: 'perpetual', id: `${underlying.id}-PERP` });
  const middle = Math.round((0.5 * (underlying.priceAtStart + priceAtEnd)) / underlying.strikeStep);
  for (const expiry of demoExpiries(until, underlying.expiryHour)) {
    const month = new Date(expiry).toISOString().slice(2, 7).replace('-', '');
    if (underlying.deltaOne === 'future')
      instruments.push({ ...base, type: 'future', id: `${underlying.id}-${month}`, expiry });
    for (let offset = -underlying.strikesPerSide; offset <= underlying.strikesPerSide; offset++) {
      const strike = new Decimal(underlying.strikeStep).times(middle + offset);
      for (const right of ['call', 'put'] as const) {
        instruments.push({
          ...base,
          type: 'option',
          id: `${underlying.id}-${month}-${strike.toFixed()}-${right === 'call' ? 'C' : 'P'}`,
          right,
          strike,
          expiry,
          exercise: underlying.exercise,
          premiumStyle: underlying.premiumStyle,
        });
      }
    }
  }
  return instruments;
}

/** Share of the history after which exchanges list more: strikes for where prices went, and the next expiry. */
const wideningAt = 0.84;

/** Day of the history from which everything is listed. */
function wideningDay(days: number): number {
  return Math.floor(days * wideningAt);
}

/**
 * Contracts of one underlying that are quoted on a day: at first the strikes around the middle of the chain in the three
 * nearest expiries, in the last weeks all of them.
 *
 * @param instruments           what is listed of the underlying in the end
 * @param at.strikesPerSide     strikes quoted at first on either side of the middle
 */
export function demoListed(
  instruments: readonly Instrument[],
  at: { readonly day: number; readonly days: number; readonly strikesPerSide: number },
): readonly Instrument[] {
  if (at.day >= wideningDay(at.days)) return instruments;
  const expiries = [...new Set(instruments.flatMap((one) => ('expiry' in one ? [one.expiry] : [])))].sort(
    (left, right) => left - right,
  );
  const strikes = [...new Set(instruments.flatMap((one) => (one.type === 'option' ? [one.strike.toNumber()] : [])))];
  strikes.sort((left, right) => left - right);
  const middle = (strikes.length - 1) / 2;
  const near = new Set(strikes.slice(Math.max(0, middle - at.strikesPerSide), middle + at.strikesPerSide + 1));
  const last = expiries[2] ?? Infinity;
  return instruments.filter(
    (one) => !('expiry' in one && one.expiry > last) && (one.type !== 'option' || near.has(one.strike.toNumber())),
  );
}

/** Quotes every given contract of the given underlyings at one close from its volatility surface. */
export function demoSnapshot(input: {
  readonly asOf: Instant;
  readonly underlyings: readonly { readonly underlying: DemoUnderlying; readonly state: DemoState }[];
  readonly instruments: readonly Instrument[];
}): MarketSnapshot {
  const { asOf } = input;
  const underlyings = new Map<string, UnderlyingQuote>();
  const instruments = new Map<string, InstrumentQuote>();
  for (const { underlying, state } of input.underlyings) {
    const listed = input.instruments.filter((instrument) => instrument.underlying === underlying.id);
    underlyings.set(underlying.id, quoteUnderlying(underlying, state, asOf, listed));
    for (const instrument of listed)
      instruments.set(instrument.id, quoteInstrument(instrument, underlying, state, asOf));
  }
  const coins = input.underlyings.filter(({ underlying }) => underlying.settlement === 'inverse');
  const fx = coins.map(({ underlying, state }) => ({
    from: underlying.id,
    to: underlying.currency,
    rate: toTick(state.price, 0.01, 'nearest'),
  }));
  return { asOf, underlyings, instruments, fx };
}

function quoteUnderlying(
  underlying: DemoUnderlying,
  state: DemoState,
  asOf: Instant,
  listed: readonly Instrument[],
): UnderlyingQuote {
  const expiries = [...new Set(listed.flatMap((instrument) => ('expiry' in instrument ? [instrument.expiry] : [])))];
  const forwards: ForwardQuote[] = expiries
    .sort((left, right) => left - right)
    .map((expiry) => ({
      expiry,
      price: toTick(forwardOf(underlying, state, yearsBetween(asOf, expiry)), 0.0001, 'nearest'),
    }));
  return {
    underlyingId: underlying.id,
    kind: underlying.kind,
    currency: underlying.currency,
    price: toTick(state.price, 0.0001, 'nearest'),
    rate: underlying.rate,
    dividendYield: underlying.dividendYield,
    forwards,
    quotedAt: asOf,
    historicalVolatility: underlying.volatilityCalm,
  };
}

function quoteInstrument(
  instrument: Instrument,
  underlying: DemoUnderlying,
  state: DemoState,
  asOf: Instant,
): InstrumentQuote {
  const years = 'expiry' in instrument ? yearsBetween(asOf, instrument.expiry) : 0;
  const forward = forwardOf(underlying, state, years);
  const volatility =
    instrument.type === 'option' ? surfaceVolatility(underlying, state, instrument, forward, years) : null;
  const value =
    volatility === null || instrument.type !== 'option'
      ? forward
      : optionValue(underlying, instrument, forward, years, volatility);
  const tick = instrument.type === 'option' ? underlying.tick : 0.01;
  const halfSpread = Math.max(tick, value * (instrument.type === 'option' ? 0.012 : 0.00005));
  return {
    instrumentId: instrument.id,
    bid: toTick(Math.max(0, value - halfSpread), tick, 'down'),
    ask: toTick(value + halfSpread, tick, 'up'),
    mark: toTick(value, tick / 100, 'nearest'),
    impliedVolatility: volatility,
    quotedAt: asOf,
    flags: value - halfSpread < tick && instrument.type === 'option' ? ['Q_ZERO_BID'] : [],
  };
}

function forwardOf(underlying: DemoUnderlying, state: DemoState, years: number): number {
  return state.price * exp((underlying.rate - underlying.dividendYield) * years);
}

/** Volatility of a contract: at-the-money level with slope and curvature in standardised moneyness, 6 digits. */
function surfaceVolatility(
  underlying: DemoUnderlying,
  state: DemoState,
  option: OptionInstrument,
  forward: number,
  years: number,
): number {
  const moneyness = Math.max(-2.5, Math.min(2.5, log(option.strike.toNumber() / forward) / Math.sqrt(years)));
  const shape = 1 + (underlying.skew * moneyness + underlying.smile * moneyness * moneyness) / (1 + years);
  return Math.round(state.volatility * Math.max(0.4, shape) * 1e6) / 1e6;
}

function optionValue(
  underlying: DemoUnderlying,
  option: OptionInstrument,
  forward: number,
  years: number,
  volatility: number,
): number {
  const value = black76Price({
    forward,
    strike: option.strike.toNumber(),
    yearsToExpiry: years,
    rate: underlying.settlement === 'inverse' ? 0 : underlying.rate,
    volatility,
    right: option.right,
  });
  const inCoin = underlying.settlement === 'inverse' ? value / forward : value;
  return option.exercise === 'american'
    ? Math.max(inCoin, intrinsic(option, forward * exp(-(underlying.rate - underlying.dividendYield) * years)))
    : inCoin;
}

function intrinsic(option: OptionInstrument, spot: number): number {
  return Math.max(0, (option.right === 'call' ? 1 : -1) * (spot - option.strike.toNumber()));
}

/** Puts a model value on the price grid; the step count is a whole number, so the Decimal is exact. */
function toTick(value: number, tick: number, direction: 'down' | 'up' | 'nearest'): Decimal {
  const steps = value / tick;
  const whole = direction === 'down' ? Math.floor(steps) : direction === 'up' ? Math.ceil(steps) : Math.round(steps);
  return exactTick(tick).times(whole);
}

const exactTicks = new Map<number, Decimal>();

function exactTick(tick: number): Decimal {
  const exact = exactTicks.get(tick) ?? new Decimal(tick);
  exactTicks.set(tick, exact);
  return exact;
}
