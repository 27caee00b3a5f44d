import { type AccountStatement, Decimal, type StatementSection, toMoney } from '@ballast/domain';
import fc from 'fast-check';
import { option } from '../../../../test/support/portfolio-builder';
import { compareAccount, isWithinTolerance, moneyBound, priceBound } from './compare-account';
import type { OwnAccount } from './statement-break';

const decimal = (text: string | number) => new Decimal(text);
const exact = { absolute: decimal(0), relative: decimal(0) };
const tolerances = { quantity: exact, price: exact, amount: { ...exact, absolute: decimal('0.01') } };
const all = new Set<StatementSection>(['positions', 'cash', 'collateral']);
const ours: OwnAccount = {
  accountCode: 'A',
  baseCurrency: 'USD',
  positions: [
    { instrument: option('C'), quantity: decimal(-5), price: decimal('2.1'), quote: null },
    { instrument: option('D'), quantity: decimal(3), price: null, quote: null },
  ],
  cash: [{ currency: 'USD', amount: decimal(100) }],
  collateral: [{ asset: 'T', quantity: decimal(10), price: decimal('0.9'), currency: 'EUR', value: decimal(8) }],
  quality: 'OK',
  qualityReasons: [],
  initialRequirement: toMoney('50', 'USD'),
  maintenanceRequirement: toMoney('40', 'USD'),
  equity: toMoney('60', 'USD'),
  collateralValue: toMoney('8', 'USD'),
};
const same: AccountStatement = {
  accountCode: 'A',
  positions: [
    { instrumentId: 'C', quantity: decimal(-5), price: decimal('2.1') },
    { instrumentId: 'D', quantity: decimal(3) },
  ],
  cash: [{ currency: 'USD', amount: decimal(100) }],
  collateral: [{ asset: 'T', quantity: decimal(10), price: decimal('0.9'), value: decimal(8) }],
  figures: { initialRequirement: toMoney('50', 'USD'), maintenanceRequirement: toMoney('40.01', 'USD') },
};
const found = (change: Partial<AccountStatement>, own: Partial<OwnAccount> = {}, sections = all) =>
  compareAccount({ ours: { ...ours, ...own }, stated: { ...same, ...change }, sections, tolerances });
const shown = (...input: Parameters<typeof found>) =>
  found(...input).breaks.map(({ kind, item, difference }) => [kind, item, difference?.toFixed() ?? null]);

describe('compareAccount', () => {
  it('counts what agrees', () => {
    expect(found({})).toEqual({ matched: 9, breaks: [] });
  });

  it('finds quantities, prices and what only one side holds; theirs − ours', () => {
    const positions = [
      { instrumentId: 'C', quantity: decimal(-6), price: decimal('2.3') },
      { instrumentId: 'E', quantity: decimal(2) },
    ];
    expect(shown({ positions })).toEqual([
      ['POSITION_QUANTITY', 'C', '-1'],
      ['POSITION_MISSING_IN_STATEMENT', 'D', '-3'],
      ['POSITION_MISSING_IN_RUN', 'E', '2'],
      ['PRICE', 'C', '0.2'],
    ]);
  });

  it('takes a stated price of what has none of ours for a break', () => {
    const positions = [...same.positions.slice(0, 1), { instrumentId: 'D', quantity: decimal(3), price: decimal(1) }];
    expect(shown({ positions })).toEqual([['PRICE', 'D', null]]);
  });

  it('compares cash by currency and collateral by asset', () => {
    const collateral = [
      { asset: 'T', quantity: decimal(11), price: decimal('0.8'), value: decimal(7) },
      { asset: 'U', value: decimal(1) },
    ];
    expect(shown({ cash: [{ currency: 'EUR', amount: decimal(1) }], collateral })).toEqual([
      ['CASH', 'EUR', '1'],
      ['CASH', 'USD', '-100'],
      ['COLLATERAL_QUANTITY', 'T', '1'],
      ['COLLATERAL_PRICE', 'T', '-0.1'],
      ['COLLATERAL_VALUE', 'T', '-1'],
      ['COLLATERAL_MISSING_IN_RUN', 'U', '1'],
    ]);
    expect(shown({ collateral: [] })).toEqual([['COLLATERAL_MISSING_IN_STATEMENT', 'T', '-10']]);
  });

  it('takes a value in another currency than ours for a break, whatever its digits', () => {
    const collateral = [{ asset: 'T', value: decimal(8), valueCurrency: 'EUR' }];
    expect(found({ collateral }).breaks).toMatchObject([{ kind: 'COLLATERAL_VALUE', ours: null, currency: 'EUR' }]);
    expect(shown({ collateral: [{ asset: 'T', value: decimal(8), valueCurrency: 'USD' }] })).toEqual([]);
  });

  it('holds amounts and prices to what their currency is written in, unless a bound is stated', () => {
    const apart = (currency: string, distance: string, absolute: Decimal | null) =>
      compareAccount({
        ours: { ...ours, cash: [{ currency, amount: decimal(1) }] },
        stated: { ...same, positions: [], collateral: [], cash: [{ currency, amount: decimal(1).plus(distance) }], figures: {} }, // prettier-ignore
        sections: new Set(['cash']),
        tolerances: { ...tolerances, amount: { absolute, relative: decimal(0) } },
      }).breaks.length;
    expect([apart('USD', '0.01', null), apart('USD', '0.011', null)]).toEqual([0, 1]);
    expect([apart('BTC', '0.00000001', null), apart('BTC', '0.00000002', null)]).toEqual([0, 1]);
    expect([apart('BTC', '0.005', decimal('0.01')), apart('JPY', '1', null), apart('JPY', '1.1', null)]).toEqual([0, 0, 1]); // prettier-ignore
    expect([moneyBound('KWD'), priceBound('USD'), priceBound('BTC')].map((bound) => bound.toNumber())).toEqual([1e-3, 1e-4, 1e-8]); // prettier-ignore
  });

  it('does not compare lists that the statement does not carry', () => {
    expect(shown({ positions: [], cash: [], collateral: [] }, {}, new Set())).toEqual([]);
  });

  it('never agrees with an unknown figure, nor across currencies', () => {
    const figures = { maintenanceRequirement: toMoney('40', 'USD'), equity: toMoney('60', 'EUR') };
    expect(shown({ figures }, { maintenanceRequirement: null })).toEqual([
      ['MAINTENANCE_REQUIREMENT', 'maintenance-requirement', null],
      ['EQUITY', 'equity', null],
    ]);
  });
});

describe('isWithinTolerance', () => {
  it.each([
    ['100', '100.01', '0.01', '0', true],
    ['100', '100.011', '0.01', '0', false],
    ['100', '101', '0', '0.01', true],
    ['-100', '-102', '0', '0.01', false],
    ['0', '0', '0', '0', true],
  ])('%s against %s within %s or %s: %s', (own, theirs, absolute, relative, expected) => {
    const bounds = { absolute: decimal(absolute), relative: decimal(relative) };
    expect(isWithinTolerance({ ours: decimal(own), theirs: decimal(theirs) }, bounds)).toBe(expected);
  });

  it('does not care which side is which', () => {
    const amount = fc.integer({ min: -1e6, max: 1e6 }).map(decimal);
    const bound = fc.integer({ min: 0, max: 100 }).map((value) => decimal(value).div(100));
    fc.assert(
      fc.property(amount, amount, bound, bound, (left, right, absolute, relative) => {
        const bounds = { absolute, relative };
        expect(isWithinTolerance({ ours: left, theirs: right }, bounds)).toBe(
          isWithinTolerance({ ours: right, theirs: left }, bounds),
        );
      }),
    );
  });
});
