import { preparedAccount } from '../../../../../test/support/account-builder';
import {
  daysLater,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
} from '../../../../../test/support/portfolio-builder';
import { timeNodes } from './time-nodes';

const near = option('N', { expiry: daysLater(3) });
const account = preparedAccount({
  portfolio: portfolioOf([position(near, 1), position(option('C'), -1), position(share('S'), 10)], {
    methodology: 'TIMS',
  }),
  snapshot: snapshotOf({ quotes: [quote('N', { volatility: 0.2 }), quote('C', { volatility: 0.2 })] }),
});

describe('timeNodes', () => {
  it('adds the expiry of a held contract to equal steps, and drops the contract after it', () => {
    const nodes = timeNodes(account, { horizonDays: 10, steps: 2 });
    expect(nodes.map(({ calendarDays }) => calendarDays)).toEqual([3, (5 * 365) / 252, (10 * 365) / 252]);
    expect(nodes.map(({ entering, leaving }) => [entering.length, leaving.length])).toEqual([
      [3, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(nodes[1]?.tradingDays).toBeCloseTo(5, 12);
    expect(nodes[2]?.years).toBeCloseTo(10 / 252, 12);
    expect(nodes[1]?.entering).toBe(nodes[1]?.leaving);
  });
});
