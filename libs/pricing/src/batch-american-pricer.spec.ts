import { americanAlo } from './american-alo';
import { createAmericanPricer } from './batch-american-pricer';

const put = {
  right: 'put',
  strike: 100,
  yearsToExpiry: 0.5,
  rate: 0.05,
  dividendYield: 0.02,
  volatility: 0.25,
} as const;

describe('createAmericanPricer', () => {
  it.each(['fast', 'accurate'] as const)('prices in %s mode what americanAlo prices, whatever came before', (mode) => {
    const price = createAmericanPricer(mode);
    for (const spot of [60, 85, 100, 130]) {
      for (const volatility of [0.25, 0.3125, 0.25]) {
        const option = { ...put, spot, volatility };
        expect(price(option)).toBeCloseTo(americanAlo({ ...option, mode }).price, 12);
      }
    }
  });

  it('gives the same bits from a remembered boundary', () => {
    const price = createAmericanPricer('fast');
    const first = price({ ...put, spot: 95 });
    price({ ...put, spot: 95, volatility: 0.4 });
    expect(price({ ...put, spot: 95 })).toBe(first);
    expect(createAmericanPricer('fast')({ ...put, spot: 95 })).toBe(first);
  });

  it('stays right beyond the number of boundaries it remembers', () => {
    const price = createAmericanPricer('fast');
    const first = price({ ...put, spot: 95 });
    for (let level = 0; level < 100; level++)
      price({ ...put, spot: 50, yearsToExpiry: 0.01, volatility: 0.1 + level / 1e4 });
    expect(price({ ...put, spot: 95 })).toBe(first);
  });

  it('refuses what the model refuses', () => {
    const price = createAmericanPricer('fast');
    expect(() => price({ ...put, spot: -1 })).toThrow('spot must be ≥ 0, got -1');
    expect(() => price({ ...put, spot: 100, volatility: NaN })).toThrow('volatility');
  });
});
