/**
 * Rolls an option with cash dividends back from the last payment on a grid in the log of the diffusing price.
 */
import { americanPriceWithBoundary } from './american-alo';
import { americanBoundary } from './american-boundary';
import type { AmericanOption } from './american-option';
import { blackScholesPrice } from './black-scholes';
import type { CashDividend, CashDividendConvention } from './cash-dividend';
import { exp } from './exponential';
import { log } from './logarithm';
import { finiteDifferenceWeights } from './finite-difference-weights';
import { logGridWorkspace, stepLogGrid, type LogGrid } from './log-grid';

/** The dividends that matter, in order of payment, and their present value where the convention escrows them, else 0. */
export interface DividendSchedule {
  readonly dates: readonly CashDividend[];
  readonly escrowed: number;
}

/** What the grid answers. */
export interface RolledOption {
  readonly price: number;
  readonly delta: number;
  readonly gamma: number;
  readonly exerciseNow: boolean;
}

type DividendOption = AmericanOption & {
  readonly exercise: 'american' | 'european';
  readonly convention: CashDividendConvention;
};

/**
 * Prices the option on the grid.
 *
 * @param accuracy  `single`: one grid, for differences between prices; `extrapolated`: two grids and Richardson's
 *                  extrapolation of their second-order error
 */
export function rollCashDividends(
  option: DividendOption,
  schedule: DividendSchedule,
  accuracy: 'single' | 'extrapolated',
): RolledOption {
  const coarse = rollOnGrid(option, schedule, 1);
  const sign = option.right === 'call' ? 1 : -1;
  const intrinsic = sign * (option.spot - option.strike);
  let { price, delta, gamma } = coarse;
  if (accuracy === 'extrapolated') {
    const fine = rollOnGrid(option, schedule, 2);
    price = fine.price + (fine.price - coarse.price) / 3;
    delta = fine.delta + (fine.delta - coarse.delta) / 3;
    gamma = fine.gamma + (fine.gamma - coarse.gamma) / 3;
  }
  const american = option.exercise === 'american';
  const exerciseNow = american && intrinsic > 0 && price <= intrinsic * (1 + EXERCISE_TOLERANCE);
  if (exerciseNow) return { price: intrinsic, delta: sign, gamma: 0, exerciseNow };
  return { price: Math.max(price, american ? intrinsic : 0, 0), delta, gamma, exerciseNow };
}

function rollOnGrid(option: DividendOption, schedule: DividendSchedule, refinement: number) {
  const { right, spot, strike, rate } = option;
  const { dates } = schedule;
  const sign = right === 'call' ? 1 : -1;
  const american = option.exercise === 'american';
  const escrowed = option.convention === 'escrowed';
  const grid = dividendGrid(option, schedule, refinement);
  const workspace = logGridWorkspace(grid.count);
  const obstacle = american ? new Float64Array(grid.count) : null;
  const values = valuesAfterLastPayment(option, grid, dates[dates.length - 1]!.yearsToPayment);

  const exerciseFrom = (years: number, count: number) => {
    const dividends = escrowed ? presentValue(dates, count, rate, years) : 0;
    for (let j = 0; j < grid.count; j++) obstacle![j] = sign * (grid.levels[j]! + dividends - strike);
  };
  for (let i = dates.length - 1; i >= 0; i--) {
    const end = dates[i]!.yearsToPayment;
    const start = i === 0 ? 0 : dates[i - 1]!.yearsToPayment;
    if (!escrowed) payDividend(grid, values, dates[i]!.amount);
    if (obstacle !== null) {
      // From here back to the previous payment dividends i and later are still to come.
      exerciseFrom(end, i);
      for (let j = 0; j < grid.count; j++) values[j] = Math.max(values[j]!, obstacle[j]!);
    }
    const steps = stepsBetween(end - start, dates[dates.length - 1]!.yearsToPayment, refinement);
    let later = 0;
    for (let k = 1; k <= steps; k++) {
      const elapsed = (end - start) * (k / steps) * (k / steps);
      if (obstacle !== null && (escrowed || k === 1)) exerciseFrom(end - elapsed, i);
      stepLogGrid(grid, option, values, elapsed - later, obstacle, workspace);
      later = elapsed;
    }
  }
  return readGrid(grid, values, spot - schedule.escrowed);
}

/** Steps of a stretch, graded quadratically towards its later end, where exercise and kinks begin. */
function stepsBetween(years: number, longest: number, refinement: number): number {
  if (years === 0) return 0;
  return refinement * Math.max(LEAST_STEPS, Math.floor(STEPS * Math.sqrt(years / longest)));
}

/** A grid with a node at the strike that holds spot, strike and dividends with six deviations to spare. */
function dividendGrid(option: DividendOption, schedule: DividendSchedule, refinement: number): LogGrid {
  const { spot, strike, yearsToExpiry, rate, dividendYield, volatility } = option;
  const deviation = volatility * Math.sqrt(yearsToExpiry);
  const drift = (rate - dividendYield - 0.5 * volatility * volatility) * yearsToExpiry;
  const paid = schedule.dates.reduce((sum, { amount }) => sum + amount, 0);
  const moving = spot - schedule.escrowed;
  const lowest = Math.min(moving, strike, Math.max(moving - paid, 0.1 * moving));
  const highest = Math.max(moving, strike + paid);
  const low = log(lowest) + Math.min(0, drift) - REACH * deviation;
  const high = log(highest) + Math.max(0, drift) + REACH * deviation;
  const widest =
    (volatility * volatility) / Math.max(Math.abs(rate - dividendYield - 0.5 * volatility * volatility), 1e-9);
  const wanted = Math.min(deviation / NODES_PER_DEVIATION, widest, 0.05);
  const spacing = Math.max(wanted, (high - low) / MOST_NODES) / refinement;
  const centre = log(strike);
  const below = Math.floor((centre - low) / spacing) + 1;
  const count = below + Math.floor((high - centre) / spacing) + 3;
  const start = centre - below * spacing;
  const levels = new Float64Array(count);
  for (let j = 0; j < count; j++) levels[j] = strike * exp((j - below) * spacing);
  return { start, spacing, count, levels };
}

function valuesAfterLastPayment(option: DividendOption, grid: LogGrid, paid: number): Float64Array {
  const { right, strike, rate, dividendYield, volatility } = option;
  const terms = { right, rate, dividendYield, volatility, yearsToExpiry: Math.max(0, option.yearsToExpiry - paid) };
  if (option.exercise === 'european') return grid.levels.map((spot) => blackScholesPrice({ ...terms, spot, strike }));
  const boundary = americanBoundary({ ...terms, mode: 'accurate' }, 'prices');
  return grid.levels.map((spot) => americanPriceWithBoundary(boundary, { spot, strike }));
}

/** Worth at `years` of the dividends from number `first` on. */
function presentValue(dates: readonly CashDividend[], first: number, rate: number, years: number): number {
  let sum = 0;
  for (let i = first; i < dates.length; i++) sum += dates[i]!.amount * exp(-rate * (dates[i]!.yearsToPayment - years));
  return sum;
}

/** V(S) before the payment is V(S − amount) after it. */
function payDividend(grid: LogGrid, values: Float64Array, amount: number): void {
  const after = values.slice();
  for (let j = 0; j < grid.count; j++) values[j] = valueAt(grid, after, Math.max(0, grid.levels[j]! - amount));
}

/** Cubic interpolation in x; linear in S below the grid. */
function valueAt(grid: LogGrid, values: Float64Array, level: number): number {
  const { levels } = grid;
  if (level <= levels[0]!) {
    return values[0]! + ((values[1]! - values[0]!) / (levels[1]! - levels[0]!)) * (level - levels[0]!);
  }
  return interpolate(grid, values, level, 4)[0];
}

/** Value and its first two derivatives in x at a level inside the grid. */
function interpolate(grid: LogGrid, values: Float64Array, level: number, points: number): [number, number, number] {
  const position = (log(level) - grid.start) / grid.spacing;
  const first = Math.min(Math.max(Math.floor(position) - (points / 2 - 1), 0), grid.count - points);
  const rows = finiteDifferenceWeights(points, position - first);
  const sum = (row: Float64Array) => row.reduce((total, weight, k) => total + weight * values[first + k]!, 0);
  return [sum(rows[0]), sum(rows[1]) / grid.spacing, sum(rows[2]) / (grid.spacing * grid.spacing)];
}

function readGrid(grid: LogGrid, values: Float64Array, level: number) {
  const [price, slope, curvature] = interpolate(grid, values, level, 6);
  return { price, delta: slope / level, gamma: (curvature - slope) / (level * level) };
}

const STEPS = 60;
const LEAST_STEPS = 12;
const NODES_PER_DEVIATION = 50;
const MOST_NODES = 20000;
const REACH = 6;
/** Grid noise, far below its error, must not keep a deep in-the-money option alive. */
const EXERCISE_TOLERANCE = 1e-7;
