import { DomainError } from '@ballast/domain';
import { PricingInputError } from '@ballast/pricing';
import { measureState, type PreparedState, prepareState } from '../analysis/account-state';
import type { MarketShift } from '../analysis/market-shift';
import { shiftState } from '../analysis/shift-state';
import { type EquityAndMaintenance, nettedPartsOf } from '../risk/valuation/netted-parts';

/** Equity and maintenance requirement after a relative move, unrounded [base currency]; null where a model has no value. */
export type BufferAlong = (move: number) => EquityAndMaintenance | null;

/** Revalues the whole account in each market. */
export function bufferOfWhole(prepared: PreparedState, shiftOf: (move: number) => MarketShift): BufferAlong {
  return (move) =>
    whereValued(() => {
      const measure = measureState(prepareState(shiftState(prepared, shiftOf(move)).state, prepared.rules));
      return measure.status === 'valued' ? measure.figures : null;
    });
}

/**
 * Revalues what depends on one underlying and nets it with the rest of the account as it is: equal to a revaluation of the
 * whole but for the order of summation, at the cost of the contracts on that underlying.
 *
 * @returns null where the account cannot be taken apart, or consists of that underlying alone
 */
export function bufferOfPart(prepared: PreparedState, underlyingId: string): BufferAlong | null {
  const netted = whereValued(() => nettedPartsOf(prepared));
  const part = netted?.underlyingIds.indexOf(underlyingId) ?? -1;
  if (netted === null || part < 0 || netted.underlyingIds.length < 2) return null;
  return (move) =>
    whereValued(() => {
      const row = netted.rowAt(part, move);
      return row === null ? null : netted.figuresOf(netted.still.map((still, index) => (index === part ? row : still)));
    });
}

/** A market in which a model has no value (a negative price under a lognormal one) counts as not looked at. */
function whereValued<Result>(measure: () => Result | null): Result | null {
  try {
    return measure();
  } catch (error) {
    if (error instanceof DomainError || error instanceof PricingInputError) return null;
    throw error;
  }
}
