import { lognormalSensitivities } from './lognormal-sensitivities';
import { lognormalTerms } from './lognormal-terms';

const option = { spot: 100, strike: 110, yearsToExpiry: 0.5, rate: 0.05, dividendYield: 0.02, volatility: 0.3 };
const sensitivities = (change: Partial<typeof option>, right: 'call' | 'put') => {
  const input = { ...option, ...change };
  return lognormalSensitivities(input, lognormalTerms(input), right);
};

describe('the lognormal sensitivities', () => {
  it('have a density that call and put share', () => {
    const call = sensitivities({}, 'call');
    const put = sensitivities({}, 'put');
    const shared = ['gamma', 'vega', 'vanna', 'volga', 'veta', 'speed', 'zomma', 'color', 'dualGamma'] as const;
    for (const name of shared) expect(call[name]).toBe(put[name]);
  });

  it('differ by parity elsewhere', () => {
    const call = sensitivities({}, 'call');
    const put = sensitivities({}, 'put');
    const growth = Math.exp(-0.01);
    const discount = Math.exp(-0.025);
    expect(call.delta - put.delta).toBeCloseTo(growth, 14);
    expect(call.dualDelta - put.dualDelta).toBeCloseTo(-discount, 14);
    expect(call.theta - put.theta).toBeCloseTo(0.02 * 100 * growth - 0.05 * 110 * discount, 12);
    expect(call.rho - put.rho).toBeCloseTo(0.5 * 110 * discount, 12);
    expect(call.dividendRho - put.dividendRho).toBeCloseTo(-0.5 * 100 * growth, 12);
    expect(call.charm - put.charm).toBeCloseTo(0.02 * growth, 14);
  });

  it('are half of the asset and of the cash at the kink', () => {
    const call = sensitivities({ yearsToExpiry: 0, strike: 100 }, 'call');
    const put = sensitivities({ yearsToExpiry: 0, strike: 100 }, 'put');
    expect(call).toMatchObject({ delta: 0.5, dualDelta: -0.5, gamma: 0, vega: 0, vanna: 0, color: 0, rho: 0 });
    expect(put).toMatchObject({ delta: -0.5, dualDelta: 0.5, gamma: 0, vega: 0, dualGamma: 0 });
    expect(call.theta).toBeCloseTo(0.5 * (0.02 * 100 - 0.05 * 100), 14);
  });

  it('have no minus zero and nothing that is not finite in any limit', () => {
    for (const change of [
      { yearsToExpiry: 0 },
      { volatility: 0 },
      { volatility: Infinity },
      { spot: 0 },
      { strike: 0 },
      { spot: 0, strike: 0 },
      { volatility: 1e-300 },
      { strike: 1e12, volatility: 0.01 },
    ]) {
      for (const right of ['call', 'put'] as const) {
        for (const value of Object.values(sensitivities(change, right))) {
          expect(Number.isFinite(value)).toBe(true);
          expect(Object.is(value, -0)).toBe(false);
        }
      }
    }
  });
});
