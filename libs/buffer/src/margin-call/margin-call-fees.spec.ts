import { Decimal } from '@ballast/domain';
import fc from 'fast-check';
import { dueAt, escalatesAt, instant, pricedTerms, raisedCall } from '../../../../test/support/margin-call-builder';
import { accrueLateFee, liquidationPenalty } from './margin-call-fees';

describe('accrueLateFee', () => {
  it('charges simple interest ACT/360 on what is outstanding: 4 000 × 9 % × 2/360 = 2', () => {
    const late = raisedCall({ state: 'OVERDUE' });
    const { lateFee, lateFeeUntil } = accrueLateFee(late, pricedTerms, instant('2026-11-21T21:00:00Z'));
    expect([lateFee.toFixed(), lateFeeUntil]).toEqual(['2', instant('2026-11-21T21:00:00Z')]);
  });

  it('charges nothing in time, backwards, or when the call is not late', () => {
    const none = (call = raisedCall(), at = escalatesAt) => accrueLateFee(call, pricedTerms, at).lateFee.toFixed();
    expect(none()).toBe('0');
    expect(none(raisedCall({ state: 'OVERDUE' }), dueAt)).toBe('0');
    expect(none(raisedCall({ state: 'MET', outstanding: new Decimal(0) }))).toBe('0');
  });

  it('does not depend on how often somebody looks, but for the rounding of the twelfth decimal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 10_000_000 }), { minLength: 1, maxLength: 20 }), (steps) => {
        let call = raisedCall({ state: 'OVERDUE' });
        for (const step of steps)
          call = { ...call, ...accrueLateFee(call, pricedTerms, instant_(call.lateFeeUntil + step)) };
        const once = accrueLateFee(raisedCall({ state: 'OVERDUE' }), pricedTerms, call.lateFeeUntil);
        expect(call.lateFee.minus(once.lateFee).abs().toNumber()).toBeLessThanOrEqual(steps.length * 1e-12);
      }),
    );
  });
});

const instant_ = (value: number) => value as typeof dueAt;

describe('liquidationPenalty', () => {
  it.each([
    ['4000', '40'],
    ['1000', '25'],
    ['0.01', '25'],
  ])('is 1 %% of %s, at least 25: %s', (outstanding, penalty) => {
    expect(liquidationPenalty(new Decimal(outstanding), pricedTerms).toFixed()).toBe(penalty);
  });

  it('is nothing where no fraction is set, whatever the minimum', () => {
    const terms = { liquidationPenaltyFraction: 0, liquidationPenaltyMinimum: 25 };
    expect(liquidationPenalty(new Decimal(4_000), terms).toFixed()).toBe('0');
  });
});
