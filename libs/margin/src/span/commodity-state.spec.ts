import {
  buildCommodityState,
  calendarSpreadCharge,
  chargeCalendarSpreads,
  deliveryChargeOf,
  netDeltaLeft,
} from './commodity-state';
import type { SpanBook, SpanCommodity, SpanContract } from './span-book';
import { spanParameterSets } from './span-parameter-sets';

const { scenarios, commodity: parameters } = spanParameterSets[0]!.values;

const contract = (instrumentId: string, changes: Partial<SpanContract>): SpanContract => ({
  instrumentId,
  losses: new Float64Array(16),
  delta: 1,
  month: '2026-03',
  right: null,
  notional: 0,
  ...changes,
});

describe('a commodity under evaluation', () => {
  const commodity: SpanCommodity = {
    id: 'U',
    rateToBase: 2,
    spot: null,
    priceMove: null,
    scanRangePerDelta: 0,
    parameters: {
      ...parameters,
      exposureRate: 0.02,
      shortOptionMinimum: { rate: 10, method: 'gross' },
      calendarSpreads: [
        {
          priority: 1,
          kind: 'tier',
          rate: 5,
          legs: [
            { from: '2026-03', to: '2026-03', side: 'A', deltaPerSpread: 1 },
            { from: '2026-06', to: '2026-06', side: 'B', deltaPerSpread: 1 },
          ],
        },
      ],
      deliveryCharge: [{ month: '2026-03', spread: 1, outright: 3 }],
    },
    contracts: [
      contract('A', {
        losses: Float64Array.from({ length: 16 }, (_, index) => index),
        notional: 1000,
        right: 'call',
        delta: 0.5,
      }),
      contract('B', { losses: new Float64Array(16).fill(-1), month: '2026-06', right: 'put', delta: -0.25 }),
    ],
  };
  const book: SpanBook = { scenarios, commodities: [commodity], intercommodity: [] };

  it('sums losses, deltas by month, short options and short notional', () => {
    const state = buildCommodityState(book, commodity, Float64Array.of(-4, 8));
    expect([...state.losses.subarray(0, 3)]).toEqual([-8, -12, -16]);
    expect(state.netDelta).toBe(-4);
    expect(state.shortOptionMinimum).toBe(4 * 10 * 2);
    expect(state.exposure).toBe(4 * 1000 * 0.02);
    expect(state.pool.months).toEqual(['2026-03', '2026-06']);
  });

  it('charges spreads and delivery in the base currency', () => {
    const state = buildCommodityState(book, commodity, Float64Array.of(4, 4));
    chargeCalendarSpreads(state);
    expect(calendarSpreadCharge(state)).toBe(1 * 5 * 2);
    expect(deliveryChargeOf(state)).toBe((1 * 1 + 1 * 3) * 2);
    expect(netDeltaLeft(state)).toBe(1);
  });
});
