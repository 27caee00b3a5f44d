import { boundaryGrid } from './american-boundary-grid';
import { assembleCurve, curveLimit, curveSystem, relativeChange, type CurveProblem } from './american-curve-equation';
import { guessSquares } from './american-curve-guess';

const grid = boundaryGrid(4, 12);
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
  const system = curveSystem(grid, false);
  assembleCurve(problem, grid, squares, system);
  return system.residual;
}

describe('assembleCurve', () => {
  it.each(problems)('has the Jacobian of its residual: side $side, limit $lnLimit', (problem) => {
    const squares = guessSquares(problem, grid);
    const system = curveSystem(grid, false);
    assembleCurve(problem, grid, squares, system);
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
        expect(Math.abs(system.jacobian[i * grid.order + j]! - difference)).toBeLessThan(
          1e-6 * (1 + Math.abs(difference)),
        );
      }
    }
  });

  it.each(problems)('has the partials of its residual: side $side, limit $lnLimit', (problem) => {
    const squares = guessSquares(problem, grid);
    const system = curveSystem(grid, true);
    assembleCurve(problem, grid, squares, system);
    for (const field of ['volatility', 'rate', 'dividendYield'] as const) {
      const moved = (by: number) => {
        const put = { ...problem.put, [field]: problem.put[field] + by };
        const lnLimit = problem.lnLimit === 0 ? 0 : Math.log(put.rate / put.dividendYield);
        return residualAt({ ...problem, put, lnLimit }, squares);
      };
      const [up, down] = [moved(1e-6), moved(-1e-6)];
      for (let i = 0; i < grid.order; i++) {
        expect(system.partials![field][i]).toBeCloseTo((up[i]! - down[i]!) / 2e-6, 6);
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

describe('relativeChange', () => {
  it('is e^x − 1 on both branches', () => {
    for (const x of [-5, -0.31, -0.29, -1e-12, 0, 0.2, 2]) expect(relativeChange(x)).toBeCloseTo(Math.expm1(x), 14);
    expect(relativeChange(-1e-12)).toBe(-9.999999999995e-13);
  });
});
