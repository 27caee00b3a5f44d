/**
 * Derivatives of the collocation equations of an exercise curve in volatility, rate and dividend yield.
 */
import type { BoundaryGrid } from './american-boundary-grid';
import { exercisedMass, terminalTerms } from './american-curve-equation';
import type { CurveProblem, CurveSystem } from './american-curve-system';
import { exp } from './exponential';

/**
 * Fills ∂residual/∂σ, ∂r and ∂q at fixed H; the curve's limit ln(r/q), where it is one, moves along.
 *
 * @param squares  those of the last `assembleResidual`
 */
export function assemblePartials(
  problem: CurveProblem,
  grid: BoundaryGrid,
  squares: Float64Array,
  system: CurveSystem,
): void {
  for (let i = 0; i < grid.order; i++) assembleRowPartials(problem, grid, squares[i]!, i, system);
}

function assembleRowPartials(
  problem: CurveProblem,
  grid: BoundaryGrid,
  ownSquare: number,
  i: number,
  system: CurveSystem,
): void {
  const { side, lnLimit } = problem;
  const { rate, dividendYield, volatility } = problem.put;
  const { partials } = system;
  const years = problem.horizon * grid.roots[i]! * grid.roots[i]!;
  const logLevel = lnLimit - side * Math.sqrt(ownSquare);
  const level = exp(logLevel);

  const end = terminalTerms(problem, years, logLevel, level);
  let byVolatility = -end.density * Math.sqrt(years) * end.d2;
  let byRate = end.density * years;
  let byYield = -years * (end.mass + end.density);
  let byLimit = end.mass + end.density;
  const first = i * grid.quadrature;
  for (let n = first; n < first + grid.quadrature; n++) {
    const root = system.root[n]!;
    const s = root * root;
    const d2 = system.d2[n]!;
    const gain = system.gain[n]!;
    const earned = system.perSpread[n]! * system.earlier[n]!;
    const spread = volatility * root;
    const mass = exercisedMass(side, d2 + spread, system.yieldWeight[n]! * level, earned * spread);
    const slide = (gain * d2 * root) / volatility;
    byVolatility += (gain - gain * d2 * (d2 + spread)) / volatility - dividendYield * earned * d2 * root;
    byRate += dividendYield * earned * s + gain * s + slide - system.perSpread[n]!;
    byYield += mass * (1 - dividendYield * s) - dividendYield * earned * s - slide + earned;
    byLimit += dividendYield * (mass + earned);
  }
  partials.volatility[i] = byVolatility;
  partials.rate[i] = byRate + (lnLimit === 0 ? 0 : byLimit / rate);
  partials.dividendYield[i] = byYield - (lnLimit === 0 ? 0 : byLimit / dividendYield);
}
