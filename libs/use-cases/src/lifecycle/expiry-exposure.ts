import {
  Decimal,
  deliveryOf,
  type Delivery,
  findExpiryOrphan,
  type ExchangeCalendar,
  type Holding,
  HoldingBook,
  type AccountChange,
  type Instrument,
  isExercisedByException,
  type Moneyness,
  moneynessOf,
  moneynessRatio,
  settleContracts,
  type SettlementTerms,
} from '@ballast/domain';
import type { Underlying } from '@ballast/persistence';
import { calendarOf } from './calendar-of';
import type { LifecycleReferences } from './lifecycle-book';
import { settlementTerms } from './lifecycle-changes';

/** A series of an account that ends on the day of a report. */
export interface ExpiringSeries {
  readonly instrument: Instrument;
  /** Long > 0, short < 0. */
  readonly quantity: Decimal;
  /** Price of the underlying in the snapshot; null: not known, and so is everything below. */
  readonly price: Decimal | null;
  /** Options only. */
  readonly moneyness: Moneyness | null;
  /** Share of the strike in the money > 0; options only. */
  readonly moneynessRatio: number | null;
  readonly delivery: Delivery;
  /** What happens at this price: settled in cash, delivered, or lapsed. */
  readonly consequence: Delivery | 'lapse' | null;
  /** Cash of this series alone [contract currency]: received > 0. */
  readonly cash: Decimal | null;
  /** Units of each instrument received > 0 or handed over < 0. */
  readonly deliveries: readonly { readonly instrumentId: string; readonly quantity: Decimal }[];
  /** CAL_ORPHAN when the expiry is no session of its calendar. */
  readonly orphan: string | null;
}

/** What the day makes of an account at the prices of the snapshot. */
export interface AccountExposure {
  readonly series: readonly ExpiringSeries[];
  readonly change: AccountChange;
  /** Cash that the deliveries and settlements take, by currency, > 0. */
  readonly requiredCash: readonly { readonly currency: string; readonly amount: Decimal }[];
  /** Holdings of shares and futures that deliveries touch, as they end. */
  readonly resulting: readonly { readonly instrumentId: string; readonly before: Decimal; readonly after: Decimal }[];
}

/** Everything the exposure of an account depends on. */
export interface ExposureMarket {
  readonly priceOf: (underlying: string) => Decimal | null;
  readonly references: LifecycleReferences;
  readonly underlyings: ReadonlyMap<string, Underlying>;
  readonly calendars: ReadonlyMap<string, ExchangeCalendar>;
  /** Half width of the pin band as a share of the strike. */
  readonly pinBand: number;
}

/**
 * Works out what the series of an account that end on a day make of it, at the present prices: options are exercised by
 * exception, one without a price of its underlying is left out of the sums.
 *
 * @param expiring  identifiers of the series that end
 */
export function accountExposure(
  holdings: readonly Holding[],
  expiring: ReadonlySet<string>,
  market: ExposureMarket,
): AccountExposure {
  const book = new HoldingBook(holdings);
  const series: ExpiringSeries[] = [];
  for (const holding of holdings) {
    if (!expiring.has(holding.instrument.id)) continue;
    const price = market.priceOf(holding.instrument.underlying);
    const terms = settlementTerms(holding.instrument, market.references, price ?? new Decimal(0));
    if (price !== null) settleContracts(book, { ...holding, exercised: isExercised(holding.instrument, terms), terms });
    series.push(expiringSeries(holding, { market, terms, price }));
  }
  const change = book.changes();
  const requiredCash = change.cash
    .filter(({ amount }) => amount.isNegative())
    .map(({ currency, amount }) => ({ currency, amount: amount.negated() }));
  const resulting = change.positions
    .filter(({ instrument }) => !expiring.has(instrument.id))
    .map(({ instrument, before, after }) => ({ instrumentId: instrument.id, before, after }));
  return { series, change, requiredCash, resulting };
}

function isExercised(instrument: Instrument, terms: SettlementTerms): boolean {
  return instrument.type === 'option' ? isExercisedByException(instrument, terms) : true;
}

function expiringSeries(
  holding: Holding,
  state: { readonly market: ExposureMarket; readonly terms: SettlementTerms; readonly price: Decimal | null },
): ExpiringSeries {
  const { instrument, quantity } = holding;
  const { market, terms, price } = state;
  const delivery = deliveryOf(instrument, terms.kind);
  const facts = { instrument, quantity, price, delivery, orphan: orphanOf(instrument, market) };
  if (price === null) {
    return { ...facts, moneyness: null, moneynessRatio: null, consequence: null, cash: null, deliveries: [] };
  }
  const option = instrument.type === 'option' ? instrument : null;
  const book = new HoldingBook([holding]);
  const exercised = isExercised(instrument, terms);
  settleContracts(book, { ...holding, exercised, terms });
  const { positions, cash } = book.changes();
  return {
    ...facts,
    moneyness: option === null ? null : moneynessOf(option, price, market.pinBand),
    moneynessRatio: option === null ? null : moneynessRatio(option, price),
    consequence: exercised ? delivery : 'lapse',
    cash: cash.find(({ currency }) => currency === instrument.currency)?.amount ?? new Decimal(0),
    deliveries: positions
      .filter((change) => change.instrument.id !== instrument.id)
      .map((change) => ({ instrumentId: change.instrument.id, quantity: change.after.minus(change.before) })),
  };
}

function orphanOf(instrument: Instrument, { underlyings, calendars }: ExposureMarket): string | null {
  if (!('expiry' in instrument)) return null;
  const found = calendarOf(instrument, underlyings.get(instrument.underlying), calendars);
  const orphan = found === undefined ? null : findExpiryOrphan(found.calendar, instrument.expiry);
  return orphan === null
    ? null
    : `${orphan.code}: ${orphan.reason}${found?.isAssumed === true ? ' (calendar assumed)' : ''}`;
}
