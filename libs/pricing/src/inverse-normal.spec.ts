import { ulpsApart } from '../../../test/support/ulp';
import { inverseNormalCdf } from './inverse-normal';
import { normalCdf } from './normal-distribution';

/** [argument, value]: 50-digit arithmetic (mpmath 1.3), rounded to double. */
const QUANTILES = [
  [1e-300, -37.0470962993612],
  [1e-100, -21.273453560965326],
  [1e-20, -9.262340089798407],
  [1e-5, -4.264890793922825],
  [0.01, -2.326347874040841],
  [0.075, -1.439531470938456],
  [0.2, -0.8416212335729142],
  [0.31, -0.4958503473474533],
  [0.49, -0.025068908258711057],
  [0.6, 0.2533471031357997],
  [0.9, 1.2815515655446006],
  [0.999, 3.090232306167813],
] as const;

describe('the inverse normal distribution', () => {
  it.each(QUANTILES)('Φ⁻¹(%d) is within its bound', (p, z) => {
    expect(ulpsApart(inverseNormalCdf(p), z)).toBeLessThanOrEqual(6);
  });

  it('returns what Φ was given', () => {
    for (let z = -37; z <= 5; z += 0.0625) expect(Math.abs(inverseNormalCdf(normalCdf(z)) - z)).toBeLessThan(2e-10);
    for (let z = -37; z <= 0; z += 0.0625) expect(Math.abs(inverseNormalCdf(normalCdf(z)) - z)).toBeLessThan(5e-14);
  });

  it('has the limits of the real function', () => {
    expect(inverseNormalCdf(0)).toBe(-Infinity);
    expect(inverseNormalCdf(1)).toBe(Infinity);
    expect(inverseNormalCdf(0.5)).toBe(0);
    expect(inverseNormalCdf(-0.1)).toBeNaN();
    expect(inverseNormalCdf(1.1)).toBeNaN();
    expect(inverseNormalCdf(NaN)).toBeNaN();
    expect(inverseNormalCdf(5e-324)).toBeCloseTo(-38.4674, 3);
  });
});
