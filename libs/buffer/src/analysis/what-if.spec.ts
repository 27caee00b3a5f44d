import { Decimal, formatMoney, type Money } from '@ballast/domain';
import fc from 'fast-check';
import { cashOf, preparedAccount } from '../../../../test/support/account-builder';
import {
  future,
  option,
  portfolioOf,
  position,
  quote,
  share,
  snapshotOf,
} from '../../../../test/support/portfolio-builder';
import { computeWhatIf, type WhatIfQuestion } from './what-if';

const [call, contract, stock] = [option('C'), future('F'), share('S')];
const snapshot = snapshotOf({
  quotes: [quote('C', { volatility: 0.25 }), quote('F', { price: '100' }), quote('S', { price: '100' })],
});
const accountWith = (positions: Parameters<typeof portfolioOf>[0], cash = '10000') =>
  preparedAccount({ portfolio: portfolioOf(positions, { methodology: 'TIMS', cash: [cashOf(cash)] }), snapshot });
const ask = (question: Partial<WhatIfQuestion>, positions = [position(contract, 2)], cash = '10000') =>
  computeWhatIf(accountWith(positions, cash), { trades: [], cash: [], shift: {}, ...question });
const text = (money: Money | null) => (money === null ? null : formatMoney(money));

describe('computeWhatIf', () => {
  it('changes nothing when nothing is asked', () => {
    const { before, after, change, affordable } = ask({});
    expect(after).toEqual(before);
    expect([change.equity, change.buffer, change.maintenanceRequirement].map(text)).toEqual(['0.00', '0.00', '0.00']);
    expect(affordable).toBeNull();
  });

  it('adds 3 futures: 3 × 1,500 more requirement, buffer 7,000 → 2,500, three more affordable beyond two', () => {
    const { change, after, affordable } = ask({ trades: [{ instrument: contract, quantity: new Decimal(3) }] });
    expect(text(change.maintenanceRequirement)).toBe('4500.00');
    expect(text(change.buffer)).toBe('-4500.00');
    expect(text(after.assessment.buffer)).toBe('2500.00');
    expect(change.greeks).toEqual([{ underlying: 'U', delta: 300, gamma: 0, vega: 0, theta: 0, rho: 0 }]);
    expect(affordable).toMatchObject({ status: 'found', quantity: new Decimal(4) });
  });

  it('moves price and cash: −20 % on 2 futures loses 4,000 and lowers the requirement to 80 %', () => {
    const { after, change } = ask({ cash: [cashOf('-2500')], shift: { spot: -0.2 } });
    expect(text(after.requirement.maintenanceRequirement)).toBe('2400.00');
    expect(text(after.assessment.equity)).toBe('3500.00');
    expect(text(change.equity)).toBe('-6500.00');
    expect(text(ask({ cash: [cashOf('-5000')], shift: { spot: -0.2 } }).after.assessment.buffer)).toBe('-1400.00');
    expect(ask({ cash: [cashOf('-5000')], shift: { spot: -0.2 } }).after.assessment.status).toBe('LIQUIDATION');
  });

  it('trades before the market moves: a share bought at 100 is worth 90 after −10 %', () => {
    const { after } = ask({ trades: [{ instrument: stock, quantity: new Decimal(10) }], shift: { spot: -0.1 } }, []);
    expect(text(after.assessment.equity)).toBe('9900.00');
  });

  it('lets days pass: a short option gains its decay', () => {
    const { change, settled } = ask({ shift: { days: 30 } }, [position(call, -1)]);
    expect(change.equity?.amount.greaterThan(0)).toBe(true);
    expect(settled).toEqual([]);
    expect(ask({ shift: { days: 80 } }, [position(call, -1)]).settled).toHaveLength(1);
  });

  it('never worsens a figure by a deposit', () => {
    const amount = fc.integer({ min: 1, max: 10_000_000 });
    const quantity = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(amount, quantity, quantity, (cents, calls, futures) => {
        const deposit = new Decimal(cents).div(100);
        const positions = [position(call, calls), position(contract, futures)];
        const { before, after, change } = ask({ cash: [cashOf(deposit.toFixed(2))] }, positions);
        for (const figure of [change.equity, change.buffer, change.excess]) expect(figure?.amount).toEqual(deposit);
        expect(change.maintenanceRequirement?.amount.isZero()).toBe(true);
        const rungs = ['HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION'];
        expect(rungs.indexOf(after.assessment.status)).toBeLessThanOrEqual(rungs.indexOf(before.assessment.status));
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it('states no change of what cannot be valued', () => {
    const { change, affordable } = ask({ trades: [{ instrument: contract, quantity: new Decimal(1) }] }, [
      position(option('UNPRICED'), 1) as never,
    ]);
    expect([change.equity, change.buffer, change.bufferRatio]).toEqual([null, null, null]);
    expect(affordable).toEqual({ status: 'indeterminate' });
  });

  it('answers a move of the market with what it cannot value, and why', () => {
    const { before, after, change } = ask({ shift: { spot: -0.1, days: 3 } }, [
      position(option('UNPRICED'), 1) as never,
    ]);
    for (const { requirement, assessment } of [before, after])
      expect([requirement.quality, requirement.qualityReasons, assessment.status]).toEqual([
        'INDETERMINATE',
        ['UNPRICED: neither price nor volatility'],
        'INDETERMINATE',
      ]);
    expect([change.equity, change.buffer]).toEqual([null, null]);
  });
});
