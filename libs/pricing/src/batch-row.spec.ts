import type { BlackScholesColumns, SensitivityColumns } from './batch-columns';
import { admissibleOrNull, writeBlack76Row, writeBlackScholesPrice, writeBlackScholesRow } from './batch-row';
import { black76 } from './black76';
import { blackScholes } from './black-scholes';
import { PricingInputError } from './pricing-input-error';

const option = { spot: 100, strike: 110, yearsToExpiry: 0.5, rate: 0.03, dividendYield: 0.01, volatility: 0.25 };

function oneRow(change: Partial<Record<keyof BlackScholesColumns, number>> = {}): BlackScholesColumns {
  const values = { ...option, right: -1, ...change };
  const column = (value: number) => Float64Array.of(value);
  return {
    spot: column(values.spot),
    strike: column(values.strike),
    yearsToExpiry: column(values.yearsToExpiry),
    rate: column(values.rate),
    dividendYield: column(values.dividendYield),
    volatility: column(values.volatility),
    right: column(values.right),
  };
}

function results(): SensitivityColumns {
  const column = () => Float64Array.of(7);
  return { price: column(), delta: column(), gamma: column(), vega: column(), theta: column(), rho: column() };
}

const read = (columns: SensitivityColumns) => Object.values(columns).map((column: Float64Array) => column[0]);

describe('writeBlackScholesRow', () => {
  it('writes the bits of the scalar function', () => {
    const written = results();
    expect(writeBlackScholesRow(oneRow(), written, 0)).toBe(true);
    const { price, delta, gamma, vega, theta, rho } = blackScholes({ ...option, right: 'put' });
    expect(read(written)).toEqual([price, delta, gamma, vega, theta, rho]);
  });

  it.each([
    ['spot', -1],
    ['strike', NaN],
    ['yearsToExpiry', -0.1],
    ['rate', Infinity],
    ['dividendYield', NaN],
    ['volatility', -0.2],
    ['right', 0],
    ['right', NaN],
  ] as const)('refuses %s = %d with NaN in every result', (field, value) => {
    const written = results();
    expect(writeBlackScholesRow(oneRow({ [field]: value }), written, 0)).toBe(false);
    expect(read(written)).toEqual([NaN, NaN, NaN, NaN, NaN, NaN]);
  });
});

describe('writeBlack76Row', () => {
  it('writes the bits of the scalar function', () => {
    const written = results();
    const { spot, ...columns } = oneRow();
    expect(writeBlack76Row({ ...columns, forward: spot }, written, 0)).toBe(true);
    const { price, delta, gamma, vega, theta, rho } = black76({ ...option, forward: 100, right: 'put' });
    expect(read(written)).toEqual([price, delta, gamma, vega, theta, rho]);
  });
});

describe('writeBlackScholesPrice', () => {
  it('writes the price alone, or NaN', () => {
    const price = Float64Array.of(7);
    expect(writeBlackScholesPrice(oneRow(), price, 0)).toBe(true);
    expect(price[0]).toBe(blackScholes({ ...option, right: 'put' }).price);
    expect(writeBlackScholesPrice(oneRow({ volatility: NaN }), price, 0)).toBe(false);
    expect(price[0]).toBeNaN();
  });
});

describe('admissibleOrNull', () => {
  it('lets errors of another kind pass', () => {
    expect(admissibleOrNull(() => 5)).toBe(5);
    const refuse = () => {
      throw new PricingInputError('spot', -1, 'must be ≥ 0');
    };
    expect(admissibleOrNull(refuse)).toBeNull();
    const fail = () => {
      throw new TypeError('a defect');
    };
    expect(() => admissibleOrNull(fail)).toThrow('a defect');
  });
});
