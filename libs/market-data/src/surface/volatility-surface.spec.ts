import { parseInstant } from '@ballast/domain';
import { exp } from '@ballast/pricing';
import { sviVariance } from './svi';
import { buildSlice } from './volatility-slice';
import { surfaceForward, surfaceVolatility, type VolatilitySurface } from './volatility-surface';

const asOf = parseInstant('2026-01-01T00:00:00Z', 'asOf');
const at = (text: string) => parseInstant(text, 'expiry');
const half = at('2026-07-02T12:00:00Z');
const year = at('2027-01-01T00:00:00Z');
const ks = Array.from({ length: 17 }, (_, index) => -0.4 + index * 0.05);
const slice = (expiry: typeof half, yearsToExpiry: number) => {
  const smile = { a: 0.03 * yearsToExpiry, b: 0.1 * yearsToExpiry, rho: -0.5, m: 0, sigma: 0.2 };
  const points = ks.map((k) => ({ k, variance: sviVariance(smile, k).variance, weight: 1 }));
  return buildSlice({ expiry, yearsToExpiry, forward: 100 * exp(0.04 * yearsToExpiry) }, points);
};
const surface: VolatilitySurface = {
  underlyingId: 'A',
  asOf,
  spot: 100,
  slices: [slice(half, 0.5), slice(year, 1)],
  findings: [],
};
const smileVolatility = (k: number) =>
  Math.sqrt(sviVariance({ a: 0.03, b: 0.1, rho: -0.5, m: 0, sigma: 0.2 }, k).variance);

describe('surfaceVolatility', () => {
  it('reads quoted expiries, and others at equal moneyness', () => {
    for (const [expiry, years] of [
      [half, 0.5],
      [year, 1],
      [at('2026-10-01T18:00:00Z'), 0.75],
      [at('2026-04-02T06:00:00Z'), 0.25],
      [at('2028-01-01T00:00:00Z'), 2],
    ] as const) {
      const strike = 100 * exp(0.04 * years + 0.1);
      expect(surfaceVolatility(surface, { strike, expiry })).toBeCloseTo(smileVolatility(0.1), 4);
    }
  });

  it('interpolates total variance in time', () => {
    const steeper = { ...surface, slices: [slice(half, 0.5), { ...slice(year, 1), curve: slice(year, 2).curve }] };
    const expiry = at('2026-10-01T18:00:00Z');
    const volatility = surfaceVolatility(steeper, { strike: 100 * exp(0.03), expiry });
    const [early, late] = [0.5, 2].map((years) => smileVolatility(0) ** 2 * years) as [number, number];
    expect(volatility * volatility * 0.75).toBeCloseTo((early + late) / 2, 4);
  });

  it('keeps the volatility of a strike, or moves the smile with spot', () => {
    const place = { strike: 95, expiry: half };
    const unmoved = surfaceVolatility(surface, place);
    expect(surfaceVolatility(surface, place, { spotFactor: 0.9, rule: 'sticky-strike' })).toBe(unmoved);
    const sticky = surfaceVolatility(surface, place, { spotFactor: 0.9, rule: 'sticky-delta' });
    expect(sticky).toBeCloseTo(surfaceVolatility(surface, { strike: 95 / 0.9, expiry: half }), 12);
    expect(sticky).toBeLessThan(unmoved);
  });

  it('shifts volatility absolutely and relatively, never below 0', () => {
    const place = { strike: 100, expiry: half };
    const volatility = surfaceVolatility(surface, place);
    const shifted = (kind: 'absolute' | 'relative', amount: number) =>
      surfaceVolatility(surface, place, { spotFactor: 1, rule: 'sticky-strike', volatilityShift: { kind, amount } });
    expect(shifted('absolute', 0.05)).toBeCloseTo(volatility + 0.05, 14);
    expect(shifted('relative', -0.25)).toBeCloseTo(volatility * 0.75, 14);
    expect(shifted('absolute', -5)).toBe(0);
  });

  it('refuses what it cannot read', () => {
    expect(() => surfaceVolatility(surface, { strike: 0, expiry: half })).toThrow('strike: must be > 0, got 0');
    expect(() => surfaceVolatility(surface, { strike: NaN, expiry: half })).toThrow('strike');
    expect(() => surfaceVolatility(surface, { strike: 100, expiry: asOf })).toThrow('expiry: must lie after');
    const shock = { spotFactor: 0, rule: 'sticky-delta' } as const;
    expect(() => surfaceVolatility(surface, { strike: 100, expiry: half }, shock)).toThrow('spotFactor');
    const shifted = {
      spotFactor: 1,
      rule: 'sticky-strike',
      volatilityShift: { kind: 'absolute', amount: NaN },
    } as const;
    expect(() => surfaceVolatility(surface, { strike: 100, expiry: half }, shifted)).toThrow('volatilityShift');
  });
});

describe('surfaceForward', () => {
  it('carries at the rate between the neighbours', () => {
    for (const [expiry, years] of [
      [at('2026-04-02T06:00:00Z'), 0.25],
      [half, 0.5],
      [at('2026-10-01T18:00:00Z'), 0.75],
      [year, 1],
      [at('2028-01-01T00:00:00Z'), 2],
    ] as const) {
      expect(surfaceForward(surface, expiry)).toBeCloseTo(100 * exp(0.04 * years), 9);
    }
  });

  it('does without a spot', () => {
    const spotless = { ...surface, spot: null };
    expect(surfaceForward(spotless, at('2026-04-02T06:00:00Z'))).toBeCloseTo(100 * exp(0.02), 12);
    expect(surfaceForward({ ...spotless, slices: [slice(half, 0.5)] }, year)).toBeCloseTo(100 * exp(0.02), 12);
  });
});
