import { buildOption } from '../../../../test/support/lifecycle-builder';
import { Decimal } from '../decimal';
import { moneynessOf, moneynessRatio } from './moneyness';

describe('moneyness', () => {
  it.each([
    ['call', '105', 'in'],
    ['call', '101', 'near'],
    ['call', '99', 'near'],
    ['call', '98.99', 'out'],
    ['put', '98.99', 'in'],
    ['put', '101.01', 'out'],
    ['put', '100', 'near'],
  ] as const)('%s of strike 100 at %s is %s with a band of 1 %%', (right, price, moneyness) => {
    expect(moneynessOf(buildOption({ right }), new Decimal(price), 0.01)).toBe(moneyness);
  });

  it('is a share of the strike, above 0 in the money', () => {
    expect(moneynessRatio(buildOption(), new Decimal(110))).toBeCloseTo(0.1, 12);
    expect(moneynessRatio(buildOption({ right: 'put' }), new Decimal(110))).toBeCloseTo(-0.1, 12);
    expect(moneynessRatio(buildOption({ strike: new Decimal(0) }), new Decimal(1))).toBeNull();
    expect(moneynessOf(buildOption({ strike: new Decimal(0) }), new Decimal(1), 0.01)).toBe('in');
  });
});
