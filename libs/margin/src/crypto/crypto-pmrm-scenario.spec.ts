import { asOf } from '../../../../test/support/portfolio-builder';
import { plainPmrmOverrides, pmrmBook } from '../../../../test/support/pmrm-book';
import type { PmrmBook } from './crypto-pmrm-book';
import { computePmrmBasisContingency, computePmrmScenarios, pmrmLabel, valueExpiry } from './crypto-pmrm-scenario';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const parameters = parsePmrmParameters(plainPmrmOverrides, asOf);
const book = pmrmBook();
const valuesOf = (own: PmrmBook, quantities: readonly number[]) =>
  own.expiries.map((expiry) => valueExpiry(expiry, quantities));
const computePmrmScenario = (own: PmrmBook, quantities: readonly number[], row: number, set: typeof parameters) =>
  computePmrmScenarios(own, quantities, valuesOf(own, quantities), set)[row];
const basisOf = (quantities: readonly number[]) =>
  computePmrmBasisContingency(book, valuesOf(book, quantities), parameters);

describe('computePmrmScenarios', () => {
  it('adds options and perpetual and damps the sum', () => {
    // options: 1·(15 − 10) − 2·(4 − 8); perpetual: −3·101·0.1
    expect(computePmrmScenario(book, [1, -1, -3], 0, parameters)).toBeCloseTo(5 + 8 - 30.3, 12);
    expect(computePmrmScenario(book, [1, -1, -3], 1, parameters)).toBeCloseTo(0.5 * (-4 - 10 + 30.3), 12);
  });

  it('lets offsetting collateral and held coins move with the spot, at the stablecoin price', () => {
    const pledged = pmrmBook({
      collateral: [{ value: 50 }],
      coins: [{ place: 3, multiplier: 1, price: 99 }],
      stablePrice: 0.99,
    });
    expect(computePmrmScenario(pledged, [0, 0, 0, 2], 0, parameters)).toBeCloseTo(0.1 * (50 + 200), 12);
  });

  it('discounts the shocked value of an expiry by its sign', () => {
    const discounted = parsePmrmParameters(
      { ...plainPmrmOverrides, margin: { ...plainPmrmOverrides.margin, baseStaticDiscount: 0.9 } },
      asOf,
    );
    expect(computePmrmScenario(book, [1, 0, 0], 0, discounted)).toBeCloseTo(0.9 * 15 - 10, 12);
    expect(computePmrmScenario(book, [-1, 0, 0], 0, discounted)).toBeCloseTo(-15 + 10, 12);
  });

  it('takes the size of the change, not its sign, in a skew scenario', () => {
    const skewed = { ...parameters, scenarios: [{ spotShock: 1, volatilityShock: 'LINEAR' as const, dampening: 1 }] };
    expect(computePmrmScenario(book, [1, 0, 0], 0, skewed)).toBe(-5);
    expect(computePmrmScenario(book, [-1, 0, 0], 0, skewed)).toBe(-5);
  });
});

describe('computePmrmBasisContingency', () => {
  it('takes the worse of the two shocks, scaled by addFactor + multFactor · τ', () => {
    // long call: up +2, down −1 → −1 · (0.5 + 2·1)
    expect(basisOf([1, 0, 0])).toBeCloseTo(-2.5, 12);
    expect(basisOf([-1, 0, 5])).toBeCloseTo(-5, 12);
    expect(basisOf([0, 0, 5])).toBe(0);
  });
});

it('values an expiry at its base and in every row', () => {
  const expiry = book.expiries[0] as (typeof book.expiries)[number];
  expect(valueExpiry(expiry, [1, 1]).base).toBe(10 + 16);
  expect(valueExpiry(expiry, [1, -1]).rows[1]).toBe(6 - 26);
});

it.each([
  [{ spotShock: 1.18, volatilityShock: 'UP', dampening: 1 }, 'spot +18 %, volatility up'],
  [{ spotShock: 0.34, volatilityShock: 'NONE', dampening: 0.054545454545454536 }, 'spot −66 %, volatility same (× 0.05455)'],
  [{ spotShock: 1, volatilityShock: 'ABS', dampening: 1 }, 'spot 0 %, absolute skew'],
] as const)('says %j in words', (scenario, words) => {
  expect(pmrmLabel(scenario)).toBe(words);
}); // prettier-ignore
