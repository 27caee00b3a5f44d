import { BOUNDARY_ACCURACY } from './american-accuracy';
import { solveDoubleBoundary } from './american-double-boundary';
import { curveLogLevel } from './american-exercise-curve';

const { fast, accurate } = BOUNDARY_ACCURACY;
const wild = { yearsToExpiry: 10, rate: -0.02, dividendYield: -0.06, volatility: 0.3 };

describe('solveDoubleBoundary', () => {
  it('finds where the curves meet, the same on both grids', () => {
    const pair = solveDoubleBoundary(wild, accurate.grid, accurate.tolerance, false)!;
    expect(pair.meeting).toBeGreaterThan(0.1);
    expect(pair.meeting).toBeLessThan(10);
    const gap = (u: number) => curveLogLevel(pair.upper, u) - curveLogLevel(pair.lower, u);
    expect(gap(pair.meeting / 2)).toBeGreaterThan(0);
    expect(Math.abs(gap(pair.meeting))).toBeLessThan(1e-4);
    const rough = solveDoubleBoundary(wild, fast.grid, fast.tolerance, false)!;
    expect(Math.abs(rough.meeting / pair.meeting - 1)).toBeLessThan(0.02);
  });

  it('keeps them apart for ever at a low volatility', () => {
    // σ < √(−2q) − √(−2r): the perpetual option has two boundaries of its own.
    const calm = { yearsToExpiry: 200, rate: -0.01, dividendYield: -0.08, volatility: 0.1 };
    const pair = solveDoubleBoundary(calm, accurate.grid, accurate.tolerance, false)!;
    expect(pair.meeting).toBe(Infinity);
    const roots = [1, -1].map((sign) => {
      const slope = 0.07 - 0.005;
      return (-slope + sign * Math.sqrt(slope * slope - 4 * 0.005 * 0.01)) / (2 * 0.005);
    });
    const perpetual = roots.map((gamma) => Math.log(gamma / (gamma - 1)));
    expect(curveLogLevel(pair.upper, 200)).toBeCloseTo(Math.max(...perpetual), 3);
    expect(curveLogLevel(pair.lower, 200)).toBeCloseTo(Math.min(...perpetual), 3);
  });

  it('starts from the strike and from r/q', () => {
    const { upper, lower } = solveDoubleBoundary(wild, accurate.grid, accurate.tolerance, false)!;
    expect(curveLogLevel(upper, 0)).toBeCloseTo(0, 6);
    expect(curveLogLevel(lower, 0)).toBeCloseTo(Math.log(1 / 3), 6);
  });
});
