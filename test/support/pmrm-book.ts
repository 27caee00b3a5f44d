// A hand-made book of CRYPTO_PMRM: two options of one expiry with values stated per scenario.
import type { PmrmBook } from '@ballast/margin';

/** Two scenarios and the two basis shocks: values of one coin of each option. */
export function pmrmBook(changes: Partial<PmrmBook> = {}): PmrmBook {
  return {
    underlying: 'BTC',
    spot: 100,
    spotConfidence: 1,
    stablePrice: 1,
    expiries: [
      {
        label: '2026-02-05T12:00:00.000Z',
        secondsToExpiry: 31_536_000,
        rate: 0,
        confidence: 1,
        options: [
          { instrumentId: 'C', place: 0, strike: 100, multiplier: 1, baseValue: 10, scenarioValues: Float64Array.from([15, 6, 12, 9]) },
          { instrumentId: 'P', place: 1, strike: 100, multiplier: 2, baseValue: 8, scenarioValues: Float64Array.from([4, 13, 6, 11]) },
        ],
      },
    ],
    perpetuals: [{ place: 2, multiplier: 1, price: 101 }],
    perpetualConfidence: 1,
    perpetualUnrealised: 0,
    coins: [],
    collateral: [],
    ...changes,
  };
} // prettier-ignore

/** Parameter overrides that leave static discounts at 1 and have the two scenarios of `pmrmBook`. */
export const plainPmrmOverrides = {
  scenarios: [
    { spotShock: 1.1, volatilityShock: 'UP', dampening: 1 },
    { spotShock: 0.9, volatilityShock: 'NONE', dampening: 0.5 },
  ],
  margin: {
    baseStaticDiscount: 1,
    baseStaticDiscountNegative: 1,
    longRateAddScale: 0,
    shortRateAddScale: 0,
    longRateMultScale: 0,
    shortRateMultScale: 0,
  },
};
