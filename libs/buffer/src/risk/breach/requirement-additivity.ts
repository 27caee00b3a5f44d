import { expm1 } from '@ballast/pricing';
import type { PreparedState } from '../../analysis/account-state';
import type { AccountPart } from '../valuation/account-parts';
import { measureMoved } from './buffer-curve';

/** Difference between whole and sum that rounding explains, relative to the size of the requirement. */
const tolerance = 1e-9;
const scales = [1, 3] as const;

/**
 * Tells whether the maintenance requirement of an account is the sum of those of its parts, so that no underlying offsets
 * another: compared now and after moves of one and three standard deviations, all up, all down and in both alternations.
 *
 * @param deviations  of the log move of each part's underlying
 */
export function isAdditive(
  prepared: PreparedState,
  parts: readonly AccountPart[],
  deviations: ArrayLike<number>,
): boolean {
  if (parts.length < 2) return true;
  const signs = [() => 1, () => -1, (index: number) => 1 - 2 * (index % 2), (index: number) => 2 * (index % 2) - 1];
  const cases = [parts.map(() => 0)];
  for (const scale of scales)
    for (const signOf of signs)
      cases.push(parts.map((_, index) => scale * signOf(index) * (deviations[index] as number)));
  return cases.every((moves) => {
    const moved = Object.fromEntries(
      parts.map(({ underlyingIds }, index) => [underlyingIds[0] as string, expm1(moves[index] as number)]),
    );
    const whole = maintenanceOf(prepared, moved);
    const sum = parts.reduce((total, part, index) => {
      const id = part.underlyingIds[0] as string;
      return total + maintenanceOf(part.prepared, { [id]: expm1(moves[index] as number) });
    }, 0);
    return Math.abs(whole - sum) <= tolerance * Math.max(1, Math.abs(sum));
  });
}

function maintenanceOf(prepared: PreparedState, moves: Readonly<Record<string, number>>): number {
  return measureMoved(prepared, { positions: prepared.portfolio.positions, calendarDays: 0, moves }).maintenance;
}
