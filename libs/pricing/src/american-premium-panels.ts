/**
 * What a stretch of the premium integral needs of its exercise curve: computed once per curve, the same for every spot
 * and strike.
 */
import { curveLimit } from './american-curve-equation';
import type { ExerciseCurve } from './american-exercise-curve';
import type { PremiumPanel } from './american-premium-panel';
import type { PutProblem } from './american-put-problem';
import { chebyshevSum } from './chebyshev';
import { exp, relativeChange } from './exponential';
import type { QuadratureRule } from './gauss-legendre';

/* Node k of a stretch holds its terms at from + k·PANEL_STRIDE + PANEL_…. */

/** −b(T − s). */
export const PANEL_SHIFT = 0;
/** σ√s. */
export const PANEL_SPREAD = 1;
/** 1/(σ√s). */
export const PANEL_PER_SPREAD = 2;
/** ((r − q)/σ − σ/2)√s. */
export const PANEL_DRIFT = 3;
/** e^(−rs) ds. */
export const PANEL_RATE_WEIGHT = 4;
/** e^(−qs) ds. */
export const PANEL_YIELD_WEIGHT = 5;
/** The curve per strike, B(T − s). */
export const PANEL_LEVEL = 6;
/** r − q·B(T − s). */
export const PANEL_GAIN = 7;
/** ∂b(T − s)/∂σ, ∂r and ∂q at a fixed limit of the curve; zero for a curve without slopes. */
export const PANEL_BY_VOLATILITY = 8;
export const PANEL_BY_RATE = 9;
export const PANEL_BY_YIELD = 10;
export const PANEL_STRIDE = 11;

/**
 * Returns the terms of one stretch, remembering them with the curve: contracts on one boundary share most stretches.
 *
 * @param put  the put the curve was solved for
 */
export function premiumPanel(
  curve: ExerciseCurve,
  put: PutProblem,
  rule: QuadratureRule,
  start: number,
  end: number,
): PremiumPanel {
  const { panels } = curve;
  for (let index = 0; index < panels.length; index++) {
    const panel = panels[index]!;
    if (panel.start === start && panel.end === end && panel.rule === rule && panel.put === put) return panel;
  }
  const panel = reservedPanel(put, rule, start, end);
  fillTerms(curve, panel);
  if (panels.length < REMEMBERED) panels.push(panel);
  return panel;
}

/** Takes a place in the block at hand: small typed arrays are dear to allocate and to collect. */
function reservedPanel(put: PutProblem, rule: QuadratureRule, start: number, end: number): PremiumPanel {
  const length = rule.nodes.length * PANEL_STRIDE;
  if (used + length > block.length) {
    block = new Float64Array(Math.max(BLOCK_LENGTH, length));
    used = 0;
  }
  const from = used;
  used += length;
  return { put, rule, start, end, terms: block, from, to: used };
}

function fillTerms(curve: ExerciseCurve, { put, rule, start, end, terms, from }: PremiumPanel): void {
  const { rate, dividendYield, volatility, yearsToExpiry } = put;
  const { side, slopes, squares, lnLimit } = curve;
  const { nodes, weights } = rule;
  const width = end - start;
  const rootYears = Math.sqrt(yearsToExpiry);
  const rootLives = Math.sqrt(yearsToExpiry / curve.horizon);
  const driftPerRoot = (rate - dividendYield) / volatility - 0.5 * volatility;
  const limit = curveLimit({ put, lnLimit });
  for (let k = 0, at = from; k < nodes.length; k++, at += PANEL_STRIDE) {
    const t = start + width * nodes[k]!;
    const scale = 1 / (1 + t * t);
    const sine = 2 * t * scale;
    const cosine = (1 - t) * (1 + t) * scale;
    const weight = 4 * yearsToExpiry * width * weights[k]! * sine * cosine * scale;
    const z = Math.min(1, 2 * rootLives * cosine - 1);
    const root = rootYears * sine;
    const s = root * root;
    const spread = volatility * root;
    const square = chebyshevSum(squares, z);
    const inside = square > SMALLEST_SQUARE;
    const distance = inside ? Math.sqrt(square) : SMALLEST_DISTANCE;
    const change = relativeChange(-side * distance);
    terms[at + PANEL_SHIFT] = side * distance - lnLimit;
    terms[at + PANEL_SPREAD] = spread;
    terms[at + PANEL_PER_SPREAD] = 1 / spread;
    terms[at + PANEL_DRIFT] = driftPerRoot * root;
    terms[at + PANEL_RATE_WEIGHT] = weight * exp(-rate * s);
    terms[at + PANEL_YIELD_WEIGHT] = weight * exp(-dividendYield * s);
    terms[at + PANEL_LEVEL] = limit.level * (1 + change);
    terms[at + PANEL_GAIN] = limit.gain - limit.loss * change;
    if (slopes === null || !inside) continue;
    const bySquare = -side / (2 * distance);
    terms[at + PANEL_BY_VOLATILITY] = bySquare * chebyshevSum(slopes.volatility, z);
    terms[at + PANEL_BY_RATE] = bySquare * chebyshevSum(slopes.rate, z);
    terms[at + PANEL_BY_YIELD] = bySquare * chebyshevSum(slopes.dividendYield, z);
  }
}

let block = new Float64Array(0);
let used = 0;
const BLOCK_LENGTH = 8192;
/** More than the stretches of any usual set of spots; a stretch holds a kilobyte. */
const REMEMBERED = 32;
const SMALLEST_SQUARE = 1e-200;
const SMALLEST_DISTANCE = 1e-100;
