import { computeBlackScholesBatch, computeBlackScholesPrices } from './batch-black-scholes';
import type { SensitivityColumns } from './batch-columns';
import { blackScholes, blackScholesPrice } from './black-scholes';

const rows = {
  spot: Float64Array.of(100, 100, -1, 50),
  strike: Float64Array.of(110, 90, 100, 0),
  yearsToExpiry: Float64Array.of(0.5, 0, 1, 2),
  rate: Float64Array.of(0.03, 0.03, 0.03, 0.03),
  dividendYield: Float64Array.of(0.01, 0.01, 0.01, 0.01),
  volatility: Float64Array.of(0.25, 0.25, 0.25, Infinity),
  right: Float64Array.of(1, 1, -1, -1),
};

function results(count: number): SensitivityColumns {
  const column = () => new Float64Array(count);
  return { price: column(), delta: column(), gamma: column(), vega: column(), theta: column(), rho: column() };
}

function scalar(row: number) {
  const at = (column: Float64Array) => column[row] as number;
  return {
    spot: at(rows.spot),
    strike: at(rows.strike),
    yearsToExpiry: at(rows.yearsToExpiry),
    rate: at(rows.rate),
    dividendYield: at(rows.dividendYield),
    volatility: at(rows.volatility),
    right: at(rows.right) === 1 ? ('call' as const) : ('put' as const),
  };
}

describe('computeBlackScholesBatch', () => {
  it('equals the scalar function bit by bit, limits included, and reports the bad row', () => {
    const written = results(4);
    expect(computeBlackScholesBatch(rows, written)).toEqual({ badCount: 1, badRows: [2] });
    for (const row of [0, 1, 3]) {
      const expected = blackScholes(scalar(row));
      expect(written.price[row]).toBe(expected.price);
      expect(written.delta[row]).toBe(expected.delta);
      expect(written.gamma[row]).toBe(expected.gamma);
      expect(written.vega[row]).toBe(expected.vega);
      expect(written.theta[row]).toBe(expected.theta);
      expect(written.rho[row]).toBe(expected.rho);
    }
    expect(written.price[2]).toBeNaN();
  });

  it('refuses columns of different lengths', () => {
    expect(() => computeBlackScholesBatch(rows, results(3))).toThrow('price.length must be 4');
  });
});

describe('computeBlackScholesPrices', () => {
  it('equals the scalar price bit by bit', () => {
    const price = new Float64Array(4);
    expect(computeBlackScholesPrices(rows, price)).toEqual({ badCount: 1, badRows: [2] });
    for (const row of [0, 1, 3]) expect(price[row]).toBe(blackScholesPrice(scalar(row)));
  });
});
