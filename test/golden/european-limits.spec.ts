import { black76, blackScholes, type OptionRight, PricingInputError } from '@ballast/pricing';
import { describeGolden, type GoldenRow, readGoldenTable } from '../support/european-golden';

/** The row 'sigma<0' or 'NaN S' names the one bad field of an otherwise good option. */
const BAD_FIELD: Readonly<Record<string, object>> = {
  'NaN S': { spot: NaN },
  'NaN K': { strike: NaN },
  'NaN T': { yearsToExpiry: NaN },
  'NaN sigma': { volatility: NaN },
  'sigma<0': { volatility: -0.2 },
  'S<0': { spot: -1 },
  'K<0': { strike: -1 },
};
const good = { spot: 100, strike: 100, yearsToExpiry: 1, rate: 0.05, dividendYield: 0.02, volatility: 0.2 } as const;

function valuesOf(row: GoldenRow) {
  const common = {
    strike: Number(row['K']),
    yearsToExpiry: Number(row['T']),
    rate: Number(row['r']),
    volatility: Number(row['sigma']),
    right: row['type'] as OptionRight,
  };
  if (row['model'] === 'black76') return black76({ ...common, forward: Number(row['S']) });
  return blackScholes({ ...common, spot: Number(row['S']), dividendYield: Number(row['q']) });
}

describeGolden('limits of the lognormal models', () => {
  const rows = readGoldenTable('limits.csv');

  it('gives every limit of the table', () => {
    const limits = rows.filter(({ price }) => price !== 'error');
    expect(limits.length).toBeGreaterThanOrEqual(15);
    for (const row of limits) {
      const ours = valuesOf(row);
      for (const quantity of ['price', 'delta', 'gamma', 'vega'] as const) {
        const expected = Number(row[quantity]);
        expect(Math.abs(ours[quantity] - expected)).toBeLessThanOrEqual(4e-16 * Math.max(1, Math.abs(expected), 120));
      }
      expect(Object.values(ours).every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses every bad input of the table by name and value', () => {
    const refusals = rows.filter(({ price }) => price === 'error');
    expect(refusals.length).toBeGreaterThanOrEqual(8);
    for (const row of refusals) {
      const bad = BAD_FIELD[row['type']!];
      const value = () => (bad === undefined ? valuesOf(row) : blackScholes({ ...good, ...bad, right: 'call' }));
      expect(value).toThrow(PricingInputError);
      if (bad !== undefined)
        expect(value).toThrow(new RegExp(`^${Object.keys(bad)[0]} .*got ${Object.values(bad)[0]}`));
    }
  });
});
