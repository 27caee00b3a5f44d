import { exp } from '@ballast/pricing';
import type { Instant } from '@ballast/domain';
import type { StoredPriceHistory } from '@ballast/persistence';
import { demoCloses } from './demo-calendar';
import type { DemoState } from './demo-market';
import { demoRandom } from './demo-random';
import type { DemoUnderlying } from './demo-underlying';

/** Closes before the demo's own history: with its ninety days a little more than two years of 252 trading days. */
export const demoDaysBefore = 430;

/** Correlation of an underlying of market beta 1 with the market. */
const correlationAtBetaOne = 0.7;

const marketSeed = 9_000;
const ownSeed = 9_100;

/**
 * Daily closes of underlyings, those of the demo's own days and two years before them: estimates of statistical risk need
 * more days than the demo has runs. Before the first day prices are drawn backwards from it as geometric Brownian motions
 * that share one market factor.
 *
 * @param drawn   underlyings with their paths on the demo's own days; `seed` chooses what each does by itself
 * @param closes  the demo's own days, oldest first
 */
export function demoPriceHistory(
  drawn: readonly {
    readonly underlying: DemoUnderlying;
    readonly path: readonly DemoState[];
    readonly seed: number;
  }[],
  closes: readonly Instant[],
): StoredPriceHistory {
  const before = closes[0] === undefined ? [] : demoCloses((closes[0] - 1) as Instant, demoDaysBefore);
  const market = demoRandom(marketSeed);
  const common = before.map(() => market.normal());
  const columns = drawn.map(({ underlying, path, seed }) => [
    ...pricesBefore(underlying, common, seed),
    ...path.map(({ price }) => price),
  ]);
  return {
    symbols: drawn.map(({ underlying }) => underlying.id),
    days: [...before, ...closes].map((close, day) => ({
      date: new Date(close).toISOString().slice(0, 10),
      prices: columns.map((column) => toPrice(column[day] ?? NaN)),
    })),
  };
}

function pricesBefore(underlying: DemoUnderlying, common: readonly number[], seed: number): number[] {
  const own = demoRandom(ownSeed + seed);
  const share = correlationAtBetaOne * Math.min(1, underlying.marketBeta);
  const rest = Math.sqrt(1 - share * share);
  const daily = underlying.volatilityCalm / Math.sqrt(252);
  let price = underlying.priceAtStart;
  return common
    .map((factor) => (price /= exp(daily * (share * factor + rest * own.normal()) - 0.5 * daily * daily)))
    .reverse();
}

/** Four decimals, as the demo's snapshots quote underlyings. */
function toPrice(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
