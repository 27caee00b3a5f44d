import { type CashBalance, Decimal, type Instant, type Instrument, type MarketSnapshot } from '@ballast/domain';
import type { Portfolio, PortfolioPosition, ValuedContract } from '@ballast/margin';
import { addCash, isPaidInFull } from './account-trade';

/** A position that expired and was settled in cash. */
export interface SettledPosition {
  readonly instrumentId: string;
  readonly quantity: Decimal;
  /** Price it settled at [instrument currency per unit]: intrinsic value of an option, the underlying's price of a future. */
  readonly price: Decimal;
  /** Cash received > 0 or paid < 0. */
  readonly cash: CashBalance;
}

/**
 * Carries positions from one market into another: what has expired settles in cash at its intrinsic value (a future at the
 * price of its underlying), and futures-style lots without an average price get the profit since the first market, in
 * which their variation counted as settled.
 */
export function rollPositions(input: {
  readonly portfolio: Portfolio;
  /** Values in the first market. */
  readonly contracts: ReadonlyMap<string, ValuedContract>;
  readonly before: MarketSnapshot;
  readonly after: MarketSnapshot;
  readonly asOf: Instant;
}): Pick<Portfolio, 'positions' | 'cash'> & { readonly settled: readonly SettledPosition[] } {
  const { portfolio, asOf } = input;
  const positions: PortfolioPosition[] = [];
  const settled: SettledPosition[] = [];
  for (const position of portfolio.positions) {
    const { instrument, quantity } = position;
    if ('expiry' in instrument && instrument.expiry < asOf) {
      const price = settlementPrice(instrument, input.after);
      const amount = isPaidInFull(instrument)
        ? price.times(quantity).times(instrument.multiplier)
        : profitAt(position, price, markBefore(position, input));
      settled.push({ instrumentId: instrument.id, quantity, price, cash: { currency: instrument.currency, amount } });
      continue;
    }
    positions.push(isPaidInFull(instrument) ? position : withProfit(position, input));
  }
  const cash = addCash(
    portfolio.cash,
    settled.map((item) => item.cash),
  );
  return { positions, cash, settled };
}

type RollInput = Parameters<typeof rollPositions>[0];

/** A lot with an average price finds its profit itself; so does one whose profit the market states. */
function withProfit(position: PortfolioPosition, input: RollInput): PortfolioPosition {
  const { instrument, averagePrice, unrealisedPnl } = position;
  if (averagePrice !== undefined && unrealisedPnl === undefined) return position;
  const quote = input.after.underlyings.get(instrument.underlying);
  if (unrealisedPnl === undefined && instrument.type === 'perpetual' && quote?.perpetual !== undefined) return position;
  const price = markAfter(instrument, input);
  return { ...position, unrealisedPnl: profitAt(position, price, markBefore(position, input)) };
}

/**
 * Unrealised profit of a lot at a price [instrument currency]: the stated profit, or that against its average price, or 0
 * at the first market, plus the move since. A coin-settled lot gains 1 − average/price coin per coin.
 */
function profitAt(position: PortfolioPosition, price: Decimal, before: Decimal): Decimal {
  const { instrument, quantity, averagePrice, unrealisedPnl } = position;
  const size = quantity.times(instrument.multiplier);
  const inverse = instrument.settlement === 'inverse' && instrument.type !== 'option';
  if (unrealisedPnl === undefined) {
    const start = averagePrice ?? before;
    return inverse ? new Decimal(1).minus(start.div(price)).times(size) : price.minus(start).times(size);
  }
  if (!inverse) return unrealisedPnl.plus(price.minus(before).times(size));
  const start = size.isZero() ? before : before.times(new Decimal(1).minus(unrealisedPnl.div(size)));
  return new Decimal(1).minus(start.div(price)).times(size);
}

function markBefore({ instrument }: PortfolioPosition, { before, contracts }: RollInput): Decimal {
  return before.instruments.get(instrument.id)?.mark ?? new Decimal(contracts.get(instrument.id)?.mark ?? NaN);
}

/** Quoted price after the move, else the one before moved as its underlying. */
function markAfter(instrument: Instrument, input: RollInput): Decimal {
  const quoted = input.after.instruments.get(instrument.id)?.mark;
  if (quoted != null) return quoted;
  const contract = input.contracts.get(instrument.id);
  const spotAfter = input.after.underlyings.get(instrument.underlying)?.price ?? new Decimal(NaN);
  const mark = new Decimal(contract?.mark ?? NaN);
  const spot = contract?.spot ?? NaN;
  return spot === 0 ? mark.plus(spotAfter) : mark.times(spotAfter).div(spot);
}

/** Intrinsic value of an option per unit, in the coin for a coin-settled one; price of the underlying for a future. */
function settlementPrice(instrument: Instrument, { underlyings }: MarketSnapshot): Decimal {
  const spot = underlyings.get(instrument.underlying)?.price ?? new Decimal(NaN);
  if (instrument.type !== 'option') return spot;
  const { right, strike, settlement } = instrument;
  const intrinsic = Decimal.max(0, right === 'call' ? spot.minus(strike) : strike.minus(spot));
  return settlement === 'inverse' && spot.greaterThan(0) ? intrinsic.div(spot) : intrinsic;
}
