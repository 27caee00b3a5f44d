/**
 * Panels for the premium integral: fine where the integrand turns, coarse elsewhere.
 */
import { binaryExponent, scaleByPowerOfTwo } from './binary-scale';

/** What decides the panels. */
export interface PremiumStretch {
  /** Time to expiry T [year]. */
  readonly years: number;
  /** Times to expiry below T at which a curve changes its law (it starts to stand still) [year]. */
  readonly horizon: number;
  /** First time from now at which anything is exercised: T − τ* beyond the meeting of a double boundary [year]. */
  readonly start: number;
  /** Distance from the exercise region now, |ln(S/boundary)|/σ; Infinity when there is none now. */
  readonly distance: number;
  /** Drift away from the exercise region, ±((r − q)/σ − σ/2). */
  readonly drift: number;
}

/**
 * Chooses panel ends in t, √(s/T) = 2t/(1 + t²).
 *
 * Before √s = w₀, where (distance/√s + drift·√s) = 8, the underlying does not reach the region (Φ(−8) = 6e-16). From
 * the power of two below it every panel is four times as long as all before it; a panel ends where a curve starts to stand still, and where
 * the drift alone reaches the region, when it does so sharply.
 *
 * @returns increasing panel ends; fewer than two when the integral is nil
 */
export function premiumBreaks(stretch: PremiumStretch): number[] {
  const { years, horizon, start, distance, drift } = stretch;
  const rootYears = Math.sqrt(years);
  const first = start > 0 ? Math.sqrt(start / years) : firstReach(distance, drift) / rootYears;
  if (!(first < 1)) return [];
  const from = start > 0 ? Math.max(panelEnd(first), SMALLEST_PANEL) : ladderStep(panelEnd(first));
  const breaks = [from];
  for (let end = from * GROWTH; end < LAST_SPLIT; end *= GROWTH) breaks.push(end);
  breaks.push(1);
  const before = breaks.length;
  if (horizon < years) {
    const cosine = Math.sqrt(horizon / years);
    addBreak(breaks, Math.sqrt((1 - cosine) / (1 + cosine)));
  }
  if (drift < 0 && -drift * distance > SHARP) {
    const middle = Math.sqrt(distance / -drift);
    for (const side of [-3, 0, 3]) {
      addBreak(breaks, panelEnd(Math.min(1, Math.max(0, (middle - side / drift) / rootYears))));
    }
  }
  return breaks.length === before ? breaks : breaks.sort((a, b) => a - b);
}

function addBreak(breaks: number[], end: number): void {
  if (end > breaks[0]! && end < 1) breaks.push(end);
}

/** The power of two at or below t: contracts at neighbouring distances then share their panels. */
function ladderStep(t: number): number {
  return scaleByPowerOfTwo(1, binaryExponent(Math.max(t, SMALLEST_PANEL)));
}

function firstReach(distance: number, drift: number): number {
  if (drift >= 0) return distance / 8;
  return distance / (4 + Math.sqrt(16 - drift * distance));
}

/** t of a value of √(s/T). */
function panelEnd(sine: number): number {
  return sine / (1 + Math.sqrt((1 - sine) * (1 + sine)));
}

const SMALLEST_PANEL = 1e-9;
const GROWTH = 4;
const LAST_SPLIT = 0.5;
/** Beyond this a deviation of the passage is less than a sixth of its √s; one panel over it missed by up to 2e-2 per 100. */
const SHARP = 9;
