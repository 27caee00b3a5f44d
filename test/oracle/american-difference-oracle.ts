/**
 * American options by finite differences: an oracle that shares nothing with the collocation method but the model.
 *
 * Crank-Nicolson in ln S after two implicit steps halved, nodes clustered around strike and spot, times clustered at
 * expiry, the obstacle by policy iteration (Howard), and Richardson's extrapolation of two grids.
 */
import type { AmericanOption } from '@ballast/pricing';

/** A price and how far the last two grids were apart after extrapolation. */
export interface DifferencePrice {
  readonly price: number;
  readonly doubt: number;
}

/** Prices an American option on a grid of `nodes` × `steps` and one of half of both. */
export function differenceAmericanPrice(option: AmericanOption, nodes: number, steps: number): DifferencePrice {
  const coarse = priceOnGrid(option, nodes / 2, steps / 2);
  const fine = priceOnGrid(option, nodes, steps);
  return { price: fine + (fine - coarse) / 3, doubt: Math.abs(fine - coarse) / 3 };
}

interface Grid {
  /** ln(S/K). */
  readonly x: Float64Array;
  /** Coefficients of V(i − 1), V(i), V(i + 1) in the generator. */
  readonly below: Float64Array;
  readonly own: Float64Array;
  readonly above: Float64Array;
  readonly payoff: Float64Array;
}

function priceOnGrid(option: AmericanOption, nodes: number, steps: number): number {
  const grid = buildGrid(option, nodes);
  const sign = option.right === 'call' ? 1 : -1;
  const values = grid.payoff.map((value) => Math.max(0, value));
  smoothKink(grid, values, sign);
  const exercised = new Uint8Array(nodes + 1);
  let years = 0;
  for (let n = 1; n <= steps; n++) {
    const next = option.yearsToExpiry * (n / steps) ** 2;
    const halves = n <= 2 ? 2 : 1;
    const step = (next - years) / halves;
    for (let half = 0; half < halves; half++) {
      years += step;
      advance(grid, values, exercised, step, n <= 2 ? 1 : 0.5, [
        edgeValue(option, grid.x[0]!, years),
        edgeValue(option, grid.x[nodes]!, years),
      ]);
    }
    years = next;
  }
  const value = option.strike * interpolate(grid.x, values, Math.log(option.spot / option.strike));
  return Math.max(value, sign * (option.spot - option.strike), 0);
}

function buildGrid(
  { right, spot, strike, yearsToExpiry, rate, dividendYield, volatility }: AmericanOption,
  nodes: number,
): Grid {
  const sign = right === 'call' ? 1 : -1;
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  const drift = rate - dividendYield - 0.5 * volatility * volatility;
  const here = Math.log(spot / strike);
  const carried = Math.abs(drift) * yearsToExpiry;
  const reach = Math.min(60, 7 * deviation + (carried > 3 * deviation ? 2 : 1) * carried + 0.5);
  const width = 0.25 * Math.min(1, Math.max(deviation, 0.05)) + 0.5 * Math.abs(here);
  const first = Math.asinh((Math.min(here, 0) - reach) / width);
  const last = Math.asinh((Math.max(here, 0) + reach) / width);
  const x = Float64Array.from({ length: nodes + 1 }, (_, i) => width * Math.sinh(first + ((last - first) * i) / nodes));
  const grid = {
    ...{ x, payoff: x.map((value) => sign * Math.expm1(value)) },
    ...{ below: new Float64Array(nodes + 1), own: new Float64Array(nodes + 1), above: new Float64Array(nodes + 1) },
  };
  for (let i = 1; i < nodes; i++) {
    const down = x[i]! - x[i - 1]!;
    const up = x[i + 1]! - x[i]!;
    const spread = (volatility * volatility) / (down + up);
    let below = (spread - (drift * up) / (down + up)) / down;
    let above = (spread + (drift * down) / (down + up)) / up;
    if (below < 0) [below, above] = [spread / down, spread / up + drift / up];
    else if (above < 0) [below, above] = [spread / down - drift / down, spread / up];
    grid.below[i] = below;
    grid.above[i] = above;
    grid.own[i] = -below - above - rate;
  }
  return grid;
}

/** The node whose cell holds the strike starts at the mean of the payoff over the cell. */
function smoothKink({ x }: Grid, values: Float64Array, sign: number): void {
  for (let i = 1; i < x.length - 1; i++) {
    const low = 0.5 * (x[i]! + x[i - 1]!);
    const high = 0.5 * (x[i]! + x[i + 1]!);
    if (low >= 0 || high <= 0) continue;
    values[i] = (sign > 0 ? Math.expm1(high) - high : Math.expm1(low) - low) / (high - low);
  }
}

/** Far from everything volatility does not matter: the best moment along the certain path. */
function edgeValue({ right, rate, dividendYield }: AmericanOption, x: number, years: number): number {
  const sign = right === 'call' ? 1 : -1;
  let best = 0;
  for (let k = 0; k <= 400; k++) {
    const t = (years * k) / 400;
    best = Math.max(best, sign * (Math.exp(x - dividendYield * t) - Math.exp(-rate * t)));
  }
  return best;
}

function advance(
  { below, own, above, payoff }: Grid,
  values: Float64Array,
  exercised: Uint8Array,
  step: number,
  implicit: number,
  [first, last]: readonly [number, number],
): void {
  const end = values.length - 1;
  const known = new Float64Array(end + 1);
  const ratio = new Float64Array(end + 1);
  const partial = new Float64Array(end + 1);
  for (let i = 1; i < end; i++) {
    const generated = below[i]! * values[i - 1]! + own[i]! * values[i]! + above[i]! * values[i + 1]!;
    known[i] = values[i]! + (1 - implicit) * step * generated;
  }
  const weight = implicit * step;
  for (let round = 0; round < POLICY_ROUNDS; round++) {
    partial[0] = first;
    for (let i = 1; i < end; i++) {
      const held = exercised[i] === 0;
      const a = held ? -weight * below[i]! : 0;
      const scale = 1 / ((held ? 1 - weight * own[i]! : 1) - a * ratio[i - 1]!);
      ratio[i] = held ? -weight * above[i]! * scale : 0;
      partial[i] = ((held ? known[i]! : payoff[i]!) - a * partial[i - 1]!) * scale;
    }
    values[0] = first;
    values[end] = last;
    for (let i = end - 1; i > 0; i--) values[i] = partial[i]! - ratio[i]! * values[i + 1]!;
    let changed = false;
    for (let i = 1; i < end; i++) {
      const waiting = weight * (below[i]! * values[i - 1]! + own[i]! * values[i]! + above[i]! * values[i + 1]!);
      const gains = exercised[i] === 1 ? values[i]! - waiting > known[i]! - TIE : values[i]! < payoff[i]! - TIE;
      const exercise = gains && payoff[i]! > 0 ? 1 : 0;
      if (exercise !== exercised[i]) changed = true;
      exercised[i] = exercise;
    }
    if (!changed) return;
  }
  throw new Error('the policy iteration did not settle');
}

/** The cubic through four nodes around a place. */
function interpolate(x: Float64Array, values: Float64Array, place: number): number {
  const at = Math.max(
    2,
    x.findIndex((node) => node >= place),
  );
  let sum = 0;
  for (let j = at - 2; j <= at + 1; j++) {
    let term = values[j]!;
    for (let k = at - 2; k <= at + 1; k++) if (k !== j) term *= (place - x[k]!) / (x[j]! - x[k]!);
    sum += term;
  }
  return sum;
}

const POLICY_ROUNDS = 60;
/** Differences of rounding do not change the policy. */
const TIE = 1e-13;
