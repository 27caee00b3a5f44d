import { cashOf, preparedAccount } from '../../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
} from '../../../../../test/support/portfolio-builder';
import { measureState, prepareState } from '../../analysis/account-state';
import { shiftState } from '../../analysis/shift-state';
import { splitByUnderlying } from './account-parts';
import { preparePartProfit } from './part-profit';

const quotes = [
  quote('C', { volatility: 0.25 }),
  quote('P', { price: '4', volatility: 0.2 }),
  quote('A', { price: '4.6' }),
  quote('F', { price: '101' }),
];
const account = preparedAccount({
  portfolio: portfolioOf(
    [
      position(option('C'), -2),
      position(option('P', { right: 'put', premiumStyle: 'futures' }), 3),
      position(option('A', { right: 'put', exercise: 'american' }), 1),
      position(future('F'), 1),
      position(share('S'), 50),
    ],
    { methodology: 'TIMS', cash: [cashOf('5000')] },
  ),
  snapshot: snapshotOf({ quotes }),
});
const [part] = splitByUnderlying(account);

describe('preparePartProfit', () => {
  it('agrees with what-if at every move, with and without time passing', () => {
    if (part === undefined) throw new Error('no part');
    const equityAfter = (spot: number, days: number) => {
      const measure = measureState(prepareState(shiftState(account, { spot, days }).state, account.rules));
      return measure.status === 'valued' ? measure.figures.equity : NaN;
    };
    for (const days of [0, 10])
      for (const move of [-0.3, -0.01, 0, 0.2])
        expect(preparePartProfit(part, days).profitAt([move])).toBeCloseTo(
          equityAfter(move, days) - equityAfter(0, 0),
          6,
        );
  });

  it('of 50 shares that fall by 10 % is −500', () => {
    const shares = preparedAccount({
      portfolio: portfolioOf([position(share('S'), 50)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({ quotes: [] }),
    });
    const [only] = splitByUnderlying(shares);
    if (only === undefined) throw new Error('no part');
    expect(preparePartProfit(only, 0).profitAt([-0.1])).toBeCloseTo(-500, 9);
  });
});
