import { sobolRows } from './sobol-directions';

describe('sobolRows', () => {
  it('begins as Joe and Kuo print the table: 2 1 0 1; 3 2 1 1 3; … 10 5 7 1 1 7 11 19', () => {
    expect(sobolRows[0]).toEqual({ degree: 1, coefficients: 0, initial: [1] });
    expect(sobolRows[1]).toEqual({ degree: 2, coefficients: 1, initial: [1, 3] });
    expect(sobolRows[8]).toEqual({ degree: 5, coefficients: 7, initial: [1, 1, 7, 11, 19] });
  });
});
