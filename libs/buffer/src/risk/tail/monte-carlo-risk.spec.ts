import { meanAndError } from './monte-carlo-risk';

describe('meanAndError', () => {
  it('of 1, 2, 3 is 2 ± 1/√3', () => {
    const { mean, error } = meanAndError([1, 2, 3]);
    expect(mean).toBe(2);
    expect(error).toBeCloseTo(1 / Math.sqrt(3), 14);
  });
});
