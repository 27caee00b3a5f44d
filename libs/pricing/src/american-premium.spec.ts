import { BOUNDARY_ACCURACY } from './american-accuracy';
import { addPremium, noPremium } from './american-premium';
import { premiumBreaks } from './american-premium-path';
import { solveCurve } from './american-exercise-curve';

const base = { yearsToExpiry: 1, rate: 0.06, dividendYield: 0.02, volatility: 0.3 };
const { grid, rule } = BOUNDARY_ACCURACY.accurate;

function premium(change: Partial<typeof base> = {}, spot = 100) {
  const put = { ...base, ...change };
  const curve = solveCurve({ put, side: 1, lnLimit: 0, horizon: 1 }, grid, 1e-10, true)!;
  const sum = noPremium();
  const breaks = premiumBreaks({ years: 1, horizon: 1, start: 0, distance: 0.5, drift: 0 });
  const point = { put, spot, strike: 100, logMoneyness: Math.log(spot / 100) };
  addPremium(sum, curve, point, { breaks, rule, withSlopes: true }, 1, 1);
  return sum;
}

describe('addPremium', () => {
  it('has the derivatives of its own price', () => {
    const { delta, gamma, vega, rho, dividendRho } = premium();
    expect(delta).toBeCloseTo((premium({}, 100.01).price - premium({}, 99.99).price) / 0.02, 7);
    expect(gamma).toBeCloseTo((premium({}, 100.01).delta - premium({}, 99.99).delta) / 0.02, 7);
    const slope = (field: keyof typeof base) =>
      (premium({ [field]: base[field] + 1e-5 }).price - premium({ [field]: base[field] - 1e-5 }).price) / 2e-5;
    expect(vega).toBeCloseTo(slope('volatility'), 4);
    expect(rho).toBeCloseTo(slope('rate'), 4);
    expect(dividendRho).toBeCloseTo(slope('dividendYield'), 4);
  });

  it('subtracts what it added, and leaves slopes out on demand', () => {
    const curve = solveCurve({ put: base, side: 1, lnLimit: 0, horizon: 1 }, grid, 1e-10, true)!;
    const sum = noPremium();
    const point = { put: base, spot: 100, strike: 100, logMoneyness: 0 };
    const path = { breaks: [0.1, 1], rule, withSlopes: false };
    addPremium(sum, curve, point, path, 1, 1);
    expect(sum.price).toBeGreaterThan(0);
    expect([sum.vega, sum.rho, sum.dividendRho]).toEqual([0, 0, 0]);
    addPremium(sum, curve, point, path, 1, -1);
    expect(sum.price).toBeCloseTo(0, 15);
  });
});
