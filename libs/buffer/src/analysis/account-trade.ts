import { type CashBalance, currencyScale, Decimal, DomainError, type Instrument } from '@ballast/domain';
import type { Portfolio, PortfolioPosition } from '@ballast/margin';
import type { PreparedState } from './account-state';
import { valueContracts } from './contract-values';

/** A trade that is asked about, or proposed. */
export interface AccountTrade {
  readonly instrument: Instrument;
  /** Contracts: bought > 0, sold < 0. */
  readonly quantity: Decimal;
  /** Price per unit [instrument currency]; the mark of the market it is done in when absent. */
  readonly price?: Decimal;
  /** Fees per contract, bought or sold [instrument currency], ≥ 0. */
  readonly feePerContract?: Decimal;
}

/** What a trade did to the cash of the account. */
export interface TradeEffect {
  readonly instrumentId: string;
  readonly quantity: Decimal;
  /** Price it was done at [instrument currency per unit]. */
  readonly price: Decimal;
  /** Cash received > 0 or paid < 0, fees included. */
  readonly cash: CashBalance;
}

/**
 * Applies trades to what the account of a prepared state holds.
 *
 * Shares, coins and premium-style options are paid in full: cash −quantity × price × multiplier. Futures, perpetuals and
 * futures-style options move no cash; the new lot starts at the trade's price, so that its profit up to the mark is
 * unrealised. Fees are cash. An instrument need not be held.
 *
 * @throws DomainError 'INVALID_POSITION' for a quantity of 0, a price below 0 of an option or a fee below 0;
 *         'PRICE_MISSING' when a trade has no price and the market none either
 */
export function applyTrades(
  prepared: PreparedState,
  trades: readonly AccountTrade[],
): { readonly portfolio: Portfolio; readonly effects: readonly TradeEffect[] } {
  const { portfolio } = prepared;
  if (trades.length === 0) return { portfolio, effects: [] };
  const marks = marksOf(prepared, trades);
  const lots: PortfolioPosition[] = [];
  const effects = trades.map((trade, index) => {
    const price = trade.price ?? (marks.get(trade.instrument.id) as Decimal);
    requireTradable(trade, price, index);
    lots.push(lotOf(trade, price));
    return effectOf(trade, price);
  });
  const cash = addCash(
    portfolio.cash,
    effects.map((effect) => effect.cash),
  );
  return { portfolio: { ...portfolio, positions: [...portfolio.positions, ...lots], cash }, effects };
}

/** Adds movements to balances, currency by currency; a new currency comes last. */
export function addCash(balances: readonly CashBalance[], movements: readonly CashBalance[]): readonly CashBalance[] {
  const result = [...balances];
  for (const { currency, amount } of movements) {
    if (amount.isZero()) continue;
    const place = result.findIndex((balance) => balance.currency === currency);
    const before = result[place];
    if (before === undefined) result.push({ currency, amount });
    else result[place] = { currency, amount: before.amount.plus(amount) };
  }
  return result;
}

/** Mark of a contract [instrument currency per unit]: the quoted one exactly, else the model's. */
export function markOf(prepared: PreparedState, instrument: Instrument, modelMark: number): Decimal {
  return prepared.snapshot.instruments.get(instrument.id)?.mark ?? new Decimal(modelMark);
}

/** Tells whether a contract is paid for when it is bought, so that its value is an asset. */
export function isPaidInFull(instrument: Instrument): boolean {
  return instrument.type === 'underlying' || (instrument.type === 'option' && instrument.premiumStyle === 'equity');
}

function marksOf(prepared: PreparedState, trades: readonly AccountTrade[]): ReadonlyMap<string, Decimal> {
  const unpriced = trades.filter(({ price }) => price === undefined).map(({ instrument }) => instrument);
  if (unpriced.length === 0) return new Map();
  const values = valueContracts(prepared, unpriced);
  return new Map(
    unpriced.map((instrument) => [instrument.id, markOf(prepared, instrument, values.get(instrument.id)?.mark ?? NaN)]),
  );
}

function requireTradable({ instrument, quantity, feePerContract }: AccountTrade, price: Decimal, index: number): void {
  const { id } = instrument;
  const refuse = (field: string, reason: string): never => {
    throw new DomainError('INVALID_POSITION', `trade in ${id}: ${reason}`, `trades[${index}].${field}`);
  };
  if (!quantity.isFinite() || quantity.isZero())
    refuse('quantity', `quantity ${quantity.toString()}, expected ± contracts`);
  if (!price.isFinite() || (instrument.type === 'option' && price.isNegative() && !price.isZero()))
    refuse('price', `price ${price.toString()} is impossible for an ${instrument.type}`);
  if (feePerContract !== undefined && !(feePerContract.isFinite() && feePerContract.greaterThanOrEqualTo(0)))
    refuse('fee', `fee ${feePerContract.toString()} is not 0 or more`);
}

function lotOf({ instrument, quantity }: AccountTrade, price: Decimal): PortfolioPosition {
  if (isPaidInFull(instrument)) return { instrument, quantity };
  return { instrument, quantity, averagePrice: price };
}

function effectOf({ instrument, quantity, feePerContract }: AccountTrade, price: Decimal): TradeEffect {
  const paid = isPaidInFull(instrument) ? price.times(quantity).times(instrument.multiplier) : new Decimal(0);
  const fees = (feePerContract ?? new Decimal(0)).times(quantity.abs());
  const { currency } = instrument;
  return {
    instrumentId: instrument.id,
    quantity,
    price,
    cash: { currency, amount: withoutModelNoise(paid.negated().minus(fees), currency) },
  };
}

/**
 * Takes the noise of a model price off an amount of cash by the rule of equity (14 significant digits, 8 decimals, 12 of a
 * coin), so that buying at the model's price leaves the equity what it was.
 */
function withoutModelNoise(amount: Decimal, currency: string): Decimal {
  return amount
    .toSignificantDigits(14, Decimal.ROUND_HALF_EVEN)
    .toDecimalPlaces(currencyScale(currency) < 8 ? 8 : 12, Decimal.ROUND_HALF_EVEN);
}
