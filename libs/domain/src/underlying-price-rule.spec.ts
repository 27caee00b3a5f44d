import { Decimal } from './decimal';
import { underlyingKinds } from './instrument';
import { findUnderlyingFaults, mayPriceBeNegative } from './underlying-price-rule';

const state = { kind: 'equity' as const, price: new Decimal(100), rate: 0.05, dividendYield: 0 };

describe('mayPriceBeNegative', () => {
  it('holds for futures and spreads alone', () => {
    expect(underlyingKinds.filter(mayPriceBeNegative)).toEqual(['future', 'other']);
  });
});

describe('findUnderlyingFaults', () => {
  it.each([
    ['a share', state],
    ['a share nobody quoted', { ...state, price: null }],
    ['WTI on 2020-04-20', { ...state, kind: 'future' as const, price: new Decimal('-37.63') }],
    ['the edges of the ranges', { ...state, rate: -0.2, dividendYield: -1 }],
  ])('finds nothing wrong with %s', (_, one) => expect(findUnderlyingFaults(one)).toEqual([]));

  it.each([
    ['price', { price: new Decimal(0) }],
    ['price', { price: new Decimal(-1) }],
    ['rate', { rate: -0.21 }],
    ['rate', { rate: 1.01 }],
    ['rate', { rate: Number.NaN }],
    ['dividendYield', { dividendYield: 5 }],
    ['dividendYield', { dividendYield: Number.NaN }],
  ])('blames %s of %j', (field, change) => {
    expect(findUnderlyingFaults({ ...state, ...change }).map((fault) => fault.field)).toEqual([field]);
  });

  it('names every fault', () => {
    const all = { ...state, price: new Decimal(-1), rate: 2, dividendYield: -2 };
    expect(findUnderlyingFaults(all).map(({ field }) => field)).toEqual(['price', 'rate', 'dividendYield']);
  });
});
