import { RecentRecords } from './recent-records';

describe('RecentRecords', () => {
  it('keeps a bounded number, and lets go first of what was not asked for the longest', () => {
    const records = new RecentRecords<number>(3);
    for (const [key, value] of [['a', 1], ['b', 2], ['c', 3]] as const) records.set(key, value); // prettier-ignore
    expect(records.get('a')).toBe(1);
    records.set('d', 4);
    expect(['a', 'b', 'c', 'd'].map((key) => records.get(key))).toEqual([1, undefined, 3, 4]);
    expect(records.size).toBe(3);
  });

  it('takes a key again without making room for it', () => {
    const records = new RecentRecords<string>(2);
    records.set('a', 'one');
    records.set('b', 'two');
    records.set('a', 'three');
    expect([records.get('a'), records.get('b'), records.size]).toEqual(['three', 'two', 2]);
  });
});
