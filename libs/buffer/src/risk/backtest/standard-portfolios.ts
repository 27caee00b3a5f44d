import { blackScholesPrice } from '@ballast/pricing';

/** Legs of a standard portfolio per unit of an underlying at 1: options at a strike in units of the price, or the underlying. */
export type StandardLeg =
  | { readonly type: 'underlying'; readonly symbol: string; readonly quantity: number }
  | {
      readonly type: 'option';
      readonly symbol: string;
      readonly right: 'call' | 'put';
      readonly strike: number;
      readonly days: number;
      readonly quantity: number;
    };

/** A portfolio that is struck anew every day at the prices of that day. */
export interface StandardPortfolio {
  readonly id: string;
  readonly label: string;
  readonly legs: readonly StandardLeg[];
}

/** Relative price and volatility moves of one underlying, and its volatility before. */
export interface LegMarket {
  /** Annual, > 0. */
  readonly volatility: number;
  /** Price after / price before. */
  readonly priceFactor: number;
  /** Volatility after / before. */
  readonly volatilityFactor: number;
}

/**
 * The portfolios of the backtest, on an index and two shares: European options without carry, per unit of notional.
 *
 * @param names.index   symbol of the index
 * @param names.shares  symbols of the shares, the first for the concentrated and covered positions
 */
export function standardPortfolios(names: {
  readonly index: string;
  readonly shares: readonly [string, string];
}): readonly StandardPortfolio[] {
  const { index, shares } = names;
  const option = (right: 'call' | 'put', strike: number, quantity: number, days = 30, symbol = index): StandardLeg => ({
    type: 'option',
    symbol,
    right,
    strike,
    days,
    quantity,
  });
  const held = (symbol: string, quantity: number): StandardLeg => ({ type: 'underlying', symbol, quantity });
  return [
    { id: 'naked-short', label: 'Naked short put, 5 % out', legs: [option('put', 0.95, -1)] },
    { id: 'spread', label: 'Short put spread 97/92', legs: [option('put', 0.97, -1), option('put', 0.92, 1)] },
    { id: 'straddle', label: 'Short straddle', legs: [option('call', 1, -1), option('put', 1, -1)] },
    {
      id: 'calendar',
      label: 'Calendar: short 30, long 90 days',
      legs: [option('call', 1, -1), option('call', 1, 1, 90)],
    },
    { id: 'hedged', label: 'Index with a bought put, 5 % out', legs: [held(index, 1), option('put', 0.95, 1)] },
    {
      id: 'concentrated',
      label: `Short straddle on ${shares[0]}`,
      legs: [option('call', 1, -1, 30, shares[0]), option('put', 1, -1, 30, shares[0])],
    },
    { id: 'long-only', label: `${shares.join(' and ')} held`, legs: shares.map((symbol) => held(symbol, 0.5)) },
    {
      id: 'covered-call',
      label: `${shares[1]} with a sold call, 5 % out`,
      legs: [held(shares[1], 1), option('call', 1.05, -1, 30, shares[1])],
    },
  ];
}

const calendarDays = 365;

/**
 * Profit of a portfolio over a day by full revaluation, per unit of notional.
 *
 * @param agingDays  calendar days that its options age
 */
export function portfolioProfit(
  { legs }: StandardPortfolio,
  marketOf: (symbol: string) => LegMarket,
  agingDays: number,
): number {
  return legs.reduce((sum, leg) => {
    const { volatility, priceFactor, volatilityFactor } = marketOf(leg.symbol);
    if (leg.type === 'underlying') return sum + leg.quantity * (priceFactor - 1);
    const { right, strike, days, quantity } = leg;
    const valueAt = (spot: number, sigma: number, left: number) =>
      blackScholesPrice({
        right,
        strike,
        spot,
        volatility: sigma,
        yearsToExpiry: left / calendarDays,
        rate: 0,
        dividendYield: 0,
      });
    const before = valueAt(1, volatility, days);
    const after = valueAt(priceFactor, volatility * volatilityFactor, Math.max(0, days - agingDays));
    return sum + quantity * (after - before);
  }, 0);
}
