import { BOUNDARY_ACCURACY } from './american-accuracy';
import { guessSquares } from './american-curve-guess';
import { curveLogLevel, solveCurve } from './american-exercise-curve';

describe('guessSquares', () => {
  it.each([
    [0.05, 0, 0.2, 1],
    [0.05, 0.05, 0.2, 1],
    [0.001, 0, 0.6, 0.02],
    [0.02, 0.06, 0.4, 0.5],
    [0.08, 0.1, 0.15, 3],
  ])('lies near the solution: r %p, q %p, σ %p, T %p', (rate, dividendYield, volatility, years) => {
    const put = { yearsToExpiry: years, rate, dividendYield, volatility };
    const lnLimit = dividendYield > rate ? Math.log(rate / dividendYield) : 0;
    const { grid, tolerance } = BOUNDARY_ACCURACY.accurate;
    const problem = { put, side: 1, lnLimit, horizon: years } as const;
    const curve = solveCurve(problem, grid, tolerance, false)!;
    guessSquares(problem, grid).forEach((square, i) => {
      const distance = lnLimit - curveLogLevel(curve, years * grid.roots[i]! ** 2);
      expect(Math.abs(Math.sqrt(square) / distance - 1)).toBeLessThan(0.25);
    });
  });
});
