import type { FxRate } from '@ballast/domain';

/** A stated rate that disagrees with the way through a third currency. */
export interface FxTriangle {
  readonly from: string;
  readonly via: string;
  readonly to: string;
  /** Rate through `via` over the stated rate, minus 1; 0.002 = 20 basis points. */
  readonly difference: number;
}

/**
 * Finds exchange rates that disagree by more than 20 basis points with the product of two other stated rates, inverses
 * included: whoever converts through the third currency gains from nothing, so one of the three is stale or wrong.
 */
export function findFxTriangles(rates: readonly FxRate[]): FxTriangle[] {
  const rateOf = (from: string, to: string): number | undefined => {
    const stated = rates.find((rate) => rate.from === from && rate.to === to);
    if (stated !== undefined) return stated.rate.toNumber();
    const inverse = rates.find((rate) => rate.from === to && rate.to === from);
    return inverse === undefined ? undefined : 1 / inverse.rate.toNumber();
  };
  const currencies = [...new Set(rates.flatMap(({ from, to }) => [from, to]))].sort();
  const triangles: FxTriangle[] = [];
  for (const { from, to, rate } of rates) {
    for (const via of currencies) {
      if (via === from || via === to) continue;
      const [first, second] = [rateOf(from, via), rateOf(via, to)];
      if (first === undefined || second === undefined) continue;
      const difference = (first * second) / rate.toNumber() - 1;
      if (Math.abs(difference) > differenceMaximum) triangles.push({ from, via, to, difference });
    }
  }
  return triangles;
}

const differenceMaximum = 0.002;
