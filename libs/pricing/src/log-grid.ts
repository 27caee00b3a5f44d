/**
 * Finite differences for the Black-Scholes equation on a uniform grid in x = ln S: Crank-Nicolson in time, central in
 * space, linear in S at both ends, an obstacle by penalty (Forsyth and Vetzal 2002).
 */

/** A uniform grid: node j lies at start + j·spacing. */
export interface LogGrid {
  readonly start: number;
  readonly spacing: number;
  readonly count: number;
  /** e^x at every node. */
  readonly levels: Float64Array;
}

/** The diffusion between two dates. */
export interface LogDiffusion {
  /** Lognormal volatility [1/√year] > 0. */
  readonly volatility: number;
  readonly rate: number;
  readonly dividendYield: number;
}

/** Working arrays of one grid. */
export interface LogGridWorkspace {
  readonly right: Float64Array;
  readonly upper: Float64Array;
  readonly next: Float64Array;
  readonly pinned: Uint8Array;
}

/** Allocates the working arrays of a grid. */
export function logGridWorkspace(count: number): LogGridWorkspace {
  return {
    right: new Float64Array(count),
    upper: new Float64Array(count),
    next: new Float64Array(count),
    pinned: new Uint8Array(count),
  };
}

/**
 * Rolls values back by one time step in place.
 *
 * @param values    values at the later time, overwritten by those at the earlier one
 * @param years     length of the step [year] > 0
 * @param obstacle  least value at the earlier time, or null
 */
export function stepLogGrid(
  grid: LogGrid,
  diffusion: LogDiffusion,
  values: Float64Array,
  years: number,
  obstacle: Float64Array | null,
  workspace: LogGridWorkspace,
): void {
  const { count, spacing } = grid;
  const { volatility, rate, dividendYield } = diffusion;
  const { right, next, pinned } = workspace;
  const half = 0.5 * years;
  const spread = (0.5 * volatility * volatility) / (spacing * spacing);
  const slope = (rate - dividendYield - 0.5 * volatility * volatility) / (2 * spacing);
  const lower = half * (spread - slope);
  const upper = half * (spread + slope);
  const centre = half * (2 * spread + rate);
  // V linear in S makes V_xx = V_x, so the equation keeps its first-order term alone, differenced inwards.
  const edge = (half * (rate - dividendYield)) / spacing;
  const last = count - 1;
  right[0] = values[0]! + edge * (values[1]! - values[0]!) - half * rate * values[0]!;
  right[last] = values[last]! + edge * (values[last]! - values[last - 1]!) - half * rate * values[last]!;
  for (let j = 1; j < last; j++) {
    right[j] = values[j]! + lower * values[j - 1]! - centre * values[j]! + upper * values[j + 1]!;
  }
  if (obstacle === null) {
    solveStep(count, lower, centre, upper, edge, half * rate, null, workspace);
  } else {
    for (let j = 0; j < count; j++) pinned[j] = values[j]! <= obstacle[j]! ? 1 : 0;
    for (let round = 0; round < PENALTY_ROUNDS; round++) {
      solveStep(count, lower, centre, upper, edge, half * rate, obstacle, workspace);
      let moved = false;
      for (let j = 0; j < count; j++) {
        const pin = next[j]! < obstacle[j]! ? 1 : 0;
        if (pin !== pinned[j]) moved = true;
        pinned[j] = pin;
      }
      if (!moved) break;
    }
    for (let j = 0; j < count; j++) next[j] = Math.max(next[j]!, obstacle[j]!);
  }
  values.set(next);
}

/** Thomas' algorithm on the implicit half, pinned rows drawn to the obstacle. */
function solveStep(
  count: number,
  lower: number,
  centre: number,
  upper: number,
  edge: number,
  discount: number,
  obstacle: Float64Array | null,
  workspace: LogGridWorkspace,
): void {
  const { right, upper: eliminated, next, pinned } = workspace;
  const last = count - 1;
  const pull = (j: number) => (pinned[j] === 1 ? PENALTY : 0);
  const target = (j: number) => (obstacle !== null && pinned[j] === 1 ? PENALTY * obstacle[j]! : 0);
  let diagonal = 1 + discount + edge + pull(0);
  eliminated[0] = -edge / diagonal;
  next[0] = (right[0]! + target(0)) / diagonal;
  for (let j = 1; j < last; j++) {
    diagonal = 1 + centre + pull(j) + lower * eliminated[j - 1]!;
    eliminated[j] = -upper / diagonal;
    next[j] = (right[j]! + target(j) + lower * next[j - 1]!) / diagonal;
  }
  diagonal = 1 + discount - edge + pull(last) - edge * eliminated[last - 1]!;
  next[last] = (right[last]! + target(last) - edge * next[last - 1]!) / diagonal;
  for (let j = last - 1; j >= 0; j--) next[j] = next[j]! - eliminated[j]! * next[j + 1]!;
}

const PENALTY = 1e9;
const PENALTY_ROUNDS = 20;
