import { repairSvi, worstDensityFactor } from './repair-svi';
import { sviVariance } from './svi';

const grid = Array.from({ length: 301 }, (_, index) => -1.5 + index * 0.01);
/** A. Vogt's smile, which has butterfly arbitrage: Gatheral and Jacquier (2014), example 5.1. */
const vogt = { a: -0.041, b: 0.1331, rho: 0.306, m: 0.3586, sigma: 0.4153 };

describe('repairSvi', () => {
  it('finds the arbitrage of the published example near k = 0.8', () => {
    const worst = worstDensityFactor(vogt, grid);
    expect(worst.factor).toBeLessThan(0);
    expect(worst.k).toBeGreaterThan(0.6);
    expect(worst.k).toBeLessThan(1);
  });

  it('removes it and keeps variance and skew at the money', () => {
    const repaired = repairSvi(vogt, grid);
    if (repaired === null) throw new Error('not repaired');
    expect(worstDensityFactor(repaired, grid).factor).toBeGreaterThanOrEqual(0);
    expect(sviVariance(repaired, 0).variance).toBeCloseTo(sviVariance(vogt, 0).variance, 12);
    expect(sviVariance(repaired, 0).slope).toBeCloseTo(sviVariance(vogt, 0).slope, 12);
    // Published jump wings of the slice: c = 1.316798, of the whole way: c′ = 0.3493158. The least way lies between.
    const right = (repaired.b * (1 + repaired.rho)) / Math.sqrt(sviVariance(vogt, 0).variance);
    expect(right).toBeGreaterThan(0.3493158);
    expect(right).toBeLessThan(1.316798);
    expect((vogt.b * (1 + vogt.rho)) / Math.sqrt(sviVariance(vogt, 0).variance)).toBeCloseTo(1.316798, 6);
  });

  it('leaves a good slice as it is', () => {
    const good = { a: 0.04, b: 0.2, rho: -0.3, m: 0, sigma: 0.2 };
    expect(repairSvi(good, grid)).toBe(good);
  });

  it('gives up where the terms of the repair do not exist', () => {
    expect(repairSvi({ a: -0.5, b: 0.1, rho: 0, m: 0, sigma: 0.1 }, grid)).toBeNull();
  });
});
