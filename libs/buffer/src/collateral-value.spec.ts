import { Decimal, type CollateralHolding } from '@ballast/domain';
import { snapshotOf, underlyingQuote } from '../../../test/support/portfolio-builder';
import { convertToBase, valueCollateral } from './collateral-value';

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

const computeCollateralValue = (...input: Parameters<typeof valueCollateral>) => valueCollateral(...input).total;

describe('valueCollateral', () => {
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

describe('the lines of a valuation', () => {
  // 1 000 · 99.995 EUR = 99 995; less 4.5 % = 95 495.225; at 1.08 less 5 % = 97 978.10085; limit 50 000 of the class.
  it('show every step, each rounded down, and add up to the total or less', () => {
    const bond = holding({
      asset: 'DE1',
      assetClass: 'Bund',
      quantity: new Decimal(1000),
      price: new Decimal('99.995'),
      currency: 'EUR',
      haircut: 0.045,
    });
    const limits = [
      {
        schedule: undefined,
        limits: [
          {
            scope: 'class' as const,
            target: 'Bund',
            amount: { amount: new Decimal(50000), currency: 'USD' },
            excessHaircut: 1,
          },
        ],
      },
    ];
    const { total, lines } = valueCollateral([bond], conversion, limits);
    const [line] = lines;
    expect(total.toFixed()).toBe('50000');
    expect(line).toMatchObject({ haircut: 0.045, fxRate: 1.08, fxHaircut: 0.05, limitedBy: 'class limit of Bund' });
    expect(
      [line?.grossValue, line?.valueAfterHaircut, line?.valueAfterFx, line?.concentrationExcess, line?.netValue].map(
        (money) => `${money?.amount.toFixed(2)} ${money?.currency}`,
      ),
    ).toEqual(['99995.00 EUR', '95495.22 EUR', '97978.10 USD', '47978.10 USD', '50000.00 USD']);
  });

  it('count nothing for what is not accepted, without asking for its exchange rate', () => {
    const foreign = holding({ currency: 'JPY', ineligible: 'not on the schedule' });
    const { total, lines } = valueCollateral([foreign], conversion);
    expect(total.toFixed()).toBe('0');
    expect(lines[0]).toMatchObject({ haircut: 1, fxRate: null, ineligible: 'not on the schedule' });
    expect(lines[0]?.grossValue.amount.toFixed()).toBe('99000');
  });
});
