import type { ValuedPosition } from './instrument-valuation';
import type { PositionContribution } from './margin-requirement';

/** A book as the contribution of its positions is asked for. */
export interface ContributionInput {
  readonly instrumentIds: readonly string[];
  /** Net contracts, in the order of the identifiers. */
  readonly quantities: readonly number[];
  /** Maintenance requirement of the same contracts in other quantities [base currency]; must not value them anew. */
  readonly requirementOf: (quantities: Float64Array) => number;
  /**
   * Euler contributions where the methodology knows them in closed form (scan risk: quantity × loss of the active
   * scenario); differentiated numerically where absent or null.
   */
  readonly euler?: readonly (number | null)[];
  /** Maintenance requirement without one position, where the methodology has a shorter way than `requirementOf`. */
  readonly requirementWithout?: (index: number) => number;
}

/**
 * Explains a requirement R by position: Euler contribution q·∂R/∂q, and the increment R(book) − R(book without it).
 *
 * Requirements scale with the book, so by Euler's theorem the contributions add up to R; what a fixed amount or a kink
 * leaves over is spread in proportion to their size, and the last bits go to the largest, so that they add up in float.
 * The derivative is a central difference with a relative step of 2⁻²⁰, exact on the piecewise linear parts.
 */
export function computeContributions(input: ContributionInput): readonly PositionContribution[] {
  const { instrumentIds, requirementOf } = input;
  const quantities = Float64Array.from(input.quantities);
  const total = requirementOf(quantities);
  const without = input.requirementWithout ?? ((index) => withQuantity(quantities, index, 0, requirementOf));
  const increments = instrumentIds.map((_, index) => total - without(index));
  const raw = instrumentIds.map(
    (_, index) => input.euler?.[index] ?? eulerDifference(quantities, index, requirementOf),
  );
  const euler = spreadRemainder(raw, total);
  return instrumentIds.map((instrumentId, index) => ({
    instrumentId,
    euler: euler[index] as number,
    increment: increments[index] as number,
  }));
}

/** Explains a requirement by the positions of a book, differentiated numerically. */
export function contributionsOfPositions(
  positions: readonly ValuedPosition[],
  requirementOf: ContributionInput['requirementOf'],
): readonly PositionContribution[] {
  const instrumentIds = positions.map(({ contract }) => contract.instrument.id);
  return computeContributions({ instrumentIds, quantities: positions.map(({ quantity }) => quantity), requirementOf });
}

const relativeStep = 2 ** -20;

function eulerDifference(quantities: Float64Array, index: number, requirementOf: ContributionInput['requirementOf']) {
  const quantity = quantities[index] as number;
  const above = withQuantity(quantities, index, quantity * (1 + relativeStep), requirementOf);
  const below = withQuantity(quantities, index, quantity * (1 - relativeStep), requirementOf);
  return (above - below) / (2 * relativeStep);
}

function withQuantity(
  quantities: Float64Array,
  index: number,
  quantity: number,
  requirementOf: ContributionInput['requirementOf'],
): number {
  const changed = Float64Array.from(quantities);
  changed[index] = quantity;
  return requirementOf(changed);
}

/** Makes contributions add up to the total: a remainder is shared by size, the last bits fall to the largest. */
function spreadRemainder(raw: readonly number[], total: number): readonly number[] {
  if (raw.length === 0) return raw;
  const size = raw.reduce((sum, value) => sum + Math.abs(value), 0);
  const remainder = total - sumOf(raw);
  const noise = 1e-12 * Math.max(Math.abs(total), size);
  const spread =
    Math.abs(remainder) <= noise
      ? [...raw]
      : raw.map((value) => value + remainder * (size > 0 ? Math.abs(value) / size : 1 / raw.length));
  const largest = spread.reduce(
    (best, value, index) => (Math.abs(value) > Math.abs(spread[best] ?? 0) ? index : best),
    0,
  );
  for (let pass = 0; pass < 3; pass += 1) spread[largest] = (spread[largest] ?? 0) + (total - sumOf(spread));
  return spread;
}

function sumOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
