import { bachelier, black76, blackScholes, type OptionRight } from '@ballast/pricing';
import { describeGolden, type GoldenRow, readGoldenTable } from '../support/european-golden';

/** Quantities of the table that are scaled forms of ours. */
const SCALED: Readonly<Record<string, (values: Values, row: GoldenRow) => number>> = {
  phi: (values) => values['dividendRho']!,
  theta_per_day: (values) => values['theta']! / 365,
  elasticity: (values, row) => (values['delta']! * Number(row['S'])) / values['price']!,
};

type Values = Readonly<Record<string, number>>;

function valuesOf(row: GoldenRow): Values {
  const strike = Number(row['K']);
  const yearsToExpiry = Number(row['T']);
  const rate = Number(row['r']);
  const volatility = Number(row['sigma']);
  const right = row['type'] as OptionRight;
  const price = Number(row['S']);
  if (row['model'] === 'bsm') {
    const dividendYield = Number(row['q']);
    return { ...blackScholes({ spot: price, strike, yearsToExpiry, rate, dividendYield, volatility, right }) };
  }
  const value = row['model'] === 'black76' ? black76 : bachelier;
  return { ...value({ forward: price, strike, yearsToExpiry, rate, volatility, right }) };
}

describeGolden('European values and Greeks of books and public test suites', () => {
  const rows = readGoldenTable('european-published.csv');

  it('reads the table', () => {
    expect(rows.length).toBeGreaterThanOrEqual(400);
    expect(new Set(rows.map(({ model }) => model))).toEqual(new Set(['bsm', 'black76', 'bachelier']));
  });

  it('reproduces every published figure within its own tolerance', () => {
    const missed = rows.flatMap((row) => {
      const values = valuesOf(row);
      const quantity = row['quantity']!;
      const ours = SCALED[quantity]?.(values, row) ?? values[quantity] ?? NaN;
      const expected = Number(row['expected']);
      const allowed = Math.max(Number(row['abs_tol']), Number(row['rel_tol']) * Math.abs(expected));
      if (Math.abs(ours - expected) <= allowed) return [];
      return [`${row['id']} ${row['source']} ${quantity}: ${ours}, published ${expected} ± ${allowed}`];
    });
    expect(missed).toEqual([]);
  });
});
