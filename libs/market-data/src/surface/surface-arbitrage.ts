import type { Instant } from '@ballast/domain';
import { checkedGrid, fitPointsMinimum, sliceVariance, type VolatilitySlice } from './volatility-slice';

/** Something wrong with a surface. */
export interface SurfaceFinding {
  readonly code: 'IV_ARB_BUTTERFLY' | 'IV_ARB_CALENDAR' | 'FIT_REPAIRED' | 'FIT_MISSED' | 'POINTS_LEFT_OUT';
  readonly expiry: Instant;
  /** Where it is worst, ln(strike / forward). */
  readonly k: number;
  /** Durrleman factor (butterfly), total variance lost to the earlier expiry (calendar), strikes (left out), or 0. */
  readonly amount: number;
}

/**
 * Checks the slices of a surface for static arbitrage.
 *
 * Butterfly: Durrleman's g(k) ≥ 0 on the quoted range of each slice. Calendar: total variance at equal forward-moneyness
 * must not fall from one expiry to the next on the range both quote. Amounts below 1e-10 are rounding.
 * Gatheral and Jacquier (2014), definitions 2.2 and 2.3.
 *
 * @param slices  in rising order of expiry
 */
export function findSurfaceArbitrage(slices: readonly VolatilitySlice[]): SurfaceFinding[] {
  const findings: SurfaceFinding[] = [];
  slices.forEach((slice, index) => {
    const { expiry, butterfly, curve } = slice;
    if (butterfly.factor < -tolerance) {
      findings.push({ code: 'IV_ARB_BUTTERFLY', expiry, k: butterfly.k, amount: butterfly.factor });
    }
    if (curve.kind === 'svi' && curve.repaired) findings.push({ code: 'FIT_REPAIRED', expiry, k: 0, amount: 0 });
    if (curve.kind === 'interpolated' && slice.pointCount >= fitPointsMinimum) {
      findings.push({ code: 'FIT_MISSED', expiry, k: 0, amount: 0 });
    }
    if (slice.leftOut > 0) findings.push({ code: 'POINTS_LEFT_OUT', expiry, k: 0, amount: slice.leftOut });
    const earlier = slices[index - 1];
    const loss = earlier === undefined ? null : worstCalendarLoss(earlier, slice);
    if (loss !== null && loss.amount > tolerance) findings.push({ code: 'IV_ARB_CALENDAR', expiry, ...loss });
  });
  return findings;
}

const tolerance = 1e-10;

function worstCalendarLoss(
  earlier: VolatilitySlice,
  later: VolatilitySlice,
): { readonly k: number; readonly amount: number } | null {
  const kMinimum = Math.max(earlier.kMinimum, later.kMinimum);
  const kMaximum = Math.min(earlier.kMaximum, later.kMaximum);
  if (!(kMaximum >= kMinimum)) return null;
  let worst = { k: 0, amount: Number.NEGATIVE_INFINITY };
  // The ends by name: where one expiry quotes a single strike they are the whole range, and the grid may miss them.
  const inside = checkedGrid({ kMinimum, kMaximum }).filter((k) => k > kMinimum && k < kMaximum);
  for (const k of [kMinimum, ...inside, kMaximum]) {
    const amount = sliceVariance(earlier, k).variance - sliceVariance(later, k).variance;
    if (amount > worst.amount) worst = { k, amount };
  }
  return worst;
}
