import { Decimal, formatMoney, type Money } from '@ballast/domain';
import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  asOf,
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { attributeChange } from './attribute-change';

const [call, contract, gone] = [option('C'), future('F'), option('G', { expiry: daysLater(5) })];
interface Given {
  readonly price: string;
  readonly volatility?: number;
  readonly days?: number;
  readonly rate?: number;
  readonly cash?: string;
  readonly calls?: number;
  readonly futures?: number;
  readonly expiring?: number;
  readonly minimum?: number;
}
function at({
  price,
  volatility = 0.25,
  days = 0,
  rate = 0,
  cash = '10000',
  calls = 0,
  futures = 0,
  expiring = 0,
  minimum = 0.375,
}: Given) {
  const instant = days === 0 ? asOf : daysLater(days);
  const snapshot = {
    ...snapshotOf({
      underlyings: [underlyingQuote('U', price, { rate })],
      quotes: [quote('C', { volatility }), quote('F', { price }), quote('G', { volatility })],
    }),
    asOf: instant,
  };
  const lots = [
    { ...position(contract, futures), averagePrice: new Decimal(100) },
    position(call, calls),
    position(gone, expiring),
  ];
  const portfolio = portfolioOf(
    lots.filter(({ quantity }) => !quantity.isZero()),
    { asOf: instant, methodology: 'TIMS', cash: [cashOf(cash)] },
  );
  return preparedAccount({ portfolio, snapshot, parameters: { minimumPerContract: minimum } });
}
const text = (money: Money) => formatMoney(money);
const sumOf = (amounts: readonly Money[]) => amounts.reduce((sum, { amount }) => sum.plus(amount), new Decimal(0));

describe('attributeChange', () => {
  it('splits a fall with a purchase and a deposit: 1 future at 100, then 2 at 90 and 500 paid in', () => {
    const { total, factors } = attributeChange(
      at({ price: '100', futures: 1 }),
      at({ price: '90', futures: 2, cash: '10500' }),
    );
    expect([text(total.equity), text(total.maintenanceRequirement)]).toEqual(['-1500.00', '1200.00']);
    // price alone −1,000, with both −2,000: (1,000 + 2,000)/2; trades alone 0, at 90 −1,000: half
    const of = (name: string) => factors.find(({ factor }) => factor === name);
    expect(text(of('price')?.equity as Money)).toBe('-1500.00');
    expect(text(of('trades')?.equity as Money)).toBe('-500.00');
    expect(text(of('cash')?.equity as Money)).toBe('500.00');
    // 1,500 → 2,700: trades (1,500 + 1,350)/2, price (−150 − 300)/2
    expect(text(of('trades')?.maintenanceRequirement as Money)).toBe('1425.00');
    expect(text(of('price')?.maintenanceRequirement as Money)).toBe('-225.00');
    for (const name of ['volatility', 'time', 'rates', 'parameters'])
      expect(text(of(name)?.buffer as Money)).toBe('0.00');
  });

  it('adds up to the last digit whatever changes', () => {
    const given = fc.record({
      price: fc.integer({ min: 60, max: 140 }).map(String),
      volatility: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
      days: fc.integer({ min: 0, max: 40 }),
      rate: fc.double({ min: -0.02, max: 0.1, noNaN: true }),
      calls: fc.integer({ min: -5, max: 5 }),
      futures: fc.integer({ min: -3, max: 3 }),
      minimum: fc.double({ min: 0, max: 30, noNaN: true }),
    });
    fc.assert(
      fc.property(given, given, (first, second) => {
        const earlier = at({ ...first, days: 0, expiring: 2 });
        const { total, factors, byUnderlying } = attributeChange(earlier, at(second));
        for (const key of ['initialRequirement', 'maintenanceRequirement', 'equity', 'buffer'] as const) {
          expect(sumOf(factors.map((factor) => factor[key])).toFixed()).toBe(total[key].amount.toFixed());
          expect(sumOf(byUnderlying.map((part) => part[key])).toFixed()).toBe(total[key].amount.toFixed());
          for (const factor of factors)
            expect(sumOf(factor.byUnderlying.map((part) => part[key])).toFixed()).toBe(factor[key].amount.toFixed());
        }
      }),
      { numRuns: 25, seed: 9 },
    );
  });

  it('splits by underlying: 1 future falls from 100 to 90, another rises from 50 to 56', () => {
    const other = future('H', { underlying: 'V' });
    const two = (first: string, second: string) => {
      const lots = [
        { ...position(contract, 1), averagePrice: new Decimal(100) },
        { ...position(other, 2), averagePrice: new Decimal(50) },
      ];
      const underlyings = [underlyingQuote('U', first), underlyingQuote('V', second)];
      const quotes = [quote('F', { price: first }), quote('H', { price: second })];
      const portfolio = portfolioOf(lots, { methodology: 'TIMS', cash: [cashOf('10000')] });
      return preparedAccount({ portfolio, snapshot: snapshotOf({ underlyings, quotes }) });
    };
    const { factors, byUnderlying } = attributeChange(two('100', '50'), two('90', '56'));
    const price = factors.find(({ factor }) => factor === 'price');
    const rows = price?.byUnderlying.map(({ underlying, equity, maintenanceRequirement: required }) => [
      underlying,
      text(equity),
      text(required),
    ]);
    // U: 100 × −10, 15 % of it less required; V: 200 × 6, 15 % of it more
    expect(rows).toEqual([
      ['U', '-1000.00', '-150.00'],
      ['V', '1200.00', '180.00'],
      [null, '0.00', '0.00'],
    ]);
    expect(byUnderlying.map(({ buffer }) => text(buffer))).toEqual(['-850.00', '1020.00', '0.00']);
  });

  it('refuses an account that cannot be valued', () => {
    const unpriced = preparedAccount({
      portfolio: portfolioOf([position(option('X'), 1)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({}),
    });
    expect(() => attributeChange(at({ price: '100' }), unpriced)).toThrow(
      expect.objectContaining({ code: 'PRICE_MISSING' }),
    );
  });

  it('gives nothing to trades and cash that stayed, where quoted prices are not those of quoted volatilities', () => {
    const state = (price: string, marks: readonly [string, string], days: number) => {
      const instant = days === 0 ? asOf : daysLater(days);
      const quotes = [
        quote('C', { volatility: 0.25, price: marks[0] }),
        quote('P', { volatility: 0.3, price: marks[1] }),
      ];
      const snapshot = { ...snapshotOf({ underlyings: [underlyingQuote('U', price)], quotes }), asOf: instant };
      const held = [position(call, -3), position(option('P', { right: 'put' }), 2)];
      return preparedAccount({
        portfolio: portfolioOf(held, { asOf: instant, methodology: 'TIMS', cash: [cashOf('50000')] }),
        snapshot,
      });
    };
    const { total, factors } = attributeChange(state('100', ['4.4', '6.1'], 0), state('97', ['2.2', '7.9'], 3));
    // 300 × 2.20 received back and 200 × 1.80 gained
    expect(text(total.equity)).toBe('1020.00');
    expect(sumOf(factors.map(({ equity }) => equity)).toFixed(2)).toBe('1020.00');
    for (const { factor, equity, maintenanceRequirement } of factors)
      if (['trades', 'cash', 'rates', 'volatility', 'parameters'].includes(factor))
        expect([factor, text(equity), text(maintenanceRequirement)]).toEqual([factor, '0.00', '0.00']);
    // The whole residual of the quotes, and what the model says of a fall of 3, are price; the rest is time.
    const of = (name: string) => factors.find(({ factor }) => factor === name)?.equity.amount.toNumber() ?? NaN;
    expect(of('price') + of('time')).toBeCloseTo(1020, 9);
    expect(Math.abs(of('time'))).toBeGreaterThan(1);
  });
});
