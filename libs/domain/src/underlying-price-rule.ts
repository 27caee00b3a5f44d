import type { Decimal } from './decimal';
import type { UnderlyingKind } from './instrument';

/** Kinds whose price may be zero or below: futures (WTI settled at −37.63 on 2020-04-20) and spreads. */
const signedKinds: readonly UnderlyingKind[] = ['future', 'other'];

/** Tells whether an underlying of a kind may be worth zero or less. */
export function mayPriceBeNegative(kind: UnderlyingKind): boolean {
  return signedKinds.includes(kind);
}

/** Lowest financing rate that is taken [1/year, continuously compounded]: below −20 % it is a slip of the pen. */
export const financingRateMinimum = -0.2;
/** Largest size of any rate or yield that is taken [1/year]: ±100 % catches percent written for fractions. */
export const rateSizeMaximum = 1;

/** What is wrong with a figure of an underlying. */
export interface UnderlyingFault {
  readonly field: 'price' | 'rate' | 'dividendYield';
  /** Completes a sentence that begins with the field and its value. */
  readonly reason: string;
}

/**
 * Finds what makes the stated figures of an underlying impossible: a price of zero or less where the kind has none, a
 * financing rate outside −0.2…1, a yield outside −1…1, a figure that is not a number.
 *
 * @returns faults in the order of the fields; empty when there is nothing to say
 */
export function findUnderlyingFaults(state: {
  readonly kind: UnderlyingKind;
  readonly price: Decimal | null;
  readonly rate: number;
  readonly dividendYield: number;
}): UnderlyingFault[] {
  const { kind, price, rate, dividendYield } = state;
  const faults: UnderlyingFault[] = [];
  if (price !== null && price.lessThanOrEqualTo(0) && !mayPriceBeNegative(kind)) {
    faults.push({ field: 'price', reason: `must be greater than 0 when kind is ${kind}` });
  }
  if (!(rate >= financingRateMinimum && rate <= rateSizeMaximum)) {
    faults.push({ field: 'rate', reason: 'outside −0.2…1; write 5 % as 0.05' });
  }
  if (!(Math.abs(dividendYield) <= rateSizeMaximum)) {
    faults.push({ field: 'dividendYield', reason: 'outside −1…1; write 5 % as 0.05' });
  }
  return faults;
}
