import { isPositiveSemiDefinite } from './correlation-matrix';

const uniform = (size: number, correlation: number) =>
  Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_unused, column) => (row === column ? 1 : correlation)),
  );

describe('isPositiveSemiDefinite', () => {
  it.each([
    ['the identity', uniform(4, 0), true],
    ['equal correlation 0.9', uniform(5, 0.9), true],
    ['full correlation, which is singular', uniform(5, 1), true],
    ['correlation −1 of two', uniform(2, -1), true],
    ['correlation −1/(n−1), the limit', uniform(5, -0.25), true],
    ['correlation below the limit', uniform(5, -0.26), false],
    ['correlation above 1', uniform(2, 1.01), false],
    [
      'a contradiction of three',
      [
        [1, 0.9, -0.9],
        [0.9, 1, 0.9],
        [-0.9, 0.9, 1],
      ],
      false,
    ],
    [
      'a zero pivot with a rest',
      [
        [0, 1],
        [1, 0],
      ],
      false,
    ],
    ['nothing', [], true],
  ])('judges %s', (_, matrix, expected) => {
    expect(isPositiveSemiDefinite(matrix)).toBe(expected);
  });
});
