import { Decimal } from '../decimal';
import { DomainError } from '../domain-error';
import type { Delivery, Instrument, OptionInstrument, UnderlyingKind } from '../instrument';
import { type HoldingBook, isMarkedToMarket, variationOf } from './holding-book';

/** What a settlement has to know beside the contract. */
export interface SettlementTerms {
  /** Settlement price of the underlying [quote currency per unit]. */
  readonly price: Decimal;
  /** Kind of the underlying: decides how a contract ends that does not say. */
  readonly kind: UnderlyingKind;
  /** Finds the holding that a delivery hands over: the share itself, or a component of a deliverable. */
  readonly deliveredInstrument: (instrument: Instrument, componentId?: string) => Instrument;
}

/** Options on shares that are this much in the money are exercised without instruction [per unit]. OCC rule 805(d). */
export const exerciseByExceptionThreshold = new Decimal('0.01');

/** How a contract ends: as its terms say, else options on shares deliver and everything else settles in cash. */
export function deliveryOf(instrument: Instrument, kind: UnderlyingKind): Delivery {
  if (instrument.delivery !== undefined) return instrument.delivery;
  return instrument.type === 'option' && kind === 'equity' && instrument.settlement === 'linear' ? 'physical' : 'cash';
}

/**
 * Intrinsic value of an option at a price of its underlying [instrument currency per unit], ≥ 0: max(±(S − K), 0), and of
 * a coin-settled option that divided by S.
 *
 * @throws DomainError 'INVALID_LIFECYCLE_EVENT' for a coin-settled option at a price of 0 or below
 */
export function intrinsicValue(option: OptionInstrument, price: Decimal): Decimal {
  const difference = option.right === 'call' ? price.minus(option.strike) : option.strike.minus(price);
  if (!difference.isPositive() || difference.isZero()) return new Decimal(0);
  if (option.settlement === 'linear') return difference;
  if (!price.greaterThan(0)) {
    throw new DomainError('INVALID_LIFECYCLE_EVENT', `${option.id}: a coin-settled option at price ${price.toFixed()}`);
  }
  return difference.div(price);
}

/** Tells whether an option is exercised at expiry without instruction: in the money, shares by at least 0.01. */
export function isExercisedByException(option: OptionInstrument, terms: SettlementTerms): boolean {
  const intrinsic = intrinsicValue(option, terms.price);
  if (deliveryOf(option, terms.kind) === 'cash') return intrinsic.greaterThan(0);
  return intrinsic.greaterThanOrEqualTo(exerciseByExceptionThreshold);
}

/**
 * Ends contracts of a book: exercised or assigned ones are settled in cash or delivered against the strike, others lapse.
 * Long and short are each other's mirror: cash and deliveries are those of a long contract × quantity.
 *
 * - cash: intrinsic × multiplier × quantity
 * - physical call: + multiplier units, − strike × multiplier; put: − multiplier units, + strike × multiplier
 * - premium settled daily: the part of the premium that was not yet paid, (last − average price) × multiplier × quantity
 * - future: final variation to the settlement price, and where it delivers, units against that price
 *
 * @param ending.quantity   contracts that end: the sign of the holding
 * @param ending.exercised  options only; false: they lapse
 */
export function settleContracts(
  book: HoldingBook,
  ending: {
    readonly instrument: Instrument;
    readonly quantity: Decimal;
    readonly averagePrice?: Decimal;
    readonly exercised: boolean;
    readonly terms: SettlementTerms;
  },
): void {
  const { instrument, quantity, exercised, terms } = ending;
  book.remove(instrument, quantity);
  if (instrument.type === 'option') {
    settleOption(book, { ...ending, instrument, intrinsic: intrinsicValue(instrument, terms.price) });
    return;
  }
  if (instrument.type === 'underlying' || !exercised) return;
  if (ending.averagePrice === undefined) {
    book.note(`${instrument.id}: no average price, variation taken as settled in cash`);
  } else {
    const move = { quantity, from: ending.averagePrice, to: terms.price };
    book.pay(instrument.currency, variationOf(instrument, move));
  }
  if (deliveryOf(instrument, terms.kind) === 'physical') {
    deliver(book, { instrument, quantity, unitPrice: terms.price, terms });
  }
}

function settleOption(
  book: HoldingBook,
  ending: {
    readonly instrument: OptionInstrument;
    readonly quantity: Decimal;
    readonly averagePrice?: Decimal;
    readonly exercised: boolean;
    readonly intrinsic: Decimal;
    readonly terms: SettlementTerms;
  },
): void {
  const { instrument, quantity, exercised, intrinsic, terms } = ending;
  const delivers = exercised && deliveryOf(instrument, terms.kind) === 'physical';
  const size = quantity.times(instrument.multiplier);
  if (isMarkedToMarket(instrument)) {
    const last = exercised && !delivers ? intrinsic : new Decimal(0);
    if (ending.averagePrice === undefined)
      book.note(`${instrument.id}: no average price, variation taken as settled in cash`);
    book.pay(instrument.currency, last.minus(ending.averagePrice ?? intrinsic).times(size));
  } else if (exercised && !delivers) {
    book.pay(instrument.currency, intrinsic.times(size));
  }
  if (!delivers) return;
  const direction = instrument.right === 'call' ? quantity : quantity.negated();
  deliver(book, { instrument, quantity: direction, unitPrice: instrument.strike, terms });
}

/** Hands over what `quantity` contracts bring (received > 0) against `unitPrice` × multiplier each. */
function deliver(
  book: HoldingBook,
  delivery: {
    readonly instrument: Instrument;
    readonly quantity: Decimal;
    readonly unitPrice: Decimal;
    readonly terms: SettlementTerms;
  },
): void {
  const { instrument, quantity, unitPrice, terms } = delivery;
  const components = instrument.deliverable?.components ?? [undefined];
  let isPaid = false;
  for (const component of components) {
    const received = terms.deliveredInstrument(instrument, component?.instrumentId);
    const units = component?.quantity ?? instrument.multiplier.div(received.multiplier);
    const price = components.length === 1 ? { price: unitPrice, mark: terms.price } : {};
    book.add(received, { quantity: units.times(quantity), ...price });
    // A future comes into the book at the strike; its gain is variation, and nothing is paid for it.
    if (!isMarkedToMarket(received)) isPaid = true;
  }
  if (isPaid) book.pay(instrument.currency, unitPrice.times(instrument.multiplier).times(quantity).negated());
}
