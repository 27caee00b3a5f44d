/**
 * Rational cubic interpolation that keeps monotonicity and convexity.
 *
 * R. Delbourgo and J. A. Gregory, "Shape preserving piecewise rational interpolation", SIAM J. Sci. Stat. Comput. 6
 * (1985) 967–976; with the choice of the control parameter from a second derivative at one end after P. Jäckel, "Let's
 * Be Rational" (2015), appendix.
 */

/** Ordinates and slopes at both ends of one interval. */
export interface CubicSegment {
  /** Width of the interval, > 0. */
  readonly width: number;
  readonly leftValue: number;
  readonly rightValue: number;
  readonly leftSlope: number;
  readonly rightSlope: number;
}

/**
 * Computes the interpolant at distance `fromLeft` from the left end, `fromRight` from the right end.
 *
 * Both distances are arguments so that a caller who knows one of them precisely loses nothing near that end.
 *
 * @param control  > −1; 3 is the ordinary cubic, larger values approach the chord
 */
export function interpolateRationalCubic(
  segment: CubicSegment,
  fromLeft: number,
  fromRight: number,
  control: number,
): number {
  const { width, leftValue, rightValue, leftSlope, rightSlope } = segment;
  const t = fromLeft / width;
  const u = fromRight / width;
  if (control >= LARGEST_CONTROL) return rightValue * t + leftValue * u;
  const numerator =
    rightValue * t * t * t +
    (control * rightValue - width * rightSlope) * t * t * u +
    (control * leftValue + width * leftSlope) * t * u * u +
    leftValue * u * u * u;
  return numerator / (1 + (control - 3) * t * u);
}

/** The control that gives the interpolant this second derivative at the left end, at least what the shape needs. */
export function controlFromLeft(segment: CubicSegment, secondDerivative: number): number {
  const { width, leftSlope, rightSlope } = segment;
  const chord = (segment.rightValue - segment.leftValue) / width;
  return boundedControl(segment, (0.5 * width * secondDerivative + (rightSlope - leftSlope)) / (chord - leftSlope));
}

/** The control that gives the interpolant this second derivative at the right end, at least what the shape needs. */
export function controlFromRight(segment: CubicSegment, secondDerivative: number): number {
  const { width, leftSlope, rightSlope } = segment;
  const chord = (segment.rightValue - segment.leftValue) / width;
  return boundedControl(segment, (0.5 * width * secondDerivative + (rightSlope - leftSlope)) / (rightSlope - chord));
}

/** The larger of the fitted control and the least one that keeps the data's monotonicity and convexity. */
function boundedControl(segment: CubicSegment, fitted: number): number {
  const { leftSlope, rightSlope } = segment;
  const chord = (segment.rightValue - segment.leftValue) / segment.width;
  const bend = Math.abs(rightSlope - leftSlope);
  const monotone = leftSlope * chord >= 0 && rightSlope * chord >= 0 ? (leftSlope + rightSlope) / chord : -1;
  const isConvex = (leftSlope <= chord && chord <= rightSlope) || (leftSlope >= chord && chord >= rightSlope);
  const convex = isConvex ? Math.max(bend / Math.abs(rightSlope - chord), bend / Math.abs(chord - leftSlope)) : -1;
  const bounded = Math.max(fitted, monotone, convex, LEAST_CONTROL);
  return bounded < LARGEST_CONTROL ? bounded : LARGEST_CONTROL;
}

const LEAST_CONTROL = -0.99;
const LARGEST_CONTROL = 1e14;
