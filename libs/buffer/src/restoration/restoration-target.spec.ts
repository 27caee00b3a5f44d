import { formatMoney, type Money } from '@ballast/domain';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import { future, portfolioOf, position, quote, snapshotOf } from '../../../../test/support/portfolio-builder';
import { evaluateState } from '../analysis/account-state';
import { modelLevel, modelSlack, smallestDeposit, targetLevel } from './restoration-target';

const account = preparedAccount({
  portfolio: portfolioOf([position(future('F'), 1)], { methodology: 'TIMS', cash: [cashOf('1234.56')] }),
  snapshot: snapshotOf({ quotes: [quote('F', { price: '100.01' })] }),
});
const { requirement, assessment } = evaluateState(account);
const text = (money: Money | null) => (money === null ? null : formatMoney(money));

describe('the level to reach', () => {
  it('is 1.2 × 1,500.15 = 1,800.18 for a call, and the deposit what equity is short of it', () => {
    const call = targetLevel(requirement, 'CALL', 1.2);
    expect(text(call)).toBe('1800.18');
    expect(text(smallestDeposit(assessment, call as Money))).toBe('565.62');
    expect(text(smallestDeposit(assessment, targetLevel(requirement, 'INITIAL', 1.2) as Money))).toBe('265.59');
    expect(text(smallestDeposit(assessment, { ...(call as Money), amount: (call as Money).amount.minus(1000) }))).toBe(
      '0.00',
    );
  });

  it('is the same without rounding', () => {
    const figures = { equity: 100, initial: 90, maintenance: 80 };
    expect(['CALL', 'INITIAL', 'MAINTENANCE'].map((target) => modelLevel(figures, target as 'CALL', 1.2))).toEqual([
      96, 90, 80,
    ]);
    expect(modelSlack(figures, 'CALL', 1.2)).toBe(4);
  });
});
