import fc from 'fast-check';
import { americanAlo, americanBaw, binomialCrrPrice, blackScholes, type AmericanOption } from '@ballast/pricing';
import { oracleAmericanPrice } from '../oracle/leisen-reimer-oracle';

const runs = { numRuns: 200, seed: 20261121 };

/** Options around the money in deviations, with lives of a day to five years and every sign of the rates. */
const options = fc
  .record({
    right: fc.constantFrom('call' as const, 'put' as const),
    deviations: fc.double({ min: -2.5, max: 2.5, noNaN: true }),
    yearsToExpiry: fc.constantFrom(1 / 365, 2 / 365, 7 / 365, 30 / 365, 0.5, 1, 3, 5),
    rate: fc.double({ min: -0.05, max: 0.15, noNaN: true }),
    dividendYield: fc.double({ min: -0.05, max: 0.15, noNaN: true }),
    volatility: fc.constantFrom(0.05, 0.1, 0.2, 0.4, 0.8, 2),
    mode: fc.constantFrom('fast' as const, 'accurate' as const),
  })
  .map(({ deviations, ...rest }) => ({
    ...rest,
    spot: 100,
    strike: 100 * Math.exp(deviations * rest.volatility * Math.sqrt(rest.yearsToExpiry)),
  }));

const signOf = (option: AmericanOption) => (option.right === 'call' ? 1 : -1);

describe('American options', () => {
  it('are worth at least intrinsic value and the European option', () => {
    fc.assert(
      fc.property(options, (option) => {
        const { price } = americanAlo(option);
        expect(price).toBeGreaterThanOrEqual(signOf(option) * (option.spot - option.strike));
        expect(price).toBeGreaterThanOrEqual(blackScholes(option).price);
      }),
      runs,
    );
  });

  it('have finite sensitivities of the right sign and bound', () => {
    fc.assert(
      fc.property(options, (option) => {
        const result = americanAlo(option);
        const { delta, gamma, vega, theta, rho } = result;
        for (const value of [delta, gamma, vega, theta, rho]) expect(Number.isFinite(value)).toBe(true);
        const waiting = Math.exp(Math.max(0, -option.dividendYield) * option.yearsToExpiry);
        expect(signOf(option) * delta).toBeGreaterThan(-1e-4);
        expect(signOf(option) * delta).toBeLessThan(waiting + 1e-4);
        expect(gamma).toBeGreaterThan(-1e-4);
        expect(vega).toBeGreaterThan(-1e-2);
        if (result.exerciseNow) expect([delta, gamma, vega, theta, rho]).toEqual([signOf(option), 0, 0, 0, 0]);
      }),
      runs,
    );
  });

  it('equal the European option where early exercise never pays', () => {
    fc.assert(
      fc.property(options, (option) => {
        const free = { ...option, right: 'call', rate: Math.abs(option.rate), dividendYield: 0 } as const;
        const { price, delta, gamma, vega, theta, rho } = blackScholes(free);
        const result = americanAlo(free);
        if (!result.exerciseNow) expect(result).toEqual({ price, delta, gamma, vega, theta, rho, exerciseNow: false });
      }),
      runs,
    );
  });

  it('obey the put-call symmetry', () => {
    fc.assert(
      fc.property(options, (option) => {
        const mirror: AmericanOption = {
          ...option,
          right: option.right === 'call' ? 'put' : 'call',
          spot: option.strike,
          strike: option.spot,
          rate: option.dividendYield,
          dividendYield: option.rate,
        };
        const scale = Math.max(option.spot, option.strike);
        expect(Math.abs(americanAlo(option).price - americanAlo({ ...mirror, mode: option.mode }).price)).toBeLessThan(
          1e-12 * scale,
        );
      }),
      runs,
    );
  });

  it('gain from a longer life and a higher volatility', () => {
    fc.assert(
      fc.property(options, (option) => {
        const { price } = americanAlo({ ...option, mode: 'accurate' });
        const scale = Math.max(option.spot, option.strike);
        const longer = americanAlo({ ...option, mode: 'accurate', yearsToExpiry: 1.2 * option.yearsToExpiry }).price;
        const wilder = americanAlo({ ...option, mode: 'accurate', volatility: 1.1 * option.volatility }).price;
        expect(longer).toBeGreaterThan(price - 1e-6 * scale);
        expect(wilder).toBeGreaterThan(price - 1e-6 * scale);
      }),
      runs,
    );
  });

  it('are monotone and convex in spot', () => {
    fc.assert(
      fc.property(options, (option) => {
        const at = (factor: number) => americanAlo({ ...option, mode: 'accurate', spot: 100 * factor }).price;
        const step = 0.05 * option.volatility * Math.sqrt(option.yearsToExpiry);
        const [down, middle, up] = [at(1 - step), at(1), at(1 + step)];
        expect(signOf(option) * (up - down)).toBeGreaterThan(-1e-8 * option.strike);
        expect(up + down - 2 * middle).toBeGreaterThan(-1e-7 * Math.max(100, option.strike));
      }),
      runs,
    );
  });

  it('satisfy the pricing equation while they are held', () => {
    fc.assert(
      fc.property(options, (option) => {
        const { price, delta, gamma, theta, exerciseNow } = americanAlo(option);
        if (exerciseNow) return;
        const { spot, rate, dividendYield, volatility } = option;
        const terms = [
          theta,
          (rate - dividendYield) * spot * delta,
          0.5 * (volatility * spot) ** 2 * gamma,
          -rate * price,
        ];
        const magnitude = terms.reduce((sum, term) => sum + Math.abs(term), 0);
        expect(Math.abs(terms.reduce((sum, term) => sum + term, 0))).toBeLessThan(1e-8 * magnitude + 1e-10);
      }),
      runs,
    );
  });

  it('scale with spot and strike together', () => {
    fc.assert(
      fc.property(options, fc.double({ min: 0.01, max: 1000, noNaN: true }), (option, factor) => {
        const scaled = americanAlo({ ...option, spot: factor * option.spot, strike: factor * option.strike }).price;
        const { price } = americanAlo(option);
        expect(Math.abs(scaled / factor - price)).toBeLessThan(1e-11 * Math.max(option.spot, option.strike));
      }),
      runs,
    );
  });

  it('agree with an independent tree', () => {
    fc.assert(
      fc.property(options, (option) => {
        const scale = Math.max(option.spot, option.strike) / 100;
        const oracle = oracleAmericanPrice(option, 201);
        // The tree itself is good to about 1e-4 here; where drift dominates (σ 5 %, years) to 1e-2.
        const drift =
          (Math.abs(option.rate - option.dividendYield) / option.volatility) * Math.sqrt(option.yearsToExpiry);
        const bar = drift > 1.5 ? 2e-2 : 1.5e-3;
        expect(Math.abs(americanAlo(option).price - oracle)).toBeLessThan(bar * scale);
      }),
      { ...runs, numRuns: 60 },
    );
  });

  it('are the same in both modes within the bar of the fast one', () => {
    fc.assert(
      fc.property(options, (option) => {
        const scale = Math.max(option.spot, option.strike) / 100;
        const fast = americanAlo({ ...option, mode: 'fast' }).price;
        expect(Math.abs(fast - americanAlo({ ...option, mode: 'accurate' }).price)).toBeLessThan(1.5e-3 * scale);
      }),
      runs,
    );
  });

  it('are the same however often they are priced', () => {
    fc.assert(
      fc.property(options, (option) => {
        expect(americanAlo(option)).toEqual(americanAlo({ ...option }));
      }),
      { ...runs, numRuns: 50 },
    );
  });
});

describe('American approximations', () => {
  it('never fall below intrinsic value', () => {
    fc.assert(
      fc.property(options, (option) => {
        const intrinsic = signOf(option) * (option.spot - option.strike);
        expect(americanBaw(option).price).toBeGreaterThanOrEqual(intrinsic);
        expect(binomialCrrPrice({ ...option, steps: 50 })).toBeGreaterThanOrEqual(intrinsic);
      }),
      runs,
    );
  });
});
