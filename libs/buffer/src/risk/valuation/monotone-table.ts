import { monotoneSlopes, placeOf } from './monotone-curve';

/** Several functions given at the same ascending points. */
export interface MonotoneTable {
  /** Functions of the table. */
  readonly width: number;
  /** Writes every function at a point into an array of at least `width`. */
  readonly writeAt: (x: number, into: Float64Array) => void;
}

/**
 * Interpolates several functions at once as monotoneCurve does each of them: the place and the four weights of the cubic
 * piece are found once per point.
 *
 * @param at    at least one, ascending without repetition
 * @param rows  values of all functions at each point, one length
 */
export function monotoneTable(at: Float64Array, rows: readonly Float64Array[]): MonotoneTable {
  const [count, width] = [at.length, (rows[0] as Float64Array).length];
  const values = new Float64Array(count * width);
  const slopes = new Float64Array(count * width);
  rows.forEach((row, point) => values.set(row, point * width));
  for (let column = 0; column < width && count > 1; column += 1) {
    const own = monotoneSlopes(
      at,
      Float64Array.from(rows, (row) => row[column] as number),
    );
    own.forEach((slope, point) => (slopes[point * width + column] = slope));
  }
  const extend = (point: number, distance: number, into: Float64Array): void => {
    const start = point * width;
    for (let column = 0; column < width; column += 1)
      into[column] = (values[start + column] as number) + distance * (slopes[start + column] as number);
  };
  const writeAt = (x: number, into: Float64Array): void => {
    const last = count - 1;
    if (!(x > (at[0] as number))) return extend(0, x - (at[0] as number), into);
    if (!(x < (at[last] as number))) return extend(last, x - (at[last] as number), into);
    const left = placeOf(at, x);
    const size = (at[left + 1] as number) - (at[left] as number);
    const t = (x - (at[left] as number)) / size;
    const [share, bend] = [t * t * (3 - 2 * t), t * (1 - t) * size];
    const [rise, fall] = [bend * (1 - t), bend * t];
    const start = left * width;
    const end = start + width;
    for (let column = 0; column < width; column += 1) {
      const from = values[start + column] as number;
      into[column] =
        from +
        share * ((values[end + column] as number) - from) +
        rise * (slopes[start + column] as number) -
        fall * (slopes[end + column] as number);
    }
  };
  return { width, writeAt };
}
