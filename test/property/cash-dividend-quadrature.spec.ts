import { blackScholesPrice, cashDividendPrice, type OptionRight } from '@ballast/pricing';

/** E f(Z) for a standard normal Z by Simpson's rule: it shares nothing with the grids of the library. */
function expectation(f: (z: number) => number): number {
  const steps = 4000;
  const width = 18 / steps;
  let sum = 0;
  for (let index = 0; index <= steps; index++) {
    const z = -9 + index * width;
    const weight = index === 0 || index === steps ? 1 : index % 2 === 1 ? 4 : 2;
    sum += weight * f(z) * Math.exp((-z * z) / 2);
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI);
}

const cases = [
  { strike: 100, years: 1, payment: 0.5, amount: 5, rate: 0.05, volatility: 0.25, within: 2e-4 },
  { strike: 80, years: 1.5, payment: 0.02, amount: 2, rate: 0.08, volatility: 0.2, within: 2e-4 },
  { strike: 125, years: 0.3, payment: 0.2997, amount: 7, rate: 0.01, volatility: 0.6, within: 2e-4 },
  { strike: 110, years: 2, payment: 1.2, amount: 0.5, rate: 0, volatility: 0.35, within: 2e-4 },
  { strike: 90, years: 0.75, payment: 0.3, amount: 30, rate: 0.06, volatility: 0.6, within: 6e-4 },
  { strike: 95, years: 0.75, payment: 0.25, amount: 80, rate: 0.06, volatility: 0.6, within: 6e-4 },
];

describe('one cash dividend under the spot convention against one integral', () => {
  const option = { spot: 100, dividendYield: 0, convention: 'spot' } as const;

  it.each(cases)('K $strike, T $years, $amount at $payment', (terms) => {
    const { strike, years, payment, amount, rate, volatility, within } = terms;
    const dividends = [{ yearsToPayment: payment, amount }];
    const input = { ...option, strike, yearsToExpiry: years, rate, volatility, dividends };
    const before = (z: number) =>
      100 * Math.exp((rate - volatility ** 2 / 2) * payment + volatility * Math.sqrt(payment) * z);
    const after = (spot: number, right: OptionRight) =>
      blackScholesPrice({
        ...{ right, strike, rate, volatility, dividendYield: 0 },
        ...{ spot: Math.max(0, spot - amount), yearsToExpiry: years - payment },
      });
    const discount = Math.exp(-rate * payment);
    for (const right of ['call', 'put'] as const) {
      const exact = discount * expectation((z) => after(before(z), right));
      expect(Math.abs(cashDividendPrice({ ...input, right, exercise: 'european' }) - exact)).toBeLessThan(within);
    }
    // Without a yield and at a rate ≥ 0 a call is exercised, if ever before expiry, just before the dividend (Roll 1977).
    const exact = discount * expectation((z) => Math.max(before(z) - strike, after(before(z), 'call')));
    const american = cashDividendPrice({ ...input, right: 'call', exercise: 'american' });
    expect(Math.abs(american - Math.max(exact, 100 - strike))).toBeLessThan(within);
  });
});
