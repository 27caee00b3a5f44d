import { Decimal } from '../decimal';
import { DomainError } from '../domain-error';
import type { Instrument } from '../instrument';
import type { AccountChange } from './account-change';
import { type Holding, HoldingBook, isMarkedToMarket, variationOf } from './holding-book';

/**
 * Daily settlement of a marked-to-market contract: the gain since the average price is paid in cash, and the settlement
 * price becomes the average price. A holding without one has had its variation settled elsewhere and only gets the price.
 *
 * @param input.price  settlement price per unit [contract currency]
 * @throws DomainError 'INVALID_LIFECYCLE_EVENT' for a contract whose price is paid up front, or a coin-settled price ≤ 0
 */
export function dailySettlementChange(input: {
  readonly holdings: readonly Holding[];
  readonly instrument: Instrument;
  readonly price: Decimal;
}): AccountChange {
  const { holdings, instrument, price } = input;
  if (!isMarkedToMarket(instrument)) {
    const message = `${instrument.id}: only futures, perpetuals and options with futures-style premium settle daily`;
    throw new DomainError('INVALID_LIFECYCLE_EVENT', message, 'instrument');
  }
  if (instrument.settlement === 'inverse' && !price.greaterThan(0)) {
    const message = `price: ${instrument.id} settles in the coin and needs more than 0, got ${price.toFixed()}`;
    throw new DomainError('INVALID_LIFECYCLE_EVENT', message, 'price');
  }
  const book = new HoldingBook(holdings);
  const held = holdings.find((holding) => holding.instrument.id === instrument.id);
  if (held === undefined || held.quantity.isZero()) return book.changes();
  if (held.averagePrice === undefined) {
    book.note(`${instrument.id}: no average price, variation taken as settled in cash`);
  } else {
    const move = { quantity: held.quantity, from: held.averagePrice, to: price };
    book.pay(instrument.currency, variationOf(instrument, move));
  }
  book.restateAverage(instrument, new Decimal(price));
  return book.changes();
}
