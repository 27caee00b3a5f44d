import { blackScholesPrice } from './black-scholes';
import { rollCashDividends } from './cash-dividend-roll';
import { gaussLegendre } from './gauss-legendre';

const option = {
  right: 'put',
  exercise: 'european',
  convention: 'spot',
  spot: 100,
  strike: 95,
  yearsToExpiry: 1,
  rate: 0.04,
  dividendYield: 0.01,
  volatility: 0.3,
} as const;

/** One dividend by direct integration over the price at its payment. */
function integrated(amount: number, paid: number): number {
  const { nodes, weights } = gaussLegendre(200);
  const { rate, dividendYield, volatility, strike, right } = option;
  return weights.reduce((sum, weight, k) => {
    const z = 16 * nodes[k]! - 8;
    const drift = (rate - dividendYield - 0.5 * volatility ** 2) * paid;
    const spot = 100 * Math.exp(drift + volatility * Math.sqrt(paid) * z) - amount;
    const value = blackScholesPrice({
      right,
      spot: Math.max(0, spot),
      strike,
      rate,
      dividendYield,
      volatility,
      yearsToExpiry: 1 - paid,
    });
    return sum + (16 * weight * Math.exp(-0.5 * z * z - rate * paid) * value) / Math.sqrt(2 * Math.PI);
  }, 0);
}

describe('rollCashDividends', () => {
  it.each([
    [2, 0.5],
    [10, 0.05],
    [5, 0.99],
  ])('agrees with direct integration for a dividend of %p at %p', (amount, yearsToPayment) => {
    const schedule = { dates: [{ yearsToPayment, amount }], escrowed: 0 };
    const exact = integrated(amount, yearsToPayment);
    expect(Math.abs(rollCashDividends(option, schedule, 'extrapolated').price - exact)).toBeLessThan(5e-6);
    expect(Math.abs(rollCashDividends(option, schedule, 'single').price - exact)).toBeLessThan(5e-4);
  });

  it('lets exercise add value, most of all to a put', () => {
    const schedule = { dates: [{ yearsToPayment: 0.2, amount: 3 }], escrowed: 0 };
    const european = rollCashDividends(option, schedule, 'extrapolated');
    const american = rollCashDividends({ ...option, exercise: 'american' }, schedule, 'extrapolated');
    expect(american.price).toBeGreaterThan(european.price + 0.01);
    const deep = rollCashDividends(
      { ...option, exercise: 'american', strike: 220 },
      { dates: [{ yearsToPayment: 0.9, amount: 0.01 }], escrowed: 0 },
      'extrapolated',
    );
    expect(deep).toEqual({ price: 120, delta: -1, gamma: 0, exerciseNow: true });
  });
});
