import { Decimal } from './decimal';
import { DomainError } from './domain-error';
import type { FxRate } from './market-snapshot';

/**
 * Finds how many units of `to` one unit of `from` is worth: the stated rate, its inverse, or one step through a third
 * currency. Stated rates win over inverses, inverses over crosses; the first in the list wins among equals.
 *
 * @throws DomainError 'FX_MISSING' when no rate connects the two; a missing rate is never 1
 */
export function fxRateBetween(rates: readonly FxRate[], pair: { readonly from: string; readonly to: string }): Decimal {
  const found = findFxRate(rates, pair);
  if (found !== undefined) return found;
  throw new DomainError('FX_MISSING', `no exchange rate from ${pair.from} to ${pair.to}`, 'fx');
}

/** Finds a rate as fxRateBetween does; undefined when no rate connects the two, for whoever knows another way. */
export function findFxRate(
  rates: readonly FxRate[],
  { from, to }: { readonly from: string; readonly to: string },
): Decimal | undefined {
  if (from === to) return new Decimal(1);
  const direct = directRate(rates, from, to);
  if (direct !== undefined) return direct;
  for (const rate of rates) {
    for (const middle of [rate.from, rate.to]) {
      const first = directRate(rates, from, middle);
      const second = directRate(rates, middle, to);
      if (first !== undefined && second !== undefined) return first.times(second);
    }
  }
  return undefined;
}

function directRate(rates: readonly FxRate[], from: string, to: string): Decimal | undefined {
  const stated = rates.find((rate) => rate.from === from && rate.to === to);
  if (stated !== undefined) return stated.rate;
  const inverse = rates.find((rate) => rate.from === to && rate.to === from);
  return inverse === undefined ? undefined : new Decimal(1).div(inverse.rate);
}
