import * as fc from 'fast-check';
import { densityFactor, sviVariance } from './svi';

const parameters = { a: 0.04, b: 0.4, rho: -0.4, m: 0.05, sigma: 0.1 };

describe('sviVariance', () => {
  it('evaluates the formula', () => {
    expect(sviVariance({ a: 0.04, b: 0.4, rho: -0.4, m: 0, sigma: 0.1 }, 0).variance).toBeCloseTo(0.08, 15);
    expect(sviVariance(parameters, 0.05).variance).toBeCloseTo(0.08, 15);
  });

  it('has the derivatives of its curve', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), (k) => {
        const h = 1e-5;
        const [below, here, above] = [k - h, k, k + h].map((x) => sviVariance(parameters, x)) as [
          ReturnType<typeof sviVariance>, ReturnType<typeof sviVariance>, ReturnType<typeof sviVariance>,
        ]; // prettier-ignore
        expect(here.slope).toBeCloseTo((above.variance - below.variance) / (2 * h), 7);
        expect(here.curvature).toBeCloseTo((above.slope - below.slope) / (2 * h), 5);
      }),
    );
  });
});

describe('densityFactor', () => {
  it('is 1 on a flat smile and bends with it', () => {
    expect(densityFactor(0.3, { variance: 0.04, slope: 0, curvature: 0 })).toBe(1);
    expect(densityFactor(0, { variance: 0.04, slope: 0.2, curvature: 0.5 })).toBeCloseTo(1 - 0.01 * 25.25 + 0.25, 12);
  });

  it('refuses a variance that is not positive', () => {
    expect(densityFactor(0, { variance: 0, slope: 0, curvature: 1 })).toBe(-Infinity);
  });
});
