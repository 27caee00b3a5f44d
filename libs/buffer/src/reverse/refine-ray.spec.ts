import { finish } from '../risk/steps';
import { refineRay } from './refine-ray';

const refined = (bufferAt: (distance: number) => number | null, guess: number) => finish(refineRay(bufferAt, guess));

describe('refineRay', () => {
  it.each([2.29, 2.3, 2.31, 2.2, 2.6])('finds 2.3 from a guess of %d', (guess) => {
    expect(refined((x) => 5 - x - 0.1 * x ** 4 + 0.1 * 2.3 ** 4 - 2.7, guess)).toBeCloseTo(2.3, 12);
  });

  it('finds a jump', () => {
    expect(refined((x) => (x < 3.7 ? 4 : -9), 3.69)).toBeCloseTo(3.7, 12);
  });

  it('finds nothing where the sign does not change near the guess, or there is no value', () => {
    expect(refined((x) => 9 - x, 5)).toBeNull();
    expect(refined((x) => -1 - x, 5)).toBeNull();
    expect(refined((x) => (x > 5 ? null : 9 - x), 5)).toBeNull();
    expect(refined(() => null, 5)).toBeNull();
  });
});
