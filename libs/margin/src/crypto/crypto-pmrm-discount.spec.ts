import { asOf } from '../../../../test/support/portfolio-builder';
import { forwardFactor, staticDiscount, staticDiscounts } from './crypto-pmrm-discount';
import { parsePmrmParameters } from './parse-pmrm-parameters';

describe('forwardFactor', () => {
  it('moves the whole forward before the last half hour and its open part in it', () => {
    expect(forwardFactor(1800, 1.18)).toBe(1.18);
    expect(forwardFactor(900, 1.18)).toBeCloseTo(1.09, 14);
    expect(forwardFactor(0, 1.18)).toBe(1);
  });
});

describe('staticDiscount', () => {
  const { margin } = parsePmrmParameters({}, asOf);
  const expiry = { secondsToExpiry: 794_852, rate: 0.15 };

  // methodology §3.2, worked example
  it('gives the published discounts', () => {
    expect(staticDiscount(expiry, 1, margin)).toBeCloseTo(0.9445087287, 10);
    expect(staticDiscount(expiry, -1, margin)).toBeCloseTo(1.0037878446, 10);
    expect(staticDiscount(expiry, 0, margin)).toBe(staticDiscount(expiry, 1, margin));
    const [owned, owed] = [staticDiscount(expiry, 7, margin), staticDiscount(expiry, -7, margin)];
    expect(staticDiscounts(expiry, margin)).toEqual({ owned, owed });
  });

  it('never owes more than the undiscounted value', () => {
    const negative = { secondsToExpiry: 794_852, rate: -0.1 };
    expect(staticDiscount(negative, -1, margin)).toBe(1);
    const cheap = { ...margin, baseStaticDiscountNegative: 1 };
    expect(staticDiscount({ ...expiry, rate: 2 }, -1, cheap)).toBeCloseTo(
      Math.exp((794_852 / 31_536_000) * (2 * 0.5 + 0.08)),
      12,
    );
  });
});
