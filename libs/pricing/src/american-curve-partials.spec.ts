import { boundaryGrid } from './american-boundary-grid';
import { assembleResidual } from './american-curve-equation';
import { guessSquares } from './american-curve-guess';
import { assemblePartials } from './american-curve-partials';
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

describe('assemblePartials', () => {
  it.each(problems)('has the partials of its residual: side $side, limit $lnLimit', (problem) => {
    const squares = guessSquares(problem, grid);
    const system = prepareCurveSystem(problem, grid);
    assembleResidual(problem, grid, squares, system);
    assemblePartials(problem, grid, squares, system);
    const partials = Object.fromEntries(Object.entries(system.partials).map(([name, each]) => [name, each.slice()]));
    for (const field of ['volatility', 'rate', 'dividendYield'] as const) {
      const moved = (by: number) => {
        const put = { ...problem.put, [field]: problem.put[field] + by };
        const lnLimit = problem.lnLimit === 0 ? 0 : Math.log(put.rate / put.dividendYield);
        return residualAt({ ...problem, put, lnLimit }, squares);
      };
      const [up, down] = [moved(1e-6), moved(-1e-6)];
      for (let i = 0; i < grid.order; i++) {
        expect(partials[field][i]).toBeCloseTo((up[i]! - down[i]!) / 2e-6, 6);
      }
    }
  });
});
