import { preparedAccount } from '../../../../../test/support/account-builder';
import { future, portfolioOf, position, quote, snapshotOf } from '../../../../../test/support/portfolio-builder';
import { splitByUnderlying } from '../valuation/account-parts';
import { isAdditive } from './requirement-additivity';

describe('isAdditive', () => {
  it('holds for one part without looking', () => {
    const account = preparedAccount({
      portfolio: portfolioOf([position(future('F'), 1)], { methodology: 'TIMS' }),
      snapshot: snapshotOf({ quotes: [quote('F', { price: '100' })] }),
    });
    expect(isAdditive(account, splitByUnderlying(account), [0.05])).toBe(true);
  });
});
