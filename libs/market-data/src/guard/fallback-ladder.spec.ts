import { defaultFallbackLimits, fallbackPrice, fallbackVolatility } from './fallback-ladder';

const hour = 3_600_000;
const nothing = { live: null, secondSource: null, surface: null, lastGood: null, kind: 'crypto' as const };
const all = { ...nothing, live: 0.5, secondSource: 0.51, surface: 0.52, lastGood: { value: 0.6, ageMs: 2 * hour } };

describe('fallbackVolatility', () => {
  it.each([
    ['live', all, { value: 0.5 }],
    ['second source', { ...all, live: null }, { value: 0.51, flag: 'FALLBACK_SECOND_SOURCE' }],
    ['surface', { ...all, live: null, secondSource: null }, { value: 0.52, flag: 'FALLBACK_SURFACE' }],
    [
      'last good, 20 % up after two hours',
      { ...nothing, lastGood: all.lastGood },
      { value: 0.72, flag: 'FALLBACK_LAST_GOOD' },
    ],
    [
      'largest of its kind after the cap',
      { ...nothing, lastGood: { value: 0.6, ageMs: 4 * hour + 1 } },
      { value: 2.5, flag: 'FALLBACK_CONSERVATIVE' },
    ],
    [
      'grown last good where that is larger',
      { ...nothing, lastGood: { value: 3, ageMs: 99 * hour } },
      { value: 4.2, flag: 'FALLBACK_CONSERVATIVE' },
    ],
  ] as const)('takes the rung: %s', (_, candidates, found) => {
    const result = fallbackVolatility(candidates);
    expect(result?.value).toBeCloseTo(found.value, 12);
    expect(result?.flag).toBe('flag' in found ? found.flag : undefined);
  });

  it('never falls while a last good value grows older', () => {
    let before = 0;
    for (let ageMs = 0; ageMs < 8 * hour; ageMs += hour / 4) {
      const value = fallbackVolatility({ ...nothing, lastGood: { value: 0.6, ageMs } })?.value ?? Number.NaN;
      expect(value).toBeGreaterThanOrEqual(before);
      before = value;
    }
  });

  it('invents nothing for a contract that never had a volatility', () => {
    expect(fallbackVolatility(nothing)).toBeNull();
  });
});

describe('fallbackPrice', () => {
  it('takes live, second source, last good up to the cap, then nothing', () => {
    const lastGood = { value: 99, ageMs: defaultFallbackLimits.ageMaximumMs };
    expect(fallbackPrice({ live: 101, secondSource: 100, lastGood })).toEqual({ value: 101 });
    expect(fallbackPrice({ live: null, secondSource: 100, lastGood })).toEqual({
      value: 100,
      flag: 'FALLBACK_SECOND_SOURCE',
    });
    expect(fallbackPrice({ live: null, secondSource: null, lastGood })).toEqual({
      value: 99,
      flag: 'FALLBACK_LAST_GOOD',
    });
    expect(
      fallbackPrice({ live: null, secondSource: null, lastGood: { ...lastGood, ageMs: lastGood.ageMs + 1 } }),
    ).toBeNull();
  });
});
