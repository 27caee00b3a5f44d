import { BOUNDARY_ACCURACY } from './american-accuracy';
import { curveLogLevel, solveCurve } from './american-exercise-curve';
import { settlingTime } from './american-put-problem';

const { grid, tolerance } = BOUNDARY_ACCURACY.accurate;

describe('solveCurve', () => {
  it('approaches the perpetual boundary', () => {
    const put = { yearsToExpiry: 100, rate: 0.08, dividendYield: 0, volatility: 0.2 };
    const curve = solveCurve({ put, side: 1, lnLimit: 0, horizon: settlingTime(put) }, grid, tolerance, false)!;
    const gamma = (2 * 0.08) / 0.2 ** 2;
    expect(curveLogLevel(curve, 100)).toBeCloseTo(Math.log(gamma / (1 + gamma)), 4);
  });

  it('settles where the fixed point of the smooth-pasting equation diverges', () => {
    const put = { yearsToExpiry: 5, rate: 0.105, dividendYield: 0.019, volatility: 0.08 };
    const horizon = Math.min(5, settlingTime(put));
    for (const { grid: either } of Object.values(BOUNDARY_ACCURACY)) {
      const curve = solveCurve({ put, side: 1, lnLimit: 0, horizon }, either, 1e-8, false)!;
      for (let u = 0.25; u <= 5; u += 0.25) {
        expect(curveLogLevel(curve, u)).toBeLessThan(0);
        expect(curveLogLevel(curve, u)).toBeLessThanOrEqual(curveLogLevel(curve, u - 0.25) + 1e-4);
      }
    }
  });

  it('starts from r/q like a square root when the yield exceeds the rate', () => {
    const put = { yearsToExpiry: 0.001, rate: 0.02, dividendYield: 0.08, volatility: 0.3 };
    const lnLimit = Math.log(0.25);
    const curve = solveCurve({ put, side: 1, lnLimit, horizon: 0.001 }, grid, tolerance, false)!;
    // 0.451723·√2, Evans, Kuske and Keller 2002.
    expect((lnLimit - curveLogLevel(curve, 1e-4)) / (0.3 * 0.01)).toBeCloseTo(0.63883, 2);
  });

  it('differentiates the curve in its parameters', () => {
    const base = { yearsToExpiry: 1, rate: 0.03, dividendYield: 0.05, volatility: 0.3 };
    const solved = (change: Partial<typeof base>) => {
      const put = { ...base, ...change };
      const lnLimit = Math.log(put.rate / put.dividendYield);
      return solveCurve({ put, side: 1, lnLimit, horizon: 1 }, grid, 1e-10, true)!;
    };
    const curve = solved({});
    const last = (coefficients: Float64Array) => coefficients.reduce((sum, each) => sum + each, 0);
    for (const field of ['volatility', 'rate', 'dividendYield'] as const) {
      const up = last(solved({ [field]: base[field] + 1e-5 }).squares);
      const down = last(solved({ [field]: base[field] - 1e-5 }).squares);
      expect(last(curve.slopes![field])).toBeCloseTo((up - down) / 2e-5, 5);
    }
  });

  it('answers null when there is no curve', () => {
    const put = { yearsToExpiry: 50, rate: -0.05, dividendYield: -0.06, volatility: 1 };
    expect(solveCurve({ put, side: 1, lnLimit: 0, horizon: 50 }, grid, tolerance, false)).toBeNull();
  });
});
