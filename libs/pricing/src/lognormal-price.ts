/**
 * The price of a European option under a lognormal model, accurate relative to its out-of-the-money value.
 *
 * The out-of-the-money side is priced, as A·φ(d1)·(Y(d1) − Y(d2)) with Y = Φ/φ, and put-call parity gives the other.
 * After P. Jäckel, "Let's Be Rational" (Wilmott, January 2015), sections 3 and 6, whose asymptotic branches the
 * half-line forms of `millsRatio` and `unitLossRatio` make unnecessary.
 */
import { twoSumTail } from './double-double';
import type { LognormalTerms } from './lognormal-terms';
import { isSeriesRange, millsDifference } from './mills-difference';
import { millsRatio } from './mills-ratio';
import type { OptionRight } from './option-right';

/**
 * Computes the price from the shared terms.
 *
 * @returns price [currency/unit], at least max(0, ±(A − B)) and at most A (call) or B (put)
 */
export function lognormalPrice(terms: LognormalTerms, right: OptionRight): number {
  const { a, aTail, b, bTail } = terms;
  const isCall = right === 'call';
  if (terms.limit) return limitPrice(terms, isCall);
  const outPrice = outOfTheMoneyPrice(terms);
  if (isCall === terms.h <= 0) return outPrice;
  return isCall ? differencePlus(a, aTail, b, bTail, outPrice) : differencePlus(b, bTail, a, aTail, outPrice);
}

/** The call for x ≤ 0, the put for x > 0. */
function outOfTheMoneyPrice(terms: LognormalTerms): number {
  const { a, aTail, b, bTail, density, unscale } = terms;
  const isPut = terms.h > 0;
  const h = isPut ? -terms.h : terms.h;
  const half = 0.5 * terms.deviation;
  if (isSeriesRange(h, half)) return density * millsDifference(h, half) * unscale;
  // z1 ≥ z2 are d1, d2 of the call and −d2, −d1 of the put: z2 is never positive.
  const z1 = isPut ? -terms.d2 : terms.d1;
  const mills2 = millsRatio(isPut ? terms.d1 : -terms.d2);
  if (z1 <= 0) return density * (millsRatio(-z1) - mills2) * unscale;
  const complement = density * (millsRatio(z1) + mills2) * unscale;
  return isPut ? differencePlus(b, bTail, complement, 0, 0) : differencePlus(a, aTail, complement, 0, 0);
}

function limitPrice(terms: LognormalTerms, isCall: boolean): number {
  const { a, aTail, b, bTail, d1, d2 } = terms;
  if (d1 > 0 && d2 < 0) return isCall ? a : b;
  if (isCall) return d1 > 0 ? differencePlus(a, aTail, b, bTail, 0) : 0;
  return d1 < 0 ? differencePlus(b, bTail, a, aTail, 0) : 0;
}

/** max(0, (a + aTail) − (b + bTail) + c), rounded once. */
function differencePlus(a: number, aTail: number, b: number, bTail: number, c: number): number {
  const difference = a - b;
  const sum = difference + c;
  const value = sum + (twoSumTail(difference, c, sum) + twoSumTail(a, -b, difference) + (aTail - bTail));
  return value > 0 ? value : 0;
}
