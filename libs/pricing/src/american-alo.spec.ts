import { americanAlo, americanAloWithBoundary, americanPriceWithBoundary } from './american-alo';
import { americanBoundary, solveBoundary } from './american-boundary';
import { boundaryGrid } from './american-boundary-grid';
import type { AmericanOption } from './american-option';
import { blackScholes } from './black-scholes';
import { gaussLegendre } from './gauss-legendre';

const put: AmericanOption = {
  right: 'put',
  spot: 100,
  strike: 100,
  yearsToExpiry: 1,
  rate: 0.05,
  dividendYield: 0,
  volatility: 0.25,
};

describe('americanAlo', () => {
  it('prices the example of its documentation', () => {
    expect(americanAlo(put).price).toBeCloseTo(7.9745, 4);
  });

  it('prices the option on which the fixed point FP-A diverges, the same in both modes', () => {
    const hard = { ...put, strike: 91.95, yearsToExpiry: 5, rate: 0.105, dividendYield: 0.019, volatility: 0.08 };
    expect(americanAlo(hard).price).toBeCloseTo(0.12501987, 6);
    expect(Math.abs(americanAlo({ ...hard, mode: 'fast' }).price - americanAlo(hard).price)).toBeLessThan(1e-5);
  });

  it.each([
    {
      ...put,
      right: 'call',
      spot: 136.547,
      yearsToExpiry: 2.9248,
      rate: 0.8708,
      dividendYield: 0.276,
      volatility: 0.2143,
    },
    {
      ...put,
      right: 'call',
      spot: 98.306,
      yearsToExpiry: 4.1025,
      rate: 0.8355,
      dividendYield: 0.7588,
      volatility: 0.01268,
    },
    { ...put, spot: 84.92, yearsToExpiry: 48.14, rate: 0.05007, dividendYield: 0.08996, volatility: 0.01854 },
  ] as const)('holds the bar of fast mode where rates times years are large: %j', (option) => {
    expect(Math.abs(americanAlo({ ...option, mode: 'fast' }).price - americanAlo(option).price)).toBeLessThan(1.5e-3);
  });

  it.each([
    [99.7, 7.92, 0.10967, 0.05764, 0.0233],
    [484.09, 43.5, 0.02222, 0.00929, 1.651],
  ])(
    'holds the bar of fast mode, vega too, where the drift is many deviations: spot %p',
    (spot, years, rate, q, sigma) => {
      const hard = { ...put, spot, yearsToExpiry: years, rate, dividendYield: q, volatility: sigma };
      const [fast, accurate] = [americanAlo({ ...hard, mode: 'fast' }), americanAlo(hard)];
      expect(Math.abs(fast.price - accurate.price)).toBeLessThan(1e-3);
      expect(Math.abs(fast.vega - accurate.vega)).toBeLessThan(2e-2);
    },
  );

  it('exchanges call and put with spot and strike, rate and yield', () => {
    const call = { ...put, right: 'call', spot: 90, strike: 110, rate: 0.02, dividendYield: 0.06 } as const;
    const mirror = { ...put, spot: 110, strike: 90, rate: 0.06, dividendYield: 0.02 };
    expect(americanAlo(call).price).toBeCloseTo(americanAlo(mirror).price, 12);
    expect(americanAlo(call).vega).toBeCloseTo(americanAlo(mirror).vega, 10);
  });

  it.each([
    put,
    { ...put, right: 'call', rate: 0.02, dividendYield: 0.06 } as const,
    { ...put, rate: -0.02, dividendYield: -0.06 },
  ])('has sensitivities that are the derivatives of its price: %j', (option) => {
    const result = americanAlo(option);
    const slope = (field: 'spot' | 'volatility' | 'yearsToExpiry' | 'rate', step: number) => {
      const up = americanAlo({ ...option, [field]: option[field] + step }).price;
      return (up - americanAlo({ ...option, [field]: option[field] - step }).price) / (2 * step);
    };
    expect(result.delta).toBeCloseTo(slope('spot', 0.01), 6);
    expect(result.vega).toBeCloseTo(slope('volatility', 1e-4), 3);
    expect(result.theta).toBeCloseTo(-slope('yearsToExpiry', 1e-4), 3);
    expect(result.rho).toBeCloseTo(slope('rate', 1e-5), 2);
    const deltaAt = (spot: number) => americanAlo({ ...option, spot }).delta;
    expect(result.gamma).toBeCloseTo((deltaAt(100.01) - deltaAt(99.99)) / 0.02, 6);
  });

  it('says when exercise now is optimal', () => {
    const deep = americanAlo({ ...put, spot: 60 });
    expect(deep).toEqual({ price: 40, delta: -1, gamma: 0, vega: 0, theta: 0, rho: 0, exerciseNow: true });
    expect(americanAlo({ ...put, spot: 100 }).exerciseNow).toBe(false);
  });

  it('is European where early exercise never pays', () => {
    const call = { ...put, right: 'call' } as const;
    const { price, delta, gamma, vega, theta, rho } = blackScholes(call);
    expect(americanAlo(call)).toEqual({ price, delta, gamma, vega, theta, rho, exerciseNow: false });
  });

  it('answers the three regions of a double boundary', () => {
    const double = { ...put, yearsToExpiry: 0.25, rate: -0.02, dividendYield: -0.06, volatility: 0.3 };
    const at = (spot: number) => americanAlo({ ...double, spot });
    expect(at(60).exerciseNow).toBe(true);
    expect(at(60).price).toBe(40);
    for (const spot of [20, 100]) {
      expect(at(spot).exerciseNow).toBe(false);
      expect(at(spot).price).toBeGreaterThan(Math.max(100 - spot, blackScholes({ ...double, spot }).price));
    }
  });

  it('returns the limits', () => {
    expect(americanAlo({ ...put, yearsToExpiry: 0, strike: 110 }).price).toBe(10);
    expect(americanAlo({ ...put, volatility: 0, strike: 110 }).exerciseNow).toBe(true);
    expect(americanAlo({ ...put, volatility: Infinity }).price).toBe(100);
  });

  it('refuses bad inputs by name', () => {
    expect(() => americanAlo({ ...put, spot: NaN })).toThrow(/spot must be finite, got NaN/);
    expect(() => americanAlo({ ...put, yearsToExpiry: -1 })).toThrow(/yearsToExpiry/);
    expect(() => americanAlo({ ...put, mode: 'slow' as 'fast' })).toThrow(/mode/);
  });
});

describe('americanAlo against four times the points', () => {
  const finest = { grid: boundaryGrid(64, 64), rule: gaussLegendre(64), tolerance: 1e-8 };
  it.each([0.01, 0.03, 0.1, 0.3, 1, 2.5])(
    'is within 2e-5 up to a hundred years at a volatility of %p',
    (volatility) => {
      for (const yearsToExpiry of [1, 40, 100]) {
        for (const [rate, dividendYield] of [
          [0.03, 0],
          [0.05, 0.1],
          [0.1, 0.05],
          [0.01, -0.03],
        ] as const) {
          const option = { ...put, yearsToExpiry, rate, dividendYield, volatility };
          const fine = solveBoundary(option, finest, false);
          for (const spot of [60, 95, 150]) {
            const contract = { spot, strike: 100 };
            const miss = americanAlo({ ...option, ...contract }).price - americanPriceWithBoundary(fine, contract);
            expect(Math.abs(miss)).toBeLessThan(2e-5);
          }
        }
      }
    },
  );
});

describe('americanAloWithBoundary and americanPriceWithBoundary', () => {
  it.each(['put', 'call'] as const)('give what americanAlo gives at every spot and strike: %s', (right) => {
    const terms = { ...put, right, dividendYield: 0.04 };
    for (const mode of ['fast', 'accurate'] as const) {
      const full = americanBoundary({ ...terms, mode });
      const prices = americanBoundary({ ...terms, mode }, 'prices');
      for (const contract of [
        { spot: 50, strike: 100 },
        { spot: 98, strike: 100 },
        { spot: 5, strike: 4 },
        { spot: 150, strike: 100 },
        { spot: 0, strike: 100 },
      ]) {
        const expected = americanAlo({ ...terms, ...contract, mode });
        expect(americanAloWithBoundary(full, contract)).toEqual(expected);
        expect(americanAloWithBoundary(prices, contract)).toEqual(expected);
        expect(americanPriceWithBoundary(prices, contract)).toBe(expected.price);
      }
    }
  });

  it('refuse a bad spot by name', () => {
    expect(() => americanPriceWithBoundary(americanBoundary(put), { spot: -1, strike: 1 })).toThrow(/spot/);
  });
});
