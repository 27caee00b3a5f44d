import { sobolDimensions, sobolRows } from './sobol-directions';
import { sobolBits, sobolDirections } from './sobol-sequence';

const fraction = (dimension: number, index: number) =>
  sobolBits(sobolDirections(128)[dimension] as Uint32Array, index) / 2 ** 32;

describe('sobolBits', () => {
  it('gives the first points of dimensions 1, 2, 3, 51 and 128 as an independent implementation (SciPy 1.17) does', () => {
    const expected = [
      [0, 0, 0, 0, 0],
      [0.5, 0.5, 0.5, 0.5, 0.5],
      [0.75, 0.25, 0.25, 0.25, 0.25],
      [0.25, 0.75, 0.75, 0.75, 0.75],
      [0.375, 0.375, 0.625, 0.125, 0.625],
      [0.875, 0.875, 0.125, 0.625, 0.125],
      [0.625, 0.125, 0.875, 0.375, 0.875],
      [0.125, 0.625, 0.375, 0.875, 0.375],
    ];
    expected.forEach((row, index) =>
      expect([0, 1, 2, 50, 127].map((dimension) => fraction(dimension, index))).toEqual(row),
    );
  });

  it('puts one of the first 1,024 points into every 1,024th of every dimension', () => {
    for (const directions of sobolDirections(sobolDimensions)) {
      const places = new Set(Array.from({ length: 1024 }, (_, index) => sobolBits(directions, index) >>> 22));
      expect(places.size).toBe(1024);
    }
  });
});

describe('sobolRows', () => {
  it('starts with odd numbers below 2^k for each of the 128 dimensions', () => {
    expect(sobolDimensions).toBe(128);
    for (const { degree, initial } of sobolRows) {
      expect(initial).toHaveLength(degree);
      initial.forEach((value, place) => expect(value % 2 === 1 && value < 2 ** (place + 1)).toBe(true));
    }
  });
});
