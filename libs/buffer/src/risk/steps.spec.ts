import { finish, type Steps } from './steps';

function* countTo(count: number): Steps<number> {
  let sum = 0;
  for (let index = 1; index <= count; index += 1) {
    sum += index;
    yield;
  }
  return sum;
}

describe('finish', () => {
  it('runs every piece', () => {
    expect(finish(countTo(4))).toBe(10);
    expect(finish(countTo(0))).toBe(0);
  });
});
