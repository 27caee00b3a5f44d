import { Decimal } from '@ballast/domain';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
  underlyingQuote,
} from '../../../test/support/portfolio-builder';
import { computeNetOptionValue, isPremiumStyleOption } from './net-option-value';
import { valuePositions } from './value-positions';

describe('computeNetOptionValue', () => {
  it('counts premium-style options alone, long > 0, short < 0, in the base currency', () => {
    const euro = { currency: 'EUR' } as const;
    const snapshot = snapshotOf({
      underlyings: [underlyingQuote('U', '100', euro)],
      quotes: [
        quote('C', { price: '3' }),
        quote('P', { price: '2' }),
        quote('S', { price: '4' }),
        quote('F', { price: '101' }),
      ],
      fx: [{ from: 'EUR', to: 'USD', rate: new Decimal('1.5') }],
    });
    const positions = [
      position(option('C', euro), 2),
      position(option('P', { right: 'put', ...euro }), -1),
      position(option('S', { premiumStyle: 'futures', ...euro }), 5),
      position(future('F', euro), 1),
      position(share('X', euro), 9),
    ];
    const valued = valuePositions({
      portfolio: portfolioOf(positions),
      snapshot,
      chooseModel: () => ({ model: 'black-scholes' }),
    });
    if (valued.status !== 'valued') throw new Error('not valued');
    expect(computeNetOptionValue(valued.positions)).toBeCloseTo((2 * 3 - 2) * 100 * 1.5, 10);
    expect(valued.positions.map(({ contract }) => isPremiumStyleOption(contract.instrument))).toEqual([
      true,
      false,
      true,
      false,
      false,
    ]);
  });
});
