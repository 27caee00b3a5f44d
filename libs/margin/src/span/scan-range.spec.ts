import { contractScanRange, priceMoveOf } from './scan-range';
import { spanParameterSets } from './span-parameter-sets';

describe('scan ranges', () => {
  it('turn an amount per future into a price move, a fraction into a share of the price', () => {
    expect(priceMoveOf({ amount: 16000 }, { spot: 3686, futureMultiplier: 100 })).toBe(160);
    expect(priceMoveOf({ fraction: 0.134 }, { spot: 301.5, futureMultiplier: 1 })).toBeCloseTo(40.401, 12);
    expect(priceMoveOf({ fraction: 0.1 }, { spot: -40, futureMultiplier: 1 })).toBe(4);
  });

  it('take the tier that holds the month, key by key', () => {
    const parameters = {
      ...spanParameterSets[0]!.values.commodity,
      priceScanRange: { amount: 100 },
      volatilityScanRange: 0.25,
      scanTiers: [
        { from: '2026-01', to: '2026-03', priceScanRange: { amount: 300 }, volatilityScanRange: null },
        { from: '2026-04', to: '2026-04', priceScanRange: null, volatilityScanRange: 0.1 },
      ],
    };
    const range = (month: string) => contractScanRange(parameters, month, { spot: 100, futureMultiplier: 10 });
    expect(range('2026-03')).toEqual({ priceMove: 30, volatilityRange: 0.25 });
    expect(range('2026-04')).toEqual({ priceMove: 10, volatilityRange: 0.1 });
    expect(range('2026-05')).toEqual({ priceMove: 10, volatilityRange: 0.25 });
  });
});
