import * as fc from 'fast-check';
import { fitSvi } from './fit-svi';
import { type SviParameters, sviVariance } from './svi';

const strikes = Array.from({ length: 21 }, (_, index) => -0.5 + index * 0.05);
const smileOf = (parameters: SviParameters) =>
  strikes.map((k) => ({ k, variance: sviVariance(parameters, k).variance, weight: 1 }));

describe('fitSvi', () => {
  it('recovers the curve that points were taken from', () => {
    const cases = fc.record({
      a: fc.double({ min: 0.01, max: 0.1, noNaN: true }),
      b: fc.double({ min: 0.05, max: 0.8, noNaN: true }),
      rho: fc.double({ min: -0.8, max: 0.8, noNaN: true }),
      m: fc.double({ min: -0.15, max: 0.15, noNaN: true }),
      sigma: fc.double({ min: 0.05, max: 0.4, noNaN: true }),
    });
    fc.assert(
      fc.property(cases, (parameters) => {
        const fit = fitSvi(smileOf(parameters));
        if (fit === null) throw new Error('no fit');
        expect(fit.varianceError).toBeLessThan(1e-5);
        for (const k of strikes) {
          expect(Math.abs(sviVariance(fit.parameters, k).variance - sviVariance(parameters, k).variance)).toBeLessThan(
            1e-4,
          );
        }
      }),
      { numRuns: 60, seed: 11 },
    );
  });

  it('keeps its bounds on points that break them', () => {
    const steep = strikes.map((k) => ({ k, variance: 0.05 + 5 * Math.max(0, k), weight: 1 }));
    const falling = strikes.map((k) => ({ k, variance: 0.3 - 0.5 * k * k, weight: 1 }));
    for (const points of [steep, falling]) {
      const { parameters } = fitSvi(points) ?? { parameters: null };
      if (parameters === null) throw new Error('no fit');
      expect(parameters.b).toBeGreaterThanOrEqual(0);
      expect(Math.abs(parameters.rho)).toBeLessThanOrEqual(1);
      expect(parameters.b * (1 + Math.abs(parameters.rho))).toBeLessThanOrEqual(2 + 1e-9);
      for (const k of [-3, ...strikes, 3]) expect(sviVariance(parameters, k).variance).toBeGreaterThanOrEqual(-1e-12);
    }
  });

  it('weighs points', () => {
    const parameters = { a: 0.04, b: 0.2, rho: -0.3, m: 0, sigma: 0.2 };
    const outlier = { k: 0.22, variance: 0.5, weight: 1e-9 };
    expect(fitSvi([...smileOf(parameters), outlier])?.varianceError).toBeLessThan(1e-5);
  });

  it('needs five strikes', () => {
    const point = { k: 0, variance: 0.04, weight: 1 };
    expect(fitSvi([point, point, point, point, point, point])).toBeNull();
    expect(fitSvi(strikes.slice(0, 4).map((k) => ({ ...point, k })))).toBeNull();
  });
});
