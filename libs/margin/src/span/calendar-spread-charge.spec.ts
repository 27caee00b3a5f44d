import { formCalendarSpreads, inEvaluationOrder } from './calendar-spread-charge';
import { buildDeltaPool } from './delta-pool';
import type { CalendarSpread, SpreadSide } from './span-parameters';

const leg = (from: string, side: SpreadSide, deltaPerSpread = 1, to = from) => ({ from, to, side, deltaPerSpread });
const spread = (rate: number, legs: CalendarSpread['legs'], changes: Partial<CalendarSpread> = {}): CalendarSpread => ({
  priority: 1,
  kind: 'tier',
  rate,
  legs,
  ...changes,
});
const pool = (...entries: [string, number][]) => buildDeltaPool(new Map(entries));
const charges = (deltas: ReturnType<typeof pool>, spreads: CalendarSpread[]) =>
  formCalendarSpreads(deltas, spreads).map(({ count, charge }) => [count, charge]);

describe('formCalendarSpreads', () => {
  const sepOct = spread(300, [leg('2025-09', 'A'), leg('2025-10', 'B')]);
  const sepJun = spread(1000, [leg('2025-09', 'A'), leg('2026-06', 'B')], { priority: 2 });

  it('charges GC Sep-25/Oct-25 300 and Sep-25/Jun-26 1,000 (CME, methodology §1.3)', () => {
    expect(charges(pool(['2025-09', 1], ['2025-10', -1]), [sepOct, sepJun])).toEqual([[1, 300]]);
    expect(charges(pool(['2025-09', 1], ['2026-06', -1]), [sepOct, sepJun])).toEqual([[1, 1000]]);
  });

  it('forms either assignment of the sides', () => {
    expect(charges(pool(['2025-09', -2], ['2025-10', 5]), [sepOct])).toEqual([[2, 600]]);
  });

  it('consumes by priority: what the first uses is gone for the second', () => {
    expect(charges(pool(['2025-09', 3], ['2025-10', -2], ['2026-06', -4]), [sepJun, sepOct])).toEqual([
      [2, 600],
      [1, 1000],
    ]);
  });

  it('prices the butterfly of the real C record: tier 14 ×1 A, tier 15 ×2 B, tier 16 ×1 A at 100', () => {
    const butterfly = spread(100, [
      leg('2026-01', 'A', 1, '2026-03'),
      leg('2026-04', 'B', 2, '2026-06'),
      leg('2026-07', 'A', 1, '2026-09'),
    ]);
    expect(charges(pool(['2026-01', 10], ['2026-05', -20], ['2026-09', 10]), [butterfly])).toEqual([[10, 1000]]);
    expect(charges(pool(['2026-01', 10], ['2026-05', -6], ['2026-09', 1]), [butterfly])).toEqual([[1, 100]]);
  });

  it('puts series spreads before tier spreads whatever their priority (E before C records)', () => {
    const series = spread(250, [leg('2025-09', 'A'), leg('2025-12', 'B', 2), leg('2026-03', 'A')], {
      kind: 'series',
      priority: 9,
    });
    expect(inEvaluationOrder([sepOct, series])).toEqual([series, sepOct]);
    const deltas = pool(['2025-09', 1], ['2025-10', -1], ['2025-12', -2], ['2026-03', 1]);
    expect(charges(deltas, [sepOct, series])).toEqual([[1, 250]]);
  });

  it('spreads within one tier between its own months', () => {
    const within = spread(50, [leg('2026-01', 'A', 1, '2026-12'), leg('2026-01', 'B', 1, '2026-12')]);
    expect(charges(pool(['2026-02', 3], ['2026-05', -2]), [within])).toEqual([[2, 100]]);
  });

  it('forms fractions of a spread and nothing where a leg is empty', () => {
    expect(charges(pool(['2025-09', 0.25], ['2025-10', -3]), [sepOct])).toEqual([[0.25, 75]]);
    expect(charges(pool(['2025-09', 1]), [sepOct])).toEqual([]);
  });

  it('notes what it consumed, for the delivery charge', () => {
    const deltas = pool(['2025-09', 3], ['2025-10', -2]);
    formCalendarSpreads(deltas, [sepOct]);
    expect([...deltas.spreadConsumed]).toEqual([2, 2]);
  });
});
