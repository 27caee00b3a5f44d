import { blackScholesPrice, type OptionRight } from '@ballast/pricing';
import { lognormalBars } from '../support/european-bars';
import { describeGolden, errorAgainst, readGoldenTable, WorstMultiples } from '../support/european-golden';

describeGolden('revaluation under spot and relative volatility shocks', () => {
  it('prices base and shocked market, and their difference, within the price bar', () => {
    const worst = new WorstMultiples();
    const rows = readGoldenTable('scenario-reference.csv');
    expect(rows.length).toBeGreaterThanOrEqual(80);
    rows.forEach((row, index) => {
      const base = {
        spot: Number(row['S']),
        strike: Number(row['K']),
        yearsToExpiry: Number(row['T']),
        rate: Number(row['r']),
        dividendYield: Number(row['q']),
        volatility: Number(row['sigma']),
        right: row['type'] as OptionRight,
      };
      const shocked = {
        ...base,
        spot: base.spot * (1 + Number(row['spot_shock_rel'])),
        volatility: base.volatility * (1 + Number(row['vol_shock_rel'])),
      };
      const before = blackScholesPrice(base);
      const after = blackScholesPrice(shocked);
      const baseBar = lognormalBars(base).priceAbsolute;
      const shockedBar = lognormalBars(shocked).priceAbsolute;
      worst.note('base', errorAgainst(before, row['base_price']!) / baseBar, `line ${index + 2}`);
      worst.note('shocked', errorAgainst(after, row['shocked_price']!) / shockedBar, `line ${index + 2}`);
      worst.note('pnl', errorAgainst(after - before, row['pnl']!) / (baseBar + shockedBar), `line ${index + 2}`);
    });
    worst.expectWithin(['base', 'shocked', 'pnl']);
  });
});
