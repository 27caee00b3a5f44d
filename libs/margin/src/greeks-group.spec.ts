import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { groupGreeks } from './greeks-group';
import { computePositionGreeks } from './position-greeks';
import { valuePositions } from './value-positions';

const snapshot = snapshotOf({
  underlyings: [underlyingQuote('U', '100'), underlyingQuote('A', '50')],
  quotes: [
    quote('C', { volatility: 0.25 }),
    quote('P', { volatility: 0.25 }),
    quote('F', { price: '101' }),
    quote('S', { price: '100' }),
    quote('X', { price: '50' }),
  ],
});
const rows = [
  position(option('C', { expiry: daysLater(30) }), 2),
  position(option('P', { right: 'put', expiry: daysLater(30) }), -2),
  position(future('F'), 2),
  position(share('S'), 5),
  position(share('X', { underlying: 'A' }), 7),
];

function valued(positions: Parameters<typeof portfolioOf>[0]) {
  const valuation = valuePositions({
    portfolio: portfolioOf(positions),
    snapshot,
    chooseModel: () => ({ model: 'black-scholes' }),
  });
  if (valuation.status !== 'valued') throw new Error(valuation.reasons.join('; '));
  return valuation.positions;
}

describe('groupGreeks', () => {
  it('sums by underlying to the bits of the position Greeks, in money at the price of the underlying', () => {
    const positions = valued(rows);
    const groups = groupGreeks(positions, 'UNDERLYING');
    expect(groups.map(({ key, underlying, expiry }) => [key, underlying, expiry])).toEqual([
      ['A', 'A', null],
      ['U', 'U', null],
    ]);
    expect(groups).toMatchObject(computePositionGreeks(positions));
    expect(groups[0]).toMatchObject({ delta: 7, deltaCash: 350, gammaCash: 0 });
    expect(groups[1]?.gammaCash).toBeCloseTo(10_000 * (groups[1]?.gamma ?? NaN), 8);
  });

  it('sums by expiry day and by contract', () => {
    const byExpiry = groupGreeks(valued(rows), 'EXPIRY');
    expect(byExpiry.map(({ key }) => key)).toEqual(['A no expiry', 'U 2026-02-04', 'U 2026-03-19', 'U no expiry']);
    expect(byExpiry.map(({ expiry }) => expiry)).toEqual([null, daysLater(30), daysLater(73), null]);
    const byContract = groupGreeks(valued(rows), 'INSTRUMENT');
    expect(byContract.map(({ key, delta }) => [key, delta < 0])).toEqual([
      ['C', false],
      ['F', false],
      ['P', false],
      ['S', false],
      ['X', false],
    ]);
  });

  it('states no expiry for a day with several', () => {
    const later = daysLater(30) + 3_600_000;
    const day = valued([
      position(option('C', { expiry: daysLater(30) }), 1),
      position(option('P', { expiry: later as ReturnType<typeof daysLater> }), 1),
    ]);
    expect(groupGreeks(day, 'EXPIRY')).toMatchObject([{ key: 'U 2026-02-04', expiry: null }]);
  });
});
