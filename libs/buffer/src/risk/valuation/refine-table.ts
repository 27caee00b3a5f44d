import type { Steps } from '../steps';
import { type MonotoneTable, monotoneTable } from './monotone-table';

/** Points of the first grid. */
const firstPoints = 17;
/** How often an interval may be halved. */
const depth = 5;
/** Largest distance between table and function half-way between points, as a share of the scale of a column. */
const tolerance = 3e-3;
/** Least scale of a column, as a share of its range from end to end. */
const leastScale = 0.1;

/**
 * Tabulates several functions between −reach and reach: on equal steps first, then with every interval halved in whose
 * middle a column lies further from its function than the tolerance, where payoffs bend. The middles that were compared
 * become points of the table.
 *
 * @param rowAt  values of all functions at a point, one length; null = there are none
 * @returns null where the functions have no values
 */
export function* refineTable(reach: number, rowAt: (x: number) => Float64Array | null): Steps<MonotoneTable | null> {
  const rows = new Map<number, Float64Array>();
  let wanted = Array.from({ length: firstPoints }, (_, point) => -reach + (2 * reach * point) / (firstPoints - 1));
  let [table, scales]: [MonotoneTable | null, Float64Array] = [null, new Float64Array(0)];
  for (let round = 0; wanted.length > 0; round += 1) {
    const far: number[] = [];
    for (const x of wanted) {
      const row = rowAt(x);
      if (row === null) return null;
      rows.set(x, row);
      if (table !== null && isFar(table, x, row, scales)) far.push(x);
      yield;
    }
    const at = Float64Array.from(rows.keys()).sort();
    const sorted = [...at].map((x) => rows.get(x) as Float64Array);
    if (round === 0) scales = scalesOf(at, sorted, reach);
    table = monotoneTable(at, sorted);
    wanted = round === 0 ? middlesOf(at) : round > depth ? [] : far.flatMap((x) => middlesAround(at, x));
  }
  return table;
}

function isFar(table: MonotoneTable, x: number, row: Float64Array, scales: Float64Array): boolean {
  const found = new Float64Array(table.width);
  table.writeAt(x, found);
  return row.some(
    (value, column) => Math.abs(value - (found[column] as number)) > tolerance * (scales[column] as number),
  );
}

/** Range of each column over the inner half of the points, where paths are; not below a share of its whole range. */
function scalesOf(at: Float64Array, rows: readonly Float64Array[], reach: number): Float64Array {
  const inner = rangesOf(rows.filter((_, point) => Math.abs(at[point] as number) <= reach / 2));
  return rangesOf(rows).map((range, column) => Math.max(inner[column] as number, leastScale * range));
}

/** Largest less smallest value of each column. */
function rangesOf(rows: readonly Float64Array[]): Float64Array {
  return (rows[0] as Float64Array).map((_, column) => {
    const values = rows.map((row) => row[column] as number);
    return Math.max(...values) - Math.min(...values);
  });
}

function middlesOf(at: Float64Array): number[] {
  return [...at.subarray(1)].map((x, place) => 0.5 * (x + (at[place] as number)));
}

/** Middles of the intervals on both sides of a point. */
function middlesAround(at: Float64Array, x: number): number[] {
  const place = at.indexOf(x);
  return [at[place - 1], at[place + 1]].flatMap((other) => (other === undefined ? [] : [0.5 * (x + other)]));
}
