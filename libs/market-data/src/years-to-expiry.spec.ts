import { parseInstant } from '@ballast/domain';
import { yearsToExpiry } from './years-to-expiry';

const asOf = parseInstant('2026-01-05T08:00:00Z', 'asOf');

describe('yearsToExpiry', () => {
  it.each([
    ['2027-01-05T08:00:00Z', 1],
    ['2026-01-05T20:00:00Z', 0.5 / 365],
    ['2026-01-05T08:00:00.001Z', 1 / (365 * 86_400_000)],
    ['2026-01-05T08:00:00Z', 0],
    ['2026-01-04T08:00:00Z', 0],
  ])('counts ACT/365F to %s', (expiry, years) => {
    expect(yearsToExpiry(asOf, parseInstant(expiry, 'expiry'))).toBe(years);
  });
});
