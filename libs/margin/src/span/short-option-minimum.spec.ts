import { computeShortOptionMinimum } from './short-option-minimum';

describe('computeShortOptionMinimum', () => {
  const short = { shortCalls: 3, shortPuts: 2 };

  it('counts calls and puts together when gross (CME GC 35), the larger of the two when max (YM 170)', () => {
    expect(computeShortOptionMinimum({ ...short, minimum: { rate: 35, method: 'gross' } })).toBe(175);
    expect(computeShortOptionMinimum({ ...short, minimum: { rate: 170, method: 'max' } })).toBe(510);
    expect(computeShortOptionMinimum({ shortCalls: 0, shortPuts: 0, minimum: { rate: 35, method: 'gross' } })).toBe(0);
  });

  it('adds the charges of options that have rates of their own', () => {
    const own = { ...short, callCharge: 100, putCharge: 700 };
    expect(computeShortOptionMinimum({ ...own, minimum: { rate: 10, method: 'gross' } })).toBe(850);
    expect(computeShortOptionMinimum({ ...own, minimum: { rate: 10, method: 'max' } })).toBe(720);
  });
});
