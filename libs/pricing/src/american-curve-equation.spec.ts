import { boundaryGrid } from './american-boundary-grid';
import { assembleJacobian, assembleResidual, curveLimit } from './american-curve-equation';
import { guessSquares } from './american-curve-guess';
import { prepareCurveSystem, type CurveProblem } from './american-curve-system';

const grid = boundaryGrid(8, 12);
const problems: readonly CurveProblem[] = [
  { put: { yearsToExpiry: 1, rate: 0.05, dividendYield: 0.02, volatility: 0.25 }, side: 1, lnLimit: 0, horizon: 1 },
  {
    put: { yearsToExpiry: 2, rate: 0.03, dividendYield: 0.08, volatility: 0.4 },
    side: 1,
    lnLimit: Math.log(3 / 8),
    horizon: 2,
  },
  {
    put: { yearsToExpiry: 1, rate: -0.01, dividendYield: -0.03, volatility: 0.2 },
    side: -1,
    lnLimit: Math.log(1 / 3),
    horizon: 1,
  },
];

function residualAt(problem: CurveProblem, squares: Float64Array): Float64Array {
  const system = prepareCurveSystem(problem, grid);
  assembleResidual(problem, grid, squares, system);
  return system.residual.slice();
}

describe('assembleJacobian', () => {
  it.each(problems)('has the Jacobian of its residual: side $side, limit $lnLimit', (problem) => {
    const squares = guessSquares(problem, grid);
    const system = prepareCurveSystem(problem, grid);
    assembleResidual(problem, grid, squares, system);
    assembleJacobian(problem, grid, squares, system);
    const jacobian = system.jacobian.slice();
    for (let j = 0; j < grid.order; j++) {
      const step = 1e-5 * squares[j]!;
      const moved = (by: number) =>
        residualAt(
          problem,
          squares.map((square, k) => (k === j ? square + by : square)),
        );
      const [up, down] = [moved(step), moved(-step)];
      for (let i = 0; i < grid.order; i++) {
        const difference = (up[i]! - down[i]!) / (2 * step);
        expect(Math.abs(jacobian[i * grid.order + j]! - difference)).toBeLessThan(1e-6 * (1 + Math.abs(difference)));
      }
    }
  });
});

describe('curveLimit', () => {
  it('writes the gain of exercise as a loss from its value at the limit', () => {
    for (const { put, lnLimit } of problems) {
      const limit = curveLimit({ put, lnLimit });
      const change = -0.1;
      const gain = put.rate - put.dividendYield * limit.level * (1 + change);
      expect(limit.gain - limit.loss * change).toBeCloseTo(gain, 15);
    }
  });
});
