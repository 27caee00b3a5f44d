/** A function given at ascending points. */
export interface CurvePoints {
  readonly at: Float64Array;
  readonly values: Float64Array;
}

/**
 * Interpolates by monotone cubic pieces: exact at the points, no overshoot between them, a straight line stays one; slopes
 * by the weighted harmonic mean (F. Fritsch and J. Butland, SIAM J. Sci. Stat. Comput. 5 (1984) 300–304). Beyond the ends
 * the last slope continues.
 *
 * @param points  at least one, ascending without repetition
 */
export function monotoneCurve({ at, values }: CurvePoints): (x: number) => number {
  const count = at.length;
  if (count === 1) return () => values[0] as number;
  const slopes = monotoneSlopes(at, values);
  return (x) => {
    if (!(x > (at[0] as number))) return (values[0] as number) + (slopes[0] as number) * (x - (at[0] as number));
    const last = count - 1;
    if (!(x < (at[last] as number)))
      return (values[last] as number) + (slopes[last] as number) * (x - (at[last] as number));
    const left = placeOf(at, x);
    const width = (at[left + 1] as number) - (at[left] as number);
    const t = (x - (at[left] as number)) / width;
    const [from, to] = [values[left] as number, values[left + 1] as number];
    const [rise, rest] = [slopes[left] as number, slopes[left + 1] as number];
    const bend = t * (1 - t) * width;
    return from + t * t * (3 - 2 * t) * (to - from) + bend * ((1 - t) * rise - t * rest);
  };
}

/** Place k with at[k] ≤ x < at[k + 1], for x within. */
export function placeOf(at: Float64Array, x: number): number {
  let [low, high] = [0, at.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((at[middle] as number) <= x) low = middle;
    else high = middle;
  }
  return low;
}

/**
 * Slopes of the monotone cubic pieces at the points.
 *
 * @param at  at least two, ascending without repetition
 */
export function monotoneSlopes(at: Float64Array, values: Float64Array): Float64Array {
  const last = at.length - 1;
  const widths = Float64Array.from({ length: last }, (_, k) => (at[k + 1] as number) - (at[k] as number));
  const secants = widths.map((width, k) => ((values[k + 1] as number) - (values[k] as number)) / width);
  const slopes = new Float64Array(last + 1);
  for (let k = 1; k < last; k += 1) {
    const [before, after] = [secants[k - 1] as number, secants[k] as number];
    if (!(before * after > 0)) continue;
    const [left, right] = [widths[k - 1] as number, widths[k] as number];
    const [first, second] = [2 * right + left, right + 2 * left];
    slopes[k] = (first + second) / (first / before + second / after);
  }
  slopes[0] = endSlope(secants, widths, 0, 1);
  slopes[last] = endSlope(secants, widths, last - 1, last - 2);
  return slopes;
}

/** Three-point slope at an end, kept from overshooting (C. Moler, Numerical Computing with MATLAB, 2004, §3.6). */
function endSlope(secants: Float64Array, widths: Float64Array, first: number, second: number): number {
  const [near, far] = [secants[first] as number, secants[second]];
  if (far === undefined) return near;
  const [width, next] = [widths[first] as number, widths[second] as number];
  const slope = ((2 * width + next) * near - width * far) / (width + next);
  if (!(slope * near > 0)) return 0;
  return near * far <= 0 && Math.abs(slope) > 3 * Math.abs(near) ? 3 * near : slope;
}
