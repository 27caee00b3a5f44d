import { RecentKeys } from './recent-keys';

describe('RecentKeys', () => {
  it('knows a key again, and forgets the oldest beyond its size', () => {
    const keys = new RecentKeys(2);
    expect([keys.add('a'), keys.add('a'), keys.add('b'), keys.add('c')]).toEqual([true, false, true, true]);
    expect([keys.has('a'), keys.has('b'), keys.has('c')]).toEqual([false, true, true]);
  });
});
