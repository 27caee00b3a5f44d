import { Decimal, toMoney } from '@ballast/domain';
import { computeRequirement } from '@ballast/margin';
import { option, portfolioOf, position, quote, snapshotOf } from '../../../test/support/portfolio-builder';
import { assessBuffer, computeBufferRatio } from './assess-buffer';

const snapshot = snapshotOf({ quotes: [quote('C', { price: '4.5' })] });
const assess = (cash: string, previousStatus?: 'MARGIN_CALL') => {
  const portfolio = portfolioOf([position(option('C'), -1)], {
    cash: [{ currency: 'USD', amount: new Decimal(cash) }],
  });
  const requirement = computeRequirement({ portfolio, snapshot });
  return {
    requirement,
    assessment: assessBuffer({
      portfolio,
      snapshot,
      requirement,
      ...(previousStatus === undefined ? {} : { previousStatus }),
    }),
  };
};

describe('assessBuffer', () => {
  it('holds equity, option value inside, against the requirement', () => {
    const { requirement, assessment } = assess('10000');
    expect(assessment.equity?.amount.toFixed()).toBe('9550');
    const maintenance = requirement.maintenanceRequirement!.amount;
    expect(assessment.buffer?.amount.toFixed()).toBe(new Decimal(9550).minus(maintenance).toFixed());
    expect(assessment.excess).toEqual(assessment.buffer);
    expect(assessment).toMatchObject({ status: 'HEALTHY', callAmount: null, reasons: [] });
  });

  it('asks for the amount that restores 1.2 × maintenance when called', () => {
    const { requirement, assessment } = assess('1500', 'MARGIN_CALL');
    const maintenance = requirement.maintenanceRequirement!.amount;
    expect(['MARGIN_CALL', 'LIQUIDATION']).toContain(assessment.status);
    const target = maintenance.times(1.2).minus(assessment.equity!.amount).toDecimalPlaces(2, Decimal.ROUND_CEIL);
    expect(assessment.callAmount?.amount.toFixed()).toBe(target.toFixed());
  });

  it('stays on its rung on bad data, and says what the figures alone would give', () => {
    const portfolio = portfolioOf([position(option('C'), -1)], {
      cash: [{ currency: 'USD', amount: new Decimal('500') }],
    });
    const requirement = computeRequirement({ portfolio, snapshot });
    const held = assessBuffer({ portfolio, snapshot, requirement, previousStatus: 'HEALTHY', quality: 'DEGRADED' });
    expect(held).toMatchObject({ status: 'HEALTHY', computedStatus: 'LIQUIDATION', callAmount: null });
    expect(held.warnings[0]).toContain('STATUS_HELD: LIQUIDATION by figures of quality DEGRADED; kept at HEALTHY');
    const sound = assessBuffer({ portfolio, snapshot, requirement, previousStatus: 'HEALTHY', quality: 'OK' });
    expect(sound).toMatchObject({ status: 'LIQUIDATION', computedStatus: 'LIQUIDATION', warnings: [] });
    expect(sound.callAmount).not.toBeNull();
  });

  it('liquidates an overdue call until equity meets it or rises above the release level', () => {
    const { requirement } = assess('1500');
    const maintenance = requirement.maintenanceRequirement!.amount;
    // Cash that makes equity a multiple of maintenance; the option is worth −450.
    const statusAt = (multiple: number): string => {
      const amount = maintenance.times(multiple).plus(450).toDecimalPlaces(2, Decimal.ROUND_CEIL);
      const portfolio = portfolioOf([position(option('C'), -1)], { cash: [{ currency: 'USD', amount }] });
      return assessBuffer({ portfolio, snapshot, requirement, previousStatus: 'MARGIN_CALL', callOverdue: true })
        .status;
    };
    expect([0.9, 1.1, 1.19, 1.2, 1.31].map(statusAt)).toEqual([
      'LIQUIDATION',
      'LIQUIDATION',
      'LIQUIDATION',
      'MARGIN_CALL',
      'HEALTHY',
    ]);
  });

  it('states what equity consists of and the leverage', () => {
    // 10 000 cash − 450 of option value = 9 550; one option of 450 on it.
    const { assessment } = assess('10000');
    expect(assessment.equityComponents.map(({ kind, amount }) => `${kind} ${amount.amount.toFixed(2)}`)).toEqual([
      'cash 10000.00',
      'option-value -450.00',
    ]);
    expect(assessment.leverage?.toFixed()).toBe('0.0472');
  });

  it('is indeterminate with the requirement, and never zero', () => {
    const portfolio = portfolioOf([position(option('C'), -1)]);
    const bare = snapshotOf({});
    const assessment = assessBuffer({
      portfolio,
      snapshot: bare,
      requirement: computeRequirement({ portfolio, snapshot: bare }),
    });
    expect(assessment).toMatchObject({
      status: 'INDETERMINATE',
      equity: null,
      buffer: null,
      bufferRatio: null,
      excess: null,
      callAmount: null,
    });
    expect(assessment.reasons).toEqual(['C: neither price nor volatility']);
  });
});

describe('computeBufferRatio', () => {
  it('is rounded down to six decimals and absent without a requirement', () => {
    expect(computeBufferRatio(toMoney('-1', 'USD'), toMoney('3', 'USD'))?.toFixed()).toBe('-0.333334');
    expect(computeBufferRatio(toMoney('1', 'USD'), toMoney('0', 'USD'))).toBeNull();
  });
});
