import { Decimal, type Instant } from '@ballast/domain';
import type { MarginCall } from './margin-call';
import type { MarginCallTerms } from './margin-call-terms';

const millisecondsPerYear360 = 360 * 86_400_000;
/** Decimals an accrued fee is kept with; it is rounded to the minor unit only where it is shown. */
const feeDecimals = 12;

/**
 * Late fee accrued up to an instant: simple interest on what is outstanding, lateFee + outstanding × rate × days / 360,
 * from the due time on and only while the call is OVERDUE or ESCALATED. Exact decimals, rounded up at the twelfth.
 *
 * @param at  not before `call.lateFeeUntil` has any effect
 */
export function accrueLateFee(
  call: MarginCall,
  terms: Pick<MarginCallTerms, 'lateFeeRate'>,
  at: Instant,
): Pick<MarginCall, 'lateFee' | 'lateFeeUntil'> {
  const { lateFee, lateFeeUntil, outstanding, state } = call;
  if (at <= lateFeeUntil) return { lateFee, lateFeeUntil };
  if (state !== 'OVERDUE' && state !== 'ESCALATED') return { lateFee, lateFeeUntil };
  const accrued = outstanding
    .times(terms.lateFeeRate)
    .times(at - lateFeeUntil)
    .div(millisecondsPerYear360);
  return { lateFee: lateFee.plus(accrued).toDecimalPlaces(feeDecimals, Decimal.ROUND_CEIL), lateFeeUntil: at };
}

/**
 * Liquidation penalty on escalation: max(minimum, fraction × outstanding); 0 where the fraction is 0. Rounded up at the
 * twelfth decimal.
 */
export function liquidationPenalty(
  outstanding: Decimal,
  terms: Pick<MarginCallTerms, 'liquidationPenaltyFraction' | 'liquidationPenaltyMinimum'>,
): Decimal {
  if (terms.liquidationPenaltyFraction === 0) return new Decimal(0);
  const share = outstanding.times(terms.liquidationPenaltyFraction);
  return Decimal.max(share, terms.liquidationPenaltyMinimum).toDecimalPlaces(feeDecimals, Decimal.ROUND_CEIL);
}
