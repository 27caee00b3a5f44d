import { solveNormalDeviation } from './implied-normal-volatility';

/** [w, q, ln q] of q = w·φ(1/w)·L(1/w), the normal price over |F − K|: 50-digit arithmetic (mpmath 1.3). */
const QUOTIENTS = [
  [0.05, 6.850062473648053e-92, -209.91357078297906],
  [0.1, 7.47456025458937e-26, -57.8557071291164],
  [0.3, 3.362336569049436e-5, -10.300289325223652],
  [0.8, 0.040469494644362274, -3.207206807339062],
  [1, 0.0833154705876863, -2.4851210257126413],
  [1.5, 0.2266794707366054, -1.4842182825316648],
  [10, 3.5093533120471467, 1.2554317789211997],
  [100000, 39893.72804213798, 10.593974398595643],
] as const;

describe('the normal deviation a price implies', () => {
  it.each(QUOTIENTS)('is w = %d for q = %d', (w, quotient, logQuotient) => {
    expect(Math.abs(solveNormalDeviation(quotient, logQuotient) / w - 1)).toBeLessThan(1.2e-15);
  });

  it('needs only the logarithm of a quotient that underflows', () => {
    // ln q = −1000: u = 44.5…, from φ(u)·L(u)/u = e^(−1000).
    const u = 1 / solveNormalDeviation(0, -1000);
    const loss = (1 - 3 / u ** 2 + 15 / u ** 4 - 105 / u ** 6) / u ** 2;
    expect(-0.5 * u * u - 0.5 * Math.log(2 * Math.PI) + Math.log(loss / u)).toBeCloseTo(-1000, 6);
  });
});
