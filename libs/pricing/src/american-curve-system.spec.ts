import { boundaryGrid } from './american-boundary-grid';
import { prepareCurveSystem, type CurveProblem } from './american-curve-system';

const grid = boundaryGrid(8, 10);
const problem: CurveProblem = {
  put: { yearsToExpiry: 2, rate: 0.05, dividendYield: 0.02, volatility: 0.25 },
  side: 1,
  lnLimit: 0,
  horizon: 2,
};

describe('prepareCurveSystem', () => {
  it('fills what the parameters alone decide', () => {
    const { root, perDeviation, drift, rateWeight, yieldWeight } = prepareCurveSystem(problem, grid);
    for (const [i, k] of [
      [0, 0],
      [3, 7],
      [7, 9],
    ] as const) {
      const n = i * grid.quadrature + k;
      const years = 2 * grid.roots[i]! ** 2;
      const s = years * grid.sines[k]! ** 2;
      expect(root[n]! ** 2).toBeCloseTo(s, 14);
      expect(perDeviation[n]! * 0.25 * Math.sqrt(s)).toBeCloseTo(1, 14);
      expect(drift[n]! / Math.sqrt(s)).toBeCloseTo(0.03 / 0.25 - 0.125, 14);
      const weight = years * grid.weights[k]!;
      expect(yieldWeight[n]! / (weight * Math.exp(-0.02 * s))).toBeCloseTo(1, 14);
      const density = Math.exp(-0.05 * s) / (0.25 * Math.sqrt(2 * Math.PI * s));
      expect(rateWeight[n]! / (weight * density)).toBeCloseTo(1, 14);
    }
  });

  it('keeps one workspace per grid and fills it anew for every problem', () => {
    const first = prepareCurveSystem(problem, grid);
    const drift = first.drift.slice();
    expect(prepareCurveSystem({ ...problem, put: { ...problem.put, rate: 0.09 } }, grid)).toBe(first);
    expect(first.drift).not.toEqual(drift);
    expect(prepareCurveSystem(problem, grid).drift).toEqual(drift);
    expect(prepareCurveSystem(problem, boundaryGrid(16, 20))).not.toBe(first);
  });
});
