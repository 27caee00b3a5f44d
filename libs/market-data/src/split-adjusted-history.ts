import { log } from '@ballast/pricing';
import type { ShareSplit } from './guard/scale-for-splits';

/** Daily prices of symbols; null = no price that day. */
export interface DailyPrices {
  readonly symbols: readonly string[];
  /** In order of the date, `2026-01-05`. */
  readonly days: readonly { readonly date: string; readonly prices: readonly (number | null)[] }[];
}

/**
 * States daily prices in the shares of the last day, so that a split is no return: every price before it is divided by
 * its ratio. Vendors deliver prices as they were traded or adjusted already, so the prices themselves decide: where the step
 * over the split is nearer to 1/ratio than to no step (in logarithms), they are as traded.
 *
 * The step looked at is that into the day of the split or the next priced day after it, because a split may take effect
 * before or after the price of its day.
 *
 * @param input.splits    splits in force, any order
 * @param input.symbolOf  symbol of an underlying in the prices
 * @returns the same object when nothing is to be divided
 */
export function adjustHistoryForSplits(input: {
  readonly history: DailyPrices;
  readonly splits: readonly ShareSplit[];
  readonly symbolOf: (underlying: string) => string;
}): DailyPrices {
  const { history, symbolOf } = input;
  const latestFirst = [...input.splits].sort((left, right) => right.effectiveAt - left.effectiveAt);
  const days = history.days.map(({ date, prices }) => ({ date, prices: [...prices] }));
  let isChanged = false;
  for (const split of latestFirst) {
    const column = history.symbols.indexOf(symbolOf(split.underlying));
    const step = column < 0 ? null : stepOf(days, column, split);
    if (step === null) continue;
    isChanged = true;
    for (const day of days.slice(0, step)) {
      const price = day.prices[column];
      if (price != null) day.prices[column] = (price * split.denominator) / split.numerator;
    }
  }
  return isChanged ? { symbols: history.symbols, days } : history;
}

/** Index of the first day in new shares; null where the prices know the split already or do not span it. */
function stepOf(days: DailyPrices['days'], column: number, split: ShareSplit): number | null {
  const day = new Date(split.effectiveAt).toISOString().slice(0, 10);
  const expected = -log(split.numerator / split.denominator);
  const priced = days.flatMap(({ prices }, index) => (isPrice(prices[column]) ? [index] : []));
  const first = priced.findIndex((index) => (days[index]?.date ?? '') >= day);
  if (first < 0) return null;
  const steps = [first, first + 1].flatMap((place) => {
    const [before, after] = [priced[place - 1], priced[place]];
    if (before === undefined || after === undefined) return [];
    const move = log(priceAt(days, after, column) / priceAt(days, before, column));
    return [{ after, move, miss: Math.abs(move - expected) }];
  });
  const [best] = steps.sort((left, right) => left.miss - right.miss);
  return best !== undefined && best.miss < Math.abs(best.move) ? best.after : null;
}

function isPrice(price: number | null | undefined): boolean {
  return price != null && price > 0;
}

function priceAt(days: DailyPrices['days'], index: number, column: number): number {
  return days[index]?.prices[column] ?? Number.NaN;
}
