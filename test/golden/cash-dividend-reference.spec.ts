import { cashDividendOption, cashDividendPrice, type CashDividendInput } from '@ballast/pricing';
import { describeGolden, readGoldenTable, type GoldenRow } from '../support/european-golden';

const rows = readGoldenTable('cash-dividend-reference.csv');

function optionOf(row: GoldenRow): CashDividendInput {
  const amounts = row.div_amount!.split(';').map(Number);
  return {
    right: row.type as 'call' | 'put',
    exercise: row.style as 'american' | 'european',
    convention: row.model as 'spot' | 'escrowed',
    spot: Number(row.S),
    strike: Number(row.K),
    yearsToExpiry: Number(row.T),
    rate: Number(row.r),
    dividendYield: 0,
    volatility: Number(row.sigma),
    dividends: row.div_days!.split(';').map((days, i) => ({ yearsToPayment: Number(days) / 365, amount: amounts[i]! })),
  };
}

// golden/cash-dividend-reference.csv: finite differences with their own grid uncertainty, 1e-5 to 2.5e-3.
describeGolden('cash dividend reference table', () => {
  it('is met within its grid uncertainty and 1e-4', () => {
    expect(rows.length).toBeGreaterThan(30);
    for (const row of rows) {
      const error = Math.abs(cashDividendPrice(optionOf(row)) - Number(row.price));
      expect([row.id, error <= Number(row.grid_uncertainty) + 1e-4]).toEqual([row.id, true]);
    }
  });

  it('is met in delta and gamma', () => {
    for (const row of rows.filter((_, i) => i % 4 === 0)) {
      const { delta, gamma } = cashDividendOption(optionOf(row));
      expect([row.id, Math.abs(delta - Number(row.delta)) < 1e-4]).toEqual([row.id, true]);
      expect([row.id, Math.abs(gamma - Number(row.gamma)) < 3e-4]).toEqual([row.id, true]);
    }
  });
});
