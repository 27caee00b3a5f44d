import { inverseOption, type InverseOptionResult } from '@ballast/pricing';
import { describeGolden, readGoldenTable } from '../support/european-golden';

const columns: Readonly<Record<string, keyof InverseOptionResult>> = {
  coin_price: 'coinPrice',
  usd_value: 'currencyPrice',
  delta_usd: 'delta',
  premium_adjusted_delta: 'premiumAdjustedDelta',
  dcoin_dF: 'coinDelta',
  d2coin_dF2: 'coinGamma',
  vega_coin: 'coinVega',
  theta_coin: 'coinTheta',
  vega_usd: 'currencyVega',
};

// golden/inverse-option-reference.csv: 60-digit arithmetic.
describeGolden('inverse option reference table', () => {
  it.each(Object.entries(columns))('gives %s relative to its value, tails included', (column, field) => {
    const rows = readGoldenTable('inverse-option-reference.csv');
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      const result = inverseOption({
        right: row.type as 'call' | 'put',
        forward: Number(row.F),
        strike: Number(row.K),
        yearsToExpiry: Number(row.T),
        volatility: Number(row.sigma),
      });
      const expected = Number(row[column]);
      expect(Math.abs(result[field] - expected)).toBeLessThanOrEqual(1e-14 * Math.abs(expected));
    }
  });
});
