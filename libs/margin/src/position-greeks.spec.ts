import {
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { computePositionGreeks } from './position-greeks';
import { valuePositions } from './value-positions';

describe('computePositionGreeks', () => {
  it('sums raw derivative × quantity × multiplier per underlying', () => {
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('U', '100'), underlyingQuote('A', '50')],
      quotes: [quote('C', { volatility: 0.25 }), quote('P', { volatility: 0.25 })],
    });
    const rows = [
      position(option('C'), 2),
      position(option('P', { right: 'put' }), -2),
      position(share('S'), -200),
      position(share('X', { underlying: 'A' }), 7),
    ];
    const valued = valuePositions({
      portfolio: portfolioOf(rows),
      snapshot,
      chooseModel: () => ({ model: 'black-scholes' }),
    });
    if (valued.status !== 'valued') throw new Error('not valued');
    const [other, synthetic] = computePositionGreeks(valued.positions);
    expect(other).toEqual({ underlying: 'A', delta: 7, gamma: 0, vega: 0, theta: 0, rho: 0 });
    // Long call and short put of one strike are the forward, hedged by the shares.
    expect(synthetic?.underlying).toBe('U');
    expect(synthetic?.delta).toBeCloseTo(0, 10);
    expect(synthetic?.gamma).toBeCloseTo(0, 10);
    expect(synthetic?.vega).toBeCloseTo(0, 10);
    expect(synthetic?.rho).toBeCloseTo(200 * 100 * 0.2, 8);
  });
});
