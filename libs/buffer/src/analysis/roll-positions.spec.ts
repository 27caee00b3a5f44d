import { Decimal } from '@ballast/domain';
import { preparedAccount } from '../../../../test/support/account-builder';
import {
  asOf,
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  snapshotOf,
  underlyingQuote,
} from '../../../../test/support/portfolio-builder';
import { valueContracts } from './contract-values';
import { rollPositions } from './roll-positions';

const snapshotAt = (price: string) =>
  snapshotOf({
    underlyings: [underlyingQuote('U', price)],
    quotes: [quote('F', { price }), quote('I', { price }), quote('O', { price: '5' }), quote('C', { price: '5' })],
  });
const linear = future('F');
const inverse = future('I', { settlement: 'inverse', currency: 'U', multiplier: new Decimal(1) });
const futuresStyle = option('O', { premiumStyle: 'futures' });
const roll = (positions: Parameters<typeof portfolioOf>[0], days: number) => {
  const portfolio = portfolioOf(positions, { methodology: 'TIMS', cash: [] });
  const before = snapshotAt('100');
  const contracts = valueContracts(
    preparedAccount({ portfolio, snapshot: before }),
    positions.map(({ instrument }) => instrument),
  );
  return rollPositions({
    portfolio,
    contracts,
    before,
    after: snapshotAt('125'),
    asOf: days === 0 ? asOf : daysLater(days),
  });
};
const profitOf = (given: Parameters<typeof portfolioOf>[0][number]) =>
  roll([given], 0).positions[0]?.unrealisedPnl?.toFixed();

describe('rollPositions', () => {
  it('gives a lot without average price the profit since the first market', () => {
    expect(profitOf(position(linear, 2))).toBe('5000');
    expect(profitOf({ ...position(linear, 2), unrealisedPnl: new Decimal(30) })).toBe('5030');
    expect(profitOf({ ...position(linear, 2), averagePrice: new Decimal(90) })).toBeUndefined();
  });

  it('counts a coin-settled lot in coin: 10 coins from 100 to 125 gain 10 · (1 − 100/125) = 2', () => {
    expect(profitOf(position(inverse, 10))).toBe('2');
    // A stated gain of 2 coins at 100 means an average of 80: 10 · (1 − 80/125)
    expect(profitOf({ ...position(inverse, 10), unrealisedPnl: new Decimal(2) })).toBe('3.6');
  });

  it('turns what expired into cash of its currency and keeps an option that ends exactly then', () => {
    const after = roll([position(linear, 1), position(option('C'), 0), position(futuresStyle, -2)], 74);
    expect(after.positions).toEqual([]);
    expect(after.settled.map(({ price, cash }) => [price.toFixed(), cash.amount.toFixed()])).toEqual([
      ['125', '2500'],
      ['25', '0'],
      // intrinsic 25 against the mark of 5 at which its variation was settled
      ['25', '-4000'],
    ]);
    expect(after.cash).toEqual([{ currency: 'USD', amount: new Decimal(-1500) }]);
    expect(roll([position(linear, 1)], 73).settled).toEqual([]);
  });
});
