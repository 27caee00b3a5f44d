import fc from 'fast-check';
import { americanBaw } from './american-baw';
import { createBawPricer } from './batch-baw-pricer';

const put = {
  right: 'put',
  strike: 100,
  yearsToExpiry: 0.5,
  rate: 0.05,
  dividendYield: 0.02,
  volatility: 0.25,
} as const;

describe('createBawPricer', () => {
  it('prices to the bits of americanBaw, whatever came before', () => {
    const price = createBawPricer();
    const level = fc.constantFrom(0, 1e-9, 0.1, 0.25, 0.3125, 3, Infinity);
    const option = fc.record({
      right: fc.constantFrom('call' as const, 'put' as const),
      spot: fc.oneof(fc.double({ min: 0, max: 400, noNaN: true }), fc.constantFrom(0, 60, 100)),
      strike: fc.constantFrom(0, 80, 100),
      yearsToExpiry: fc.constantFrom(0, 0.1, 0.5, 3),
      rate: fc.constantFrom(-0.02, 0, 0.05),
      dividendYield: fc.constantFrom(-0.04, 0, 0.02, 0.08),
      volatility: level,
    });
    fc.assert(
      fc.property(option, (state) => {
        expect(price(state)).toBe(americanBaw(state).price);
      }),
      { numRuns: 4000, seed: 31 },
    );
  });

  it('stays right beyond the number of critical prices it remembers', () => {
    const price = createBawPricer();
    for (let turn = 0; turn < 60; turn += 1) {
      const option = { ...put, spot: 95, volatility: 0.1 + (turn % 40) / 100 };
      expect(price(option)).toBe(americanBaw(option).price);
    }
  });

  it('refuses what the model refuses', () => {
    const price = createBawPricer();
    expect(() => price({ ...put, spot: -1 })).toThrow('spot must be ≥ 0, got -1');
    expect(() => price({ ...put, spot: 100, volatility: NaN })).toThrow('volatility');
  });
});
