import { Decimal } from '@ballast/domain';
import { snapshotOf, underlyingQuote } from '../../../../test/support/portfolio-builder';
import { sumExposure } from './firm-exposure';

const greeks = (underlying: string, delta: number) => ({ underlying, delta, gamma: 0, vega: 0, theta: 0, rho: 0 });
const fx = [{ from: 'EUR', to: 'USD', rate: new Decimal('1.10') }];
const [u, v] = [underlyingQuote('U', '100'), underlyingQuote('V', '20', { currency: 'EUR' })];

describe('sumExposure', () => {
  it('adds absolute cash deltas account by account: |3 · 100| + |−1 · 100| gross, 200 net', () => {
    const sum = sumExposure(snapshotOf({ underlyings: [u] }), { currency: 'EUR', top: 5 });
    sum.add([greeks('U', 3)]);
    sum.add([greeks('U', -1)]);
    const found = sum.conclude();
    expect(found).toMatchObject({ currency: 'USD', herfindahl: 1, names: 1, unconverted: [] });
    expect(found.underlyings).toEqual([
      { underlyingId: 'U', net: new Decimal(200), gross: new Decimal(400), share: 1 },
    ]);
  });

  it('converts underlyings of several currencies: 300 USD and 10 · 20 EUR at 1.10, shares 300/520 and 220/520', () => {
    const sum = sumExposure(snapshotOf({ underlyings: [u, v], fx }), { currency: 'USD', top: 1 });
    sum.add([greeks('U', 3), greeks('V', -10)]);
    const found = sum.conclude();
    expect(found.currency).toBe('USD');
    expect(found.herfindahl).toBeCloseTo((300 * 300 + 220 * 220) / (520 * 520), 14);
    expect(found.underlyings.map(({ underlyingId, gross }) => [underlyingId, gross.toFixed()])).toEqual([['U', '300']]);
  });

  it('names an underlying that cannot be converted', () => {
    const sum = sumExposure(snapshotOf({ underlyings: [u, v] }), { currency: 'USD', top: 5 });
    sum.add([greeks('U', 3), greeks('V', -10)]);
    expect(sum.conclude()).toMatchObject({ herfindahl: 1, unconverted: ['V'] });
  });
});
