import { allMonths, availableDelta, buildDeltaPool, consumeDelta, remainingNetDelta } from './delta-pool';

describe('the delta pool', () => {
  const build = () =>
    buildDeltaPool(
      new Map([
        ['2026-06', -4],
        ['2026-03', 3],
        ['2026-09', 2],
      ]),
    );

  it('keeps long and short months apart, in order', () => {
    const pool = build();
    expect(pool.months).toEqual(['2026-03', '2026-06', '2026-09']);
    expect(availableDelta(pool, 'long', allMonths)).toBe(5);
    expect(availableDelta(pool, 'short', { from: '2026-04', to: '2026-12' })).toBe(4);
    expect(remainingNetDelta(pool)).toBe(1);
  });

  it('gives the nearest month first and never more than there is', () => {
    const pool = build();
    expect([...consumeDelta(pool, 'long', allMonths, 4)]).toEqual([3, 0, 1]);
    expect([...consumeDelta(pool, 'long', allMonths, 9)]).toEqual([0, 0, 1]);
    expect(availableDelta(pool, 'long', allMonths)).toBe(0);
  });
});
