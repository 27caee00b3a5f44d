import { premiumBreaks } from './american-premium-path';

const stretch = { years: 1, horizon: Infinity, start: 0, distance: 0.4, drift: 0.1 };

describe('premiumBreaks', () => {
  it('leaves out the time in which the region cannot be reached', () => {
    const breaks = premiumBreaks(stretch);
    const sine = (2 * breaks[0]!) / (1 + breaks[0]! ** 2);
    expect(sine).toBeLessThanOrEqual(0.4 / 8);
    expect(sine).toBeGreaterThan(0.4 / 16 / 1.001);
    expect(breaks[breaks.length - 1]).toBe(1);
  });

  it('grows panels geometrically from the first reach', () => {
    const breaks = premiumBreaks({ ...stretch, distance: 1e-6 });
    for (let k = 1; k < breaks.length; k++) expect(breaks[k]!).toBeGreaterThan(breaks[k - 1]!);
    expect(breaks[1]! / breaks[0]!).toBeCloseTo(4, 12);
    expect(breaks.length).toBeLessThan(20);
  });

  it('starts at a power of two, so that neighbouring distances share their panels', () => {
    for (const distance of [0.4, 0.41, 0.3])
      expect(premiumBreaks({ ...stretch, distance })).toEqual([1 / 64, 1 / 16, 0.25, 1]);
    for (let distance = 0.001; distance < 8; distance *= 1.1) {
      const { 0: first = NaN } = premiumBreaks({ ...stretch, distance });
      expect(Number.isInteger(Math.log2(first))).toBe(true);
    }
  });

  it('is empty when the region is out of reach for the whole life', () => {
    expect(premiumBreaks({ ...stretch, distance: 8.1 })).toEqual([]);
  });

  it('ends a panel where the curve starts to stand still', () => {
    const breaks = premiumBreaks({ ...stretch, horizon: 0.36 });
    expect(breaks).toContain(0.5);
  });

  it('starts where two curves meet', () => {
    const breaks = premiumBreaks({ ...stretch, start: 0.36, distance: Infinity });
    expect(breaks[0]).toBeCloseTo(1 / 3, 12);
  });

  it('brackets the time at which a strong drift reaches the region', () => {
    const breaks = premiumBreaks({ ...stretch, distance: 100, drift: -400 });
    const sines = breaks.map((t) => (2 * t) / (1 + t * t));
    expect(sines.some((sine) => sine > 0.49 && sine < 0.5)).toBe(true);
    expect(sines.some((sine) => sine > 0.5 && sine < 0.51)).toBe(true);
  });

  it('ends a panel in the middle of the passage and three deviations on either side, once the drift is sharp', () => {
    const roots = (drift: number) =>
      premiumBreaks({ ...stretch, years: 4, distance: 5, drift }).map((t) => (4 * t) / (1 + t * t));
    const near = (values: number[], wanted: number) => values.some((value) => Math.abs(value - wanted) < 1e-9);
    const middle = Math.sqrt(5 / 6);
    for (const root of [middle - 0.5, middle, middle + 0.5]) expect(near(roots(-6), root)).toBe(true);
    expect(near(roots(-1.7), Math.sqrt(5 / 1.7))).toBe(false);
  });
});
