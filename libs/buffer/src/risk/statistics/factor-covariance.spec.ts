import { correlationsOf, factorCovariance } from './factor-covariance';

describe('factorCovariance', () => {
  it('weighs days equally at λ = 1: (0.01, 0.03), (0.02, −0.02)', () => {
    const found = factorCovariance(
      [
        [0.01, 0.03],
        [0.02, -0.02],
      ],
      1,
    );
    [5e-4, -2e-4, -2e-4, 4e-4].forEach((value, index) => expect(found[index]).toBeCloseTo(value, 15));
  });

  it('weighs the last day most: λ = 0.5 gives 1/3 and 2/3', () => {
    expect(factorCovariance([[0.03, 0]], 0.5)[0]).toBeCloseTo(9e-4 / 3, 15);
  });
});

describe('correlationsOf', () => {
  it('is 1 on the diagonal, the cosine elsewhere, 0 with a factor that does not move', () => {
    expect([...correlationsOf(Float64Array.of(4, 3, 0, 3, 9, 0, 0, 0, 0), 3)]).toEqual([1, 0.5, 0, 0.5, 1, 0, 0, 0, 1]);
  });
});
