import fc from 'fast-check';
import { americanAlo, type AmericanOption } from '@ballast/pricing';
import { differenceAmericanPrice } from '../oracle/american-difference-oracle';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Lives of 40 to 100 years, volatilities of 1 to 300 %; rates and yields of one sign or both negative. */
const longLived = fc
  .record({
    right: fc.constantFrom('call' as const, 'put' as const),
    yearsToExpiry: number(40, 100),
    logVolatility: number(Math.log(0.01), Math.log(3)),
    rates: fc.oneof(fc.tuple(number(0, 0.12), number(0, 0.12)), fc.tuple(number(-0.04, 0), number(-0.1, 0))),
    deviations: number(-2, 2),
  })
  .map(({ right, yearsToExpiry, logVolatility, rates, deviations }): AmericanOption => {
    const volatility = Math.exp(logVolatility);
    const spot = 100 * Math.exp(deviations * Math.min(1, volatility * Math.sqrt(yearsToExpiry)));
    const [own, other] = rates;
    const [rate, dividendYield] = right === 'put' ? [own, other] : [other, own];
    return { right, spot, strike: 100, yearsToExpiry, rate, dividendYield, volatility };
  });

function missBeyondDoubt(option: AmericanOption): number {
  const { price, doubt } = differenceAmericanPrice(option, 1600, 800);
  return Math.abs(americanAlo(option).price - price) - 2 * doubt;
}

describe('American options of 40 to 100 years against finite differences', () => {
  it('are within 1e-4 per 100 of strike', () => {
    fc.assert(
      fc.property(longLived, (option) => {
        expect(missBeyondDoubt(option)).toBeLessThan(1e-4);
      }),
      { numRuns: 6, seed: 20261121 },
    );
  });

  // Each of them but the last was wrong by 1.5e-4 to 2e-2: a drift that reaches the boundary sharply, or a boundary of
  // many deviations. The prices are of 16,000 nodes and 8,000 steps, uncertain to 1e-5.
  it.each([
    ['call', 104.31, 80.5, 0.11651, 0.053924, 0.023172, 30.068528],
    ['put', 88.6, 56.76, 0.060544, 0.119668, 0.0232856, 27.982784],
    ['put', 145.386, 60.327, 0.032729, 0.094697, 0.0304036, 30.90349],
    ['call', 140.2, 70.3757, 0.116, 0.0764763, 1.0047822, 98.627654],
    ['put', 157.5, 88.763, 0.064013, 0.090948, 0.89256967, 62.36383],
    ['put', 42.6487, 86.63, -0.0376506, -0.0635739, 0.0477828, 70.286639],
  ] as const)('are met where one panel or sixteen points missed: %s, spot %p', (...terms) => {
    const [right, spot, yearsToExpiry, rate, dividendYield, volatility, expected] = terms;
    const option = { right, spot, strike: 100, yearsToExpiry, rate, dividendYield, volatility };
    expect(Math.abs(americanAlo(option).price - expected)).toBeLessThan(3e-5);
  });
});
