import { formCalendarSpreads } from './calendar-spread-charge';
import { computeDeliveryCharge } from './delivery-charge';
import { buildDeltaPool } from './delta-pool';

describe('computeDeliveryCharge', () => {
  it('charges consumed and remaining delta of a month at their own rates', () => {
    const pool = buildDeltaPool(
      new Map([
        ['2026-09', 5],
        ['2026-12', -3],
      ]),
    );
    const legs = [
      { from: '2026-09', to: '2026-09', side: 'A', deltaPerSpread: 1 },
      { from: '2026-12', to: '2026-12', side: 'B', deltaPerSpread: 1 },
    ] as const;
    formCalendarSpreads(pool, [{ priority: 1, kind: 'series', rate: 0, legs }]);
    expect(computeDeliveryCharge(pool, [{ month: '2026-09', spread: 100, outright: 1000 }])).toBe(3 * 100 + 2 * 1000);
    expect(computeDeliveryCharge(pool, [{ month: '2026-10', spread: 100, outright: 1000 }])).toBe(0);
  });

  it('charges short deltas as long ones', () => {
    const pool = buildDeltaPool(new Map([['2026-09', -4]]));
    expect(computeDeliveryCharge(pool, [{ month: '2026-09', spread: 1, outright: 10 }])).toBe(40);
  });
});
