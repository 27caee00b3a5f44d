import { rulesOf } from '../../../../test/support/account-builder';
import {
  daysLater,
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
} from '../../../../test/support/portfolio-builder';
import { evaluateState, prepareState } from '../analysis/account-state';
import { sumFirmGreeks } from './firm-greeks';

const snapshot = snapshotOf({
  quotes: [quote('S', { price: '100' }), quote('C', { volatility: 0.25 }), quote('F', { price: '101' })],
});
const call = option('C', { expiry: daysLater(30) });
const rules = rulesOf(portfolioOf([], { methodology: 'TIMS' }));
const stateOf = (...positions: Parameters<typeof portfolioOf>[0]) =>
  prepareState({ portfolio: portfolioOf(positions, { methodology: 'TIMS' }), snapshot }, rules);

describe('sumFirmGreeks', () => {
  it('nets contracts over accounts before it differentiates: 3 − 1 calls are twice the Greeks of one', () => {
    const sum = sumFirmGreeks();
    sum.add(stateOf(position(call, 3), position(share('S'), 10)));
    sum.add(stateOf(position(call, -1)));
    const [found] = sum.conclude('UNDERLYING');
    const [one] = evaluateState(stateOf(position(call, 1))).requirement.greeks;
    expect(found).toMatchObject({
      key: 'U',
      expiry: null,
      gamma: 2 * (one?.gamma ?? NaN),
      vega: 2 * (one?.vega ?? NaN),
    });
    expect(found?.delta).toBeCloseTo(10 + 2 * (one?.delta ?? NaN), 10);
    expect(found?.deltaCash).toBeCloseTo(100 * (found?.delta ?? NaN), 8);
  });

  it('groups by expiry day, what has none by itself', () => {
    const sum = sumFirmGreeks();
    sum.add(stateOf(position(call, 1), position(future('F'), 2), position(share('S'), 5)));
    const found = sum.conclude('EXPIRY');
    expect(found.map(({ key }) => key)).toEqual(['U 2026-02-04', 'U 2026-03-19', 'U no expiry']);
    expect(found.map(({ expiry }) => expiry)).toEqual([daysLater(30), daysLater(73), null]);
    expect(found[1]).toMatchObject({ delta: 200, deltaCash: 20_000 });
    expect(found[2]).toMatchObject({ delta: 5, deltaCash: 500 });
  });
});
