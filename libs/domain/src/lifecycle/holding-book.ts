import { Decimal } from '../decimal';
import type { Instrument } from '../instrument';
import { roundMoney } from '../money';
import type { AccountChange, PositionChange } from './account-change';

/** Contracts of one instrument held by one account, with their terms. */
export interface Holding {
  readonly instrument: Instrument;
  /** Long > 0, short < 0. */
  readonly quantity: Decimal;
  /** Average price paid per unit [instrument currency]. */
  readonly averagePrice?: Decimal;
}

/** Tells whether a contract is marked to market: its gain is unrealised profit, not a value of its own. */
export function isMarkedToMarket(instrument: Instrument): boolean {
  if (instrument.type === 'option') return instrument.premiumStyle === 'futures';
  return instrument.type !== 'underlying';
}

/**
 * Gain of a marked-to-market holding between two prices [instrument currency]: (to − from) × quantity × multiplier; of a
 * coin-settled contract (1 − from/to) × quantity × multiplier, as equity counts it.
 *
 * @param move.quantity  long > 0, short < 0
 */
export function variationOf(
  instrument: Instrument,
  move: { readonly quantity: Decimal; readonly from: Decimal; readonly to: Decimal },
): Decimal {
  const size = move.quantity.times(instrument.multiplier);
  if (instrument.settlement === 'linear') return move.to.minus(move.from).times(size);
  return new Decimal(1).minus(move.from.div(move.to)).times(size);
}

interface Line {
  instrument: Instrument;
  readonly before: Holding | undefined;
  quantity: Decimal;
  averagePrice: Decimal | undefined;
}

/** The holdings of one account while an event works on them; collects what it changes. */
export class HoldingBook {
  private readonly lines = new Map<string, Line>();
  private readonly cash = new Map<string, Decimal>();
  private readonly notes: string[] = [];

  constructor(holdings: readonly Holding[]) {
    for (const before of holdings) {
      const { instrument, quantity, averagePrice } = before;
      this.lines.set(instrument.id, { instrument, before, quantity, averagePrice });
    }
  }

  /** What is held of an instrument now; 0 when nothing is. */
  quantityOf(instrumentId: string): Decimal {
    return this.lines.get(instrumentId)?.quantity ?? new Decimal(0);
  }

  /** Takes contracts out without realising anything: what they were worth is booked by the caller. */
  remove(instrument: Instrument, quantity: Decimal): void {
    const line = this.lineOf(instrument);
    line.quantity = line.quantity.minus(quantity);
    if (line.quantity.isZero()) line.averagePrice = undefined;
  }

  /**
   * Adds contracts bought (quantity > 0) or sold (< 0) at a price. Same direction: the average price is weighted; against
   * it: contracts close first, and what a marked-to-market contract gained on them becomes cash.
   *
   * @param lot.price  per unit; absent: unknown, and so is the average of what is held then
   * @param lot.mark   present price, the base of a holding without average price
   */
  add(
    instrument: Instrument,
    lot: { readonly quantity: Decimal; readonly price?: Decimal; readonly mark?: Decimal },
  ): void {
    const line = this.lineOf(instrument);
    const { quantity, price } = lot;
    const held = line.quantity;
    const total = held.plus(quantity);
    const isOpposite = held.isNegative() !== quantity.isNegative() && !held.isZero();
    if (isOpposite && isMarkedToMarket(instrument) && price !== undefined) {
      const closed = quantity.abs().lessThan(held.abs()) ? quantity.negated() : held;
      const from = line.averagePrice ?? lot.mark ?? price;
      this.pay(instrument.currency, variationOf(instrument, { quantity: closed, from, to: price }));
    }
    line.averagePrice = averageAfter({ held, quantity, total, old: line.averagePrice, price });
    line.quantity = total;
  }

  /** Puts a holding in the place of another: all of it, with a new average price. */
  replace(
    from: Instrument,
    to: Instrument,
    now: { readonly quantity: Decimal; readonly averagePrice?: Decimal },
  ): void {
    this.remove(from, this.quantityOf(from.id));
    const { quantity, averagePrice } = now;
    this.add(to, averagePrice === undefined ? { quantity } : { quantity, price: averagePrice });
  }

  /** Restates the average price of a holding, for example to the price of a daily settlement. */
  restateAverage(instrument: Instrument, averagePrice: Decimal): void {
    this.lineOf(instrument).averagePrice = averagePrice;
  }

  /** Moves cash, exactly: rounding comes once, at the end. */
  pay(currency: string, amount: Decimal): void {
    this.cash.set(currency, (this.cash.get(currency) ?? new Decimal(0)).plus(amount));
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** What changed. Cash is rounded down (towards −∞) to the minor unit, once per currency. */
  changes(): AccountChange {
    const positions = [...this.lines.values()]
      .filter((line) => !isSame(line))
      .sort((left, right) => (left.instrument.id < right.instrument.id ? -1 : 1))
      .map(toChange);
    const cash = [...this.cash]
      .map(([currency, amount]) => roundMoney({ currency, amount: snapped(amount) }, 'down'))
      .filter(({ amount }) => !amount.isZero())
      .sort((left, right) => (left.currency < right.currency ? -1 : 1));
    return { positions, cash, notes: this.notes };
  }

  private lineOf(instrument: Instrument): Line {
    const known = this.lines.get(instrument.id);
    if (known !== undefined) return known;
    const line: Line = { instrument, before: undefined, quantity: new Decimal(0), averagePrice: undefined };
    this.lines.set(instrument.id, line);
    return line;
  }
}

/** Quotients carry 40 digits; what lies below 1e-18 is their noise and must not cost a minor unit. */
function snapped(amount: Decimal): Decimal {
  return amount.toDecimalPlaces(18, Decimal.ROUND_HALF_EVEN);
}

function averageAfter(state: {
  readonly held: Decimal;
  readonly quantity: Decimal;
  readonly total: Decimal;
  readonly old: Decimal | undefined;
  readonly price: Decimal | undefined;
}): Decimal | undefined {
  const { held, quantity, total, old, price } = state;
  if (total.isZero()) return undefined;
  if (held.isZero()) return price;
  if (held.isNegative() === quantity.isNegative()) {
    if (old === undefined || price === undefined) return undefined;
    return old.times(held).plus(price.times(quantity)).div(total).toDecimalPlaces(10, Decimal.ROUND_HALF_EVEN);
  }
  return total.isNegative() === held.isNegative() ? old : price;
}

function isSame({ before, quantity, averagePrice }: Line): boolean {
  if (before === undefined) return quantity.isZero();
  const old = before.averagePrice;
  const sameAverage = old === undefined || averagePrice === undefined ? old === averagePrice : old.equals(averagePrice);
  return before.quantity.equals(quantity) && sameAverage;
}

function toChange({ instrument, before, quantity, averagePrice }: Line): PositionChange {
  const old = before?.averagePrice;
  return {
    instrument,
    before: before?.quantity ?? new Decimal(0),
    after: quantity,
    ...(old === undefined ? {} : { averagePriceBefore: old }),
    ...(averagePrice === undefined ? {} : { averagePriceAfter: averagePrice }),
  };
}
