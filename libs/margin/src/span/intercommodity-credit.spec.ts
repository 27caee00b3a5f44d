import { buildCommodityState, type CommodityState } from './commodity-state';
import { formIntercommoditySpread, scanningTargetOf } from './intercommodity-credit';
import type { SpanBook, SpanCommodity } from './span-book';
import { spanParameterSets } from './span-parameter-sets';
import type { IntercommoditySpread, SpreadSide } from './span-parameters';

const { scenarios, commodity: parameters } = spanParameterSets[0]!.values;

/** Array of long one future with a scan of `range`. */
function futureArray(range: number): Float64Array {
  return Float64Array.from(scenarios, ({ moveThirds, extreme }) =>
    extreme ? -Math.sign(moveThirds) * 3 * 0.33 * range : (-moveThirds * range) / 3,
  );
}

function stateOf(id: string, range: number, quantity: number): [string, CommodityState] {
  const contract = {
    instrumentId: id,
    losses: futureArray(range),
    delta: 1,
    month: '2026-03',
    right: null,
    notional: 0,
  };
  const commodity: SpanCommodity = {
    id,
    parameters,
    rateToBase: 1,
    spot: null,
    priceMove: null,
    scanRangePerDelta: range,
    contracts: range === 0 ? [] : [contract],
  };
  const book: SpanBook = { scenarios, commodities: [], intercommodity: [] };
  return [id, buildCommodityState(book, commodity, Float64Array.of(quantity))];
}

const leg = (underlying: string, ratio: number, side: SpreadSide) => ({ underlying, ratio, side });
const spread = (changes: Partial<IntercommoditySpread>): IntercommoditySpread => ({
  priority: 1,
  rate: 0.55,
  method: 'weighted',
  target: null,
  isSuper: false,
  legs: [leg('C', 2, 'A'), leg('S', 1, 'B')],
  ...changes,
});

describe('formIntercommoditySpread', () => {
  it('credits corn 2 × 1,750 against soybeans 2,500 at 55 %: 3,300 of 6,000 (methodology §1.5)', () => {
    const states = new Map([stateOf('C', 1750, 2), stateOf('S', 2500, -1)]);
    const formed = formIntercommoditySpread(spread({}), states, scenarios);
    expect(formed?.count).toBe(1);
    expect(formed?.credits.map(({ amount }) => amount)).toEqual([expect.closeTo(1925, 9), expect.closeTo(1375, 9)]);
    expect(states.get('C')?.credit).toBeCloseTo(1925, 9);
    expect(states.get('S')?.credit).toBeCloseTo(1375, 9);
  });

  it('uses as many spreads as the scarcest leg allows and consumes their delta', () => {
    const states = new Map([stateOf('C', 1750, -3), stateOf('S', 2500, 7)]);
    expect(formIntercommoditySpread(spread({}), states, scenarios)?.count).toBe(1.5);
    expect(formIntercommoditySpread(spread({}), states, scenarios)).toBeNull();
  });

  it('forms nothing when both legs stand on one side of the market or one is missing', () => {
    expect(
      formIntercommoditySpread(spread({}), new Map([stateOf('C', 1750, 2), stateOf('S', 2500, 1)]), scenarios),
    ).toBeNull();
    expect(formIntercommoditySpread(spread({}), new Map([stateOf('C', 1750, 2)]), scenarios)).toBeNull();
  });

  it('shares a flat credit equally between the legs', () => {
    const states = new Map([stateOf('C', 1750, 4), stateOf('S', 2500, -2)]);
    const formed = formIntercommoditySpread(spread({ method: 'flat', rate: 500 }), states, scenarios);
    expect(formed?.credits.map(({ amount }) => amount)).toEqual([500, 500]);
  });

  it.each([
    [1599, 2066, 946.7],
    [3201, 4134, 1893.3],
    [4800, 6200, 2840],
    [4752, 6138, 2811.6],
  ])(
    'combines +2 30-year / −3 10-year: gain %d against loss %d leaves %d at 70 % (CME page)',
    (gain, loss, expected) => {
      // One scenario up and one down: legs as published totals of the position.
      const states = new Map([stateOf('30Y', 1, 2), stateOf('10Y', 1, -3), stateOf('30Y+10Y', 0, 0)]);
      states.get('30Y')!.losses.set([-gain, gain]);
      states.get('30Y')!.scanned.set([-gain, gain]);
      states.get('10Y')!.losses.set([loss, -loss]);
      states.get('10Y')!.scanned.set([loss, -loss]);
      const scanning = spread({ method: 'scanning', rate: 0.7, legs: [leg('30Y', 2, 'A'), leg('10Y', 3, 'B')] });
      expect(scanningTargetOf(scanning)).toBe('30Y+10Y');
      formIntercommoditySpread(scanning, states, scenarios);
      const combined = states.get('30Y+10Y')!.scanned;
      expect(combined[0]).toBeCloseTo(expected, 9);
      expect(combined[1]).toBeCloseTo(gain - 0.7 * loss, 9);
      expect(states.get('30Y')!.scanned[0]).toBeCloseTo(0, 9);
    },
  );

  it('moves only the portion of a leg that the spread uses', () => {
    const states = new Map([stateOf('A', 100, 4), stateOf('B', 100, -1), stateOf('T', 0, 0)]);
    const scanning = spread({
      method: 'scanning',
      rate: 0.98,
      target: 'T',
      legs: [leg('A', 1, 'A'), leg('B', 1, 'B')],
    });
    formIntercommoditySpread(scanning, states, scenarios);
    expect(states.get('A')!.movedPortion).toBe(0.25);
    expect(states.get('A')!.scanned[12]).toBeCloseTo(300, 9);
    expect(states.get('B')!.scanned[10]).toBeCloseTo(0, 9);
    expect(states.get('T')!.scanned[12]).toBeCloseTo(100 - 98, 9);
  });

  it('is a defect without the target', () => {
    const states = new Map([stateOf('C', 1, 2), stateOf('S', 1, -1)]);
    expect(() => formIntercommoditySpread(spread({ method: 'scanning', target: 'T' }), states, scenarios)).toThrow(
      'without its target T',
    );
  });
});
