import fc from 'fast-check';
import { correlationRoot } from './correlation-root';

describe('correlationRoot', () => {
  it('measures (1, 1) as √(2/(1 + ρ)) and (1, −1) as √(2/(1 − ρ))', () => {
    const { distanceOf } = correlationRoot({ ids: ['A', 'B'], pairs: [], otherwise: 0.6 });
    expect(distanceOf([1, 1])).toBeCloseTo(Math.sqrt(2 / 1.6), 12);
    expect(distanceOf([1, -1])).toBeCloseTo(Math.sqrt(2 / 0.4), 12);
  });

  it('excludes what a correlation of 1 excludes', () => {
    const { distanceOf } = correlationRoot({ ids: ['A', 'B'], pairs: [], otherwise: 1 });
    expect(distanceOf([2, 2])).toBeCloseTo(2, 12);
    expect(distanceOf([1, -1])).toBe(Infinity);
  });

  it('gives back the correlations as A·Aᵀ', () => {
    const pairs = [
      { left: 'A', right: 'B', correlation: 0.9 },
      { left: 'C', right: 'A', correlation: -0.3 },
    ];
    const { root } = correlationRoot({ ids: ['A', 'B', 'C'], pairs, otherwise: 0.1 });
    const product = (row: number, column: number) =>
      [0, 1, 2].reduce((sum, k) => sum + (root[row * 3 + k] as number) * (root[column * 3 + k] as number), 0);
    expect([product(0, 1), product(0, 2), product(1, 2), product(2, 2)].map((value) => value.toFixed(10))).toEqual([
      '0.9000000000',
      '-0.3000000000',
      '0.1000000000',
      '1.0000000000',
    ]);
  });

  it('moves as long as their independent factors: |A·u| measured by R is |u|', () => {
    const number = fc.double({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(number, number, fc.double({ min: -0.9, max: 0.9, noNaN: true }), (first, second, otherwise) => {
        const { root, distanceOf } = correlationRoot({ ids: ['A', 'B'], pairs: [], otherwise });
        const [a, b, c, d] = root as unknown as [number, number, number, number];
        expect(distanceOf([a * first + b * second, c * first + d * second])).toBeCloseTo(Math.hypot(first, second), 9);
      }),
    );
  });

  it.each([
    ['a matrix no distribution has', [], -0.6, 'semidefinite'],
    ['a correlation above 1', [{ left: 'A', right: 'B', correlation: 1.1 }], 0, 'from -1 to 1'],
    ['no number', [], NaN, 'from -1 to 1'],
    ['an unknown underlying', [{ left: 'A', right: 'X', correlation: 0 }], 0, 'no pair'],
    ['an underlying with itself', [{ left: 'A', right: 'A', correlation: 1 }], 0, 'no pair'],
    [
      'a pair stated twice',
      [
        { left: 'A', right: 'B', correlation: 0.1 },
        { left: 'B', right: 'A', correlation: 0.2 },
      ],
      0,
      'twice',
    ],
  ])('refuses %s', (_, pairs, otherwise, reason) => {
    expect(() => correlationRoot({ ids: ['A', 'B', 'C'], pairs, otherwise })).toThrow(
      expect.objectContaining({ code: 'INVALID_PARAMETER', message: expect.stringContaining(reason) as string }),
    );
  });
});
