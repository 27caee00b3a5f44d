import { americanAlo } from './american-alo';
import { binomialCrr, binomialCrrPrice } from './binomial-crr';
import { blackScholes } from './black-scholes';

const put = {
  right: 'put',
  spot: 50,
  strike: 50,
  yearsToExpiry: 5 / 12,
  rate: 0.1,
  dividendYield: 0,
  volatility: 0.4,
} as const;

describe('binomialCrr', () => {
  it('prices the five-step tree of the textbook', () => {
    // Hull, Options, Futures and Other Derivatives, ch. 21: 4.49 with its rounded nodes.
    expect(binomialCrr({ ...put, steps: 5 }).price).toBeCloseTo(4.4885, 4);
  });

  it('prices Haug 2007, p. 282', () => {
    const option = { ...put, spot: 100, strike: 95, yearsToExpiry: 0.5, rate: 0.08, volatility: 0.3, steps: 5 };
    expect(Math.abs(binomialCrr(option).price - 4.9192)).toBeLessThan(5e-4);
  });

  it.each(['american', 'european'] as const)('converges to the exact %s option with its sensitivities', (exercise) => {
    const exact = exercise === 'american' ? americanAlo(put) : blackScholes(put);
    const tree = binomialCrr({ ...put, exercise });
    expect(Math.abs(tree.price - exact.price)).toBeLessThan(3e-3);
    expect(Math.abs(tree.delta - exact.delta)).toBeLessThan(1e-3);
    expect(Math.abs(tree.gamma - exact.gamma)).toBeLessThan(1e-3);
    expect(Math.abs(tree.theta - exact.theta)).toBeLessThan(2e-2);
    expect(Math.abs(tree.vega - exact.vega)).toBeLessThan(0.1);
    expect(Math.abs(tree.rho - exact.rho)).toBeLessThan(2e-2);
  });

  it('follows the forward where the probability would leave [0, 1]', () => {
    const quiet = { ...put, right: 'call', strike: 45, rate: 0.3, volatility: 0.005 } as const;
    const tree = binomialCrr({ ...quiet, steps: 50 });
    expect(tree.price).toBeCloseTo(50 - 45 * Math.exp(-0.3 * (5 / 12)), 9);
    expect(tree.delta).toBeCloseTo(1, 9);
    expect(binomialCrr({ ...quiet, right: 'put', strike: 60, steps: 50 })).toMatchObject({
      price: 10,
      exerciseNow: true,
    });
  });

  it('reports exercise now and returns limits', () => {
    expect(binomialCrr({ ...put, spot: 20 })).toMatchObject({ price: 30, delta: -1, gamma: 0, exerciseNow: true });
    expect(binomialCrr({ ...put, volatility: 0, strike: 60 }).price).toBe(10);
    expect(binomialCrr({ ...put, volatility: 0, strike: 60, exercise: 'european' }).price).toBe(
      blackScholes({ ...put, volatility: 0, strike: 60 }).price,
    );
  });

  it('prices alone what it prices with sensitivities', () => {
    expect(binomialCrrPrice(put)).toBe(binomialCrr(put).price);
    expect(binomialCrrPrice({ ...put, yearsToExpiry: 0 })).toBe(0);
  });

  it.each([
    ['steps', 1],
    ['steps', 2.5],
    ['steps', 20001],
    ['steps', NaN],
    ['exercise', 'bermudan'],
    ['spot', NaN],
    ['volatility', -1],
  ])('refuses %s = %p by name', (field, value) => {
    expect(() => binomialCrr({ ...put, [field]: value } as typeof put)).toThrow(new RegExp(field));
  });
});
