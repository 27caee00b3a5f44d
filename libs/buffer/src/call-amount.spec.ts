import { toMoney } from '@ballast/domain';
import { computeCallAmount } from './call-amount';

const call = (equity: string, initial: string, maintenance: string) =>
  computeCallAmount({
    equity: toMoney(equity, 'USD'),
    initial: toMoney(initial, 'USD'),
    maintenance: toMoney(maintenance, 'USD'),
    policy: { callTargetMultiple: 1.2 },
  }).amount.toFixed();

describe('computeCallAmount', () => {
  it('asks for the larger of initial and 1.2 × maintenance, rounded up', () => {
    expect(call('900', '1100', '1000')).toBe('300');
    expect(call('900', '1300', '1000')).toBe('400');
    expect(call('0', '0', '0.01')).toBe('0.02');
    expect(call('-50', '100', '10')).toBe('150');
    expect(call('5000', '100', '10')).toBe('0');
  });
});
