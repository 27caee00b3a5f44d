import { Decimal, type ForwardQuote, type Instant, type UnderlyingQuote, yearsBetween } from '@ballast/domain';
import type { Portfolio, ValuedContract } from '@ballast/margin';
import { exp, log } from '@ballast/pricing';
import { movedPrice } from './market-shift';

/** A relative move and the instants between which time passes. */
export interface UnderlyingMove {
  readonly move: number;
  /** Parallel move of rates [1/year]; none when absent. */
  readonly rate?: number;
  readonly from: Instant;
  readonly to: Instant;
  /** Held positions: the unrealised profit of a perpetual that the market states moves with them. */
  readonly portfolio: Portfolio;
}

/**
 * Moves an underlying: its price by the relative move, its forwards by the same, which keep their carry as time passes:
 * F′ = S′ · (F/S)^(T′/T). Forwards of an underlying that is a future, or at or below 0, have no carry: F′ = F · S′/S.
 * A move of the rate r lifts what is carried at it: F′ · e^(r·T′). A price of 0 has no relative move.
 */
export function shiftUnderlying(quote: UnderlyingQuote, shift: UnderlyingMove): UnderlyingQuote {
  const { price } = quote;
  if (price === null) return quote;
  const moved = movedPrice(price, shift.move);
  const { rate = 0 } = shift;
  const forwards = quote.forwards.map((forward) => ({
    ...forward,
    price: movedForward(forward, quote, price, shift),
    ...(forward.rate === undefined || rate === 0 ? {} : { rate: forward.rate + rate }),
  }));
  const perpetual = movedPerpetual(quote, shift);
  const own = rate === 0 ? {} : { rate: quote.rate + rate };
  return { ...quote, ...own, price: moved, forwards, ...(perpetual === undefined ? {} : { perpetual }) };
}

/** Moves the quoted price of a future, perpetual or holding with its underlying; a future keeps its carry. */
export function shiftLinearPrice(
  mark: Decimal,
  { instrument, underlying, spot, yearsToExpiry }: ValuedContract,
  shift: { readonly move: number; readonly rate?: number; readonly to: Instant },
): Decimal {
  const moved = proportional(mark, spot, shift.move);
  if (instrument.type !== 'future' || underlying.kind === 'future' || !(spot > 0) || !mark.greaterThan(0)) return moved;
  const yearsAfter = yearsLeft(shift.to, instrument.expiry);
  return moved.times(carryFactor(mark.toNumber() / spot, yearsToExpiry, yearsAfter) * rateFactor(shift, yearsAfter));
}

function movedForward(forward: ForwardQuote, quote: UnderlyingQuote, price: Decimal, shift: UnderlyingMove): Decimal {
  const moved = proportional(forward.price, price.toNumber(), shift.move);
  if (quote.kind === 'future' || !price.greaterThan(0) || !forward.price.greaterThan(0)) return moved;
  const ratio = forward.price.toNumber() / price.toNumber();
  const { expiry } = forward;
  const yearsAfter = yearsLeft(shift.to, expiry);
  return moved.times(carryFactor(ratio, yearsLeft(shift.from, expiry), yearsAfter) * rateFactor(shift, yearsAfter));
}

/** e^(r·T): what a forward gains by a rate that is higher by r. */
function rateFactor({ rate = 0 }: { readonly rate?: number }, years: number): number {
  return rate === 0 ? 1 : exp(rate * years);
}

/** Price that moves with an underlying: by its relative move. */
function proportional(price: Decimal, spot: number, move: number): Decimal {
  if (move === 0 || spot === 0) return price;
  return price.times(new Decimal(1).plus(spot < 0 ? -move : move)).toSignificantDigits(15);
}

/** (F/S)^(T′/T) / (F/S): what carry is lost as time to expiry shortens from T to T′. */
function carryFactor(ratio: number, years: number, yearsAfter: number): number {
  if (years === yearsAfter || !(years > 0)) return 1;
  return exp(log(ratio) * (yearsAfter / years - 1));
}

function yearsLeft(asOf: Instant, expiry: Instant): number {
  return expiry <= asOf ? 0 : yearsBetween(asOf, expiry);
}

/**
 * The stated profit of a perpetual is that of the account, in the currency the perpetual pays: it moves with what the
 * account holds. What pays in coin has profit u at price P and n − (n − u)·P/P′ at P′, n the coins held.
 */
function movedPerpetual(quote: UnderlyingQuote, { move, portfolio }: UnderlyingMove): UnderlyingQuote['perpetual'] {
  const { perpetual } = quote;
  if (perpetual === undefined || quote.price === null || move === 0) return perpetual;
  const price = proportional(perpetual.price, quote.price.toNumber(), move);
  let [held, inverse] = [new Decimal(0), false];
  for (const { instrument, quantity } of portfolio.positions) {
    if (instrument.type !== 'perpetual' || instrument.underlying !== quote.underlyingId) continue;
    held = held.plus(quantity.times(instrument.multiplier));
    inverse = inverse || instrument.settlement === 'inverse';
  }
  const profit = perpetual.unrealisedPnl ?? new Decimal(0);
  const unrealisedPnl = inverse
    ? held.minus(held.minus(profit).times(perpetual.price).div(price))
    : profit.plus(held.times(price.minus(perpetual.price)));
  return { ...perpetual, price, unrealisedPnl };
}
