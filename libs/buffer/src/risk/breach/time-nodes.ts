import type { PortfolioPosition } from '@ballast/margin';
import type { PreparedState } from '../../analysis/account-state';

/** An instant of a path at which the account is revalued. */
export interface TimeNode {
  /** Trading days from now, > 0. */
  readonly tradingDays: number;
  /** Years of 252 trading days: the clock of volatility. */
  readonly years: number;
  /** Calendar days from now: the clock of contracts. */
  readonly calendarDays: number;
  /** Positions that are alive as the instant is reached. */
  readonly entering: readonly PortfolioPosition[];
  /** Positions that go on; the same array where nothing expires. */
  readonly leaving: readonly PortfolioPosition[];
}

const tradingDaysPerYear = 252;
const calendarDaysPerYear = 365;

/**
 * Lists the instants of a path: steps of equal distance up to the horizon, and every expiry of a held contract before it,
 * so that what expires settles at the price of its own instant. A trading day is 365/252 calendar days.
 */
export function timeNodes(
  { portfolio }: PreparedState,
  { horizonDays, steps }: { readonly horizonDays: number; readonly steps: number },
): readonly TimeNode[] {
  const perTradingDay = calendarDaysPerYear / tradingDaysPerYear;
  const end = horizonDays * perTradingDay;
  const offsets = new Set(Array.from({ length: steps }, (_, step) => ((step + 1) / steps) * end));
  for (const { instrument } of portfolio.positions) {
    const offset = expiryOffset(instrument, portfolio.asOf);
    if (offset > 0 && offset < end) offsets.add(offset);
  }
  let alive = portfolio.positions.filter(({ instrument }) => expiryOffset(instrument, portfolio.asOf) > 0);
  return [...offsets]
    .sort((left, right) => left - right)
    .map((calendarDays) => {
      const entering = alive;
      const expired = entering.some(({ instrument }) => expiryOffset(instrument, portfolio.asOf) <= calendarDays);
      if (expired) alive = entering.filter(({ instrument }) => expiryOffset(instrument, portfolio.asOf) > calendarDays);
      const tradingDays = calendarDays / perTradingDay;
      return { tradingDays, years: tradingDays / tradingDaysPerYear, calendarDays, entering, leaving: alive };
    });
}

/** Calendar days to expiry; Infinity without one. */
function expiryOffset(instrument: PortfolioPosition['instrument'], asOf: number): number {
  return 'expiry' in instrument ? (instrument.expiry - asOf) / 86_400_000 : Infinity;
}
