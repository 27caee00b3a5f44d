import { Decimal, type CollateralHolding } from '@ballast/domain';
import { snapshotOf, underlyingQuote } from '../../../test/support/portfolio-builder';
import { computeCollateralValue, convertToBase } from './collateral-value';

const conversion = {
  snapshot: snapshotOf({
    underlyings: [underlyingQuote('BTC', '60000')],
    fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.08') }],
  }),
  baseCurrency: 'USD',
  fxHaircuts: { EUR: 0.05 },
};
const holding = (changes: Partial<CollateralHolding>): CollateralHolding => ({
  asset: 'UST',
  quantity: new Decimal(100000),
  price: new Decimal('0.99'),
  ...changes,
});

describe('computeCollateralValue', () => {
  it('counts quantity × price × (1 − haircut), exactly', () => {
    expect(computeCollateralValue([holding({ haircut: 0.02 })], conversion).toFixed()).toBe('97020');
    expect(computeCollateralValue([], conversion).toFixed()).toBe('0');
  });

  it('converts foreign collateral after the FX haircut, a coin at its index', () => {
    expect(computeCollateralValue([holding({ currency: 'EUR', haircut: 0.5 })], conversion).toFixed()).toBe(
      new Decimal(49500).times('1.08').times('0.95').toFixed(),
    );
    expect(
      computeCollateralValue(
        [holding({ currency: 'BTC', quantity: new Decimal(2), price: new Decimal(1) })],
        conversion,
      ).toFixed(),
    ).toBe('120000');
  });

  it('makes a debt worse, never better', () => {
    expect(
      computeCollateralValue(
        [holding({ quantity: new Decimal(-1), price: new Decimal(100), haircut: 0.1 })],
        conversion,
      ).toFixed(),
    ).toBe('-110');
    expect(convertToBase(new Decimal(-100), 'EUR', conversion).toFixed()).toBe('-113.4');
    expect(convertToBase(new Decimal(100), 'EUR', conversion).toFixed()).toBe('102.6');
  });

  it('never takes a missing rate for 1', () => {
    expect(() => convertToBase(new Decimal(1), 'JPY', conversion)).toThrow(
      expect.objectContaining({ code: 'FX_MISSING' }),
    );
  });
});
