import { exerciseShape, putProblem, settlingTime } from './american-put-problem';

const put = { yearsToExpiry: 1, volatility: 0.2, rate: 0.05, dividendYield: 0.02 };

describe('putProblem', () => {
  it('exchanges rate and yield of a call', () => {
    expect(putProblem({ ...put, right: 'put' })).toEqual(put);
    expect(putProblem({ ...put, right: 'call' })).toEqual({ ...put, rate: 0.02, dividendYield: 0.05 });
  });
});

describe('exerciseShape', () => {
  it.each([
    [0.05, 0.02, 'single'],
    [0.05, -0.02, 'single'],
    [0.01, 0.08, 'single'],
    [0, -0.02, 'single'],
    [0, 0, 'none'],
    [0, 0.03, 'none'],
    [-0.01, 0.03, 'none'],
    [-0.02, -0.01, 'none'],
    [-0.02, -0.02, 'none'],
    [-0.01, -0.03, 'double'],
    [1e-12, 0, 'none'],
  ] as const)('rate %p, yield %p: %s', (rate, dividendYield, shape) => {
    expect(exerciseShape({ ...put, rate, dividendYield })).toBe(shape);
  });
});

describe('settlingTime', () => {
  it('falls with the pull towards the perpetual boundary', () => {
    expect(settlingTime({ ...put, volatility: 0.01 })).toBeLessThan(settlingTime(put));
    expect(settlingTime({ ...put, rate: -0.02, dividendYield: -0.04, volatility: 0.2 })).toBe(Infinity);
  });
});
