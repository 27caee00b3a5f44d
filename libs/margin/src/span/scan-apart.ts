import type { SpanCommodity } from './span-book';
import type { MonthRange } from './span-parameters';

/** What the scan risk of a commodity is read from. */
interface ScannedCommodity {
  /** Losses of the position per scenario. */
  readonly losses: Float64Array;
  /** Losses still scanned here after scanning spreads. */
  readonly scanned: Float64Array;
  readonly apart: readonly Float64Array[];
  readonly movedPortion: number;
}

/**
 * Sums the losses of each group of months that a commodity scans on its own; months of no group form a last one. Empty
 * where the commodity scans all months together.
 *
 * @param quantities  net contracts, in the order of the commodity's contracts
 */
export function lossesApart(
  commodity: SpanCommodity,
  quantities: Float64Array,
  scenarioCount: number,
): readonly Float64Array[] {
  const ranges = commodity.scannedApart ?? [];
  if (ranges.length === 0) return [];
  const groups = Array.from({ length: ranges.length + 1 }, () => new Float64Array(scenarioCount));
  commodity.contracts.forEach(({ month, losses }, index) => {
    const quantity = quantities[index] as number;
    if (quantity === 0) return;
    const group = groups[groupOf(month, ranges)] as Float64Array;
    for (let scenario = 0; scenario < scenarioCount; scenario += 1)
      group[scenario] = (group[scenario] as number) + quantity * (losses[scenario] as number);
  });
  return groups;
}

/** Position of the group in which a month is scanned; the number of ranges for a month of none. */
export function groupOf(month: string, ranges: readonly MonthRange[]): number {
  const found = ranges.findIndex(({ from, to }) => from <= month && month <= to);
  return found < 0 ? ranges.length : found;
}

/**
 * Computes the scan risk (methodology §1.7): the largest loss, at least 0; of a commodity with groups of months the sum
 * of the groups' own, each less what scanning spreads moved away, plus the largest loss of what they brought.
 */
export function scanRiskOf(state: ScannedCommodity, largestScanned: number): number {
  const { losses, scanned, apart, movedPortion } = state;
  if (apart.length === 0) return Math.max(0, largestScanned);
  const left = 1 - movedPortion;
  let risk = 0;
  for (const group of apart) risk += left * Math.max(0, largestOf(group));
  let brought = 0;
  scanned.forEach((loss, scenario) => {
    brought = Math.max(brought, loss - left * (losses[scenario] as number));
  });
  return risk + brought;
}

function largestOf(losses: Float64Array): number {
  let largest = -Infinity;
  for (const loss of losses) largest = Math.max(largest, loss);
  return largest;
}
