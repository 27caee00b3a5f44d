import { asOf } from '../../../../test/support/portfolio-builder';
import { shockPmrmVolatility, termMultiplier } from './crypto-pmrm-volatility';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const parameters = parsePmrmParameters({}, asOf);
const point = { volatility: 0.5, strike: 110_000, forward: 100_000, secondsToExpiry: 794_852 };
const thirtyDays = 30 * 86_400;

describe('termMultiplier', () => {
  // methodology §3.2: shocks 1.712811375927374 up and 0.6079537432399443 down at 794,852 s
  it('gives the published multipliers', () => {
    const multiplier = termMultiplier(794_852, parameters.volatilityShock);
    expect(1 + 0.5 * multiplier).toBeCloseTo(1.712811375927374, 13);
    expect(1 - 0.275 * multiplier).toBeCloseTo(0.6079537432399443, 13);
  });

  it('takes the short-term power up to and including 30 days, and floors time', () => {
    const long = { ...parameters.volatilityShock, shortTermPower: 1, longTermPower: 2 };
    expect(termMultiplier(thirtyDays, long)).toBe(1);
    expect(termMultiplier(2 * thirtyDays, long)).toBeCloseTo(0.25, 14);
    expect(termMultiplier(60, long)).toBe(termMultiplier(86_400, long));
  });
});

describe('shockPmrmVolatility', () => {
  const shocked = (kind: 'UP' | 'DOWN' | 'NONE' | 'LINEAR' | 'ABS', changes: Partial<typeof point> = {}) =>
    shockPmrmVolatility({ ...point, ...changes }, kind, parameters);

  it('scales up and down and leaves alone', () => {
    expect(shocked('UP')).toBeCloseTo(0.5 * 1.712811375927374, 13);
    expect(shocked('DOWN')).toBeCloseTo(0.5 * 0.6079537432399443, 13);
    expect(shocked('NONE')).toBe(0.5);
    expect(shocked('UP', { volatility: 0.01 })).toBe(0.45);
  });

  it('tilts by log moneyness, one way for LINEAR and both ways for ABS', () => {
    const up = shocked('LINEAR') - 0.5;
    expect(up).toBeGreaterThan(0);
    expect(shocked('ABS')).toBe(shocked('LINEAR'));
    const mirrored = { strike: 100_000 / 1.1 };
    expect(shocked('LINEAR', mirrored)).toBeCloseTo(0.5 - up, 13);
    expect(shocked('ABS', mirrored)).toBeCloseTo(0.5 + up, 13);
    expect(shocked('LINEAR', { strike: 100_000 })).toBe(0.5);
  });

  it('holds the tilt within its cap and survives a strike of 0', () => {
    const cap = 0.15 - 0.05 * Math.sqrt(794_852 / 31_536_000);
    expect(shocked('LINEAR', { strike: 1e9 })).toBeCloseTo(0.5 * (1 + cap), 13);
    expect(shocked('LINEAR', { strike: 0 })).toBe(0.5);
  });
});
