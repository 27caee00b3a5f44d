import { parseInstant, toMoney } from '@ballast/domain';
import { defaultBufferPolicy } from './buffer-policy';
import { type BufferStatus, decideBufferStatus } from './buffer-status';

const policy = defaultBufferPolicy(parseInstant('2026-01-05T00:00:00Z', 'asOf'));
const decide = (
  equity: string,
  previousStatus?: BufferStatus,
  changes: { maintenance?: string; callOverdue?: boolean } = {},
) =>
  decideBufferStatus({
    equity: toMoney(equity, 'USD'),
    maintenance: toMoney(changes.maintenance ?? '1000', 'USD'),
    policy,
    ...(previousStatus === undefined ? {} : { previousStatus }),
    ...(changes.callOverdue === undefined ? {} : { callOverdue: changes.callOverdue }),
  });

describe('decideBufferStatus', () => {
  it.each([
    ['-1', 'LIQUIDATION'],
    ['749.99', 'LIQUIDATION'],
    ['750', 'MARGIN_CALL'],
    ['999.99', 'MARGIN_CALL'],
    ['1000', 'WATCH'],
    ['1099.99', 'WATCH'],
    ['1100', 'HEALTHY'],
  ])('stands at its threshold to the cent: equity %s of 1000 is %s', (equity, status) => {
    expect(decide(equity)).toBe(status);
  });

  it.each([
    ['1300', 'MARGIN_CALL', 'MARGIN_CALL'],
    ['1300.01', 'MARGIN_CALL', 'HEALTHY'],
    ['1250', 'LIQUIDATION', 'MARGIN_CALL'],
    ['1300', 'WATCH', 'WATCH'],
    ['1300.01', 'WATCH', 'HEALTHY'],
    ['1150', 'HEALTHY', 'HEALTHY'],
    ['1150', 'INDETERMINATE', 'HEALTHY'],
    ['900', 'WATCH', 'MARGIN_CALL'],
  ] as const)(
    'leaves a call and a watch only above 1.3 × maintenance: %s after %s is %s',
    (equity, previous, status) => {
      expect(decide(equity, previous)).toBe(status);
    },
  );

  it('liquidates an overdue call whatever the equity', () => {
    expect(decide('5000', 'MARGIN_CALL', { callOverdue: true })).toBe('LIQUIDATION');
  });

  it('needs no more than equity ≥ 0 without a requirement', () => {
    expect(decide('0', 'MARGIN_CALL', { maintenance: '0' })).toBe('HEALTHY');
    expect(decide('-0.01', undefined, { maintenance: '0' })).toBe('LIQUIDATION');
  });

  it('does not compare two currencies', () => {
    expect(() => decideBufferStatus({ equity: toMoney('1', 'EUR'), maintenance: toMoney('1', 'USD'), policy })).toThrow(
      'EUR',
    );
  });
});
