import { factorise, solveFactorised } from './linear-system';

describe('linear system', () => {
  it('solves a system whose first pivot is zero', () => {
    const matrix = Float64Array.from([0, 2, 1, 1, 1, 1, 4, -1, 0.5]);
    const solution = [3, -2, 5];
    const vector = Float64Array.from([0, 1, 2], (i) => solution.reduce((sum, x, j) => sum + matrix[i * 3 + j]! * x, 0));
    const pivots = new Int32Array(3);
    factorise(matrix, 3, pivots);
    solveFactorised(matrix, 3, pivots, vector);
    vector.forEach((value, i) => expect(value).toBeCloseTo(solution[i]!, 13));
  });

  it('solves for several right-hand sides from one factorisation', () => {
    const size = 8;
    const matrix = Float64Array.from(
      { length: 64 },
      (_, k) => 1 / (1 + Math.abs((k >> 3) - (k & 7))) + (k % 9 === 0 ? 2 : 0),
    );
    const original = matrix.slice();
    const pivots = new Int32Array(size);
    factorise(matrix, size, pivots);
    for (let unit = 0; unit < size; unit++) {
      const column = new Float64Array(size);
      column[unit] = 1;
      solveFactorised(matrix, size, pivots, column);
      for (let i = 0; i < size; i++) {
        const product = column.reduce((sum, value, j) => sum + original[i * size + j]! * value, 0);
        expect(product).toBeCloseTo(i === unit ? 1 : 0, 13);
      }
    }
  });
});
