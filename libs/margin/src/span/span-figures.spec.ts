import type { SpanBook, SpanCommodity, SpanContract } from './span-book';
import { computeSpanFigures, scanningTargets } from './span-figures';
import { spanParameterSets } from './span-parameter-sets';
import type { CommodityParameters, IntercommoditySpread } from './span-parameters';

const { scenarios, commodity: parameters } = spanParameterSets[0]!.values;
const negated = (gains: readonly number[]) => Float64Array.from(gains, (gain) => 0 - gain);

function commodityOf(
  id: string,
  contracts: readonly Partial<SpanContract>[],
  changes: Partial<CommodityParameters> = {},
): SpanCommodity {
  return {
    id,
    parameters: { ...parameters, ...changes },
    rateToBase: 1,
    spot: null,
    priceMove: null,
    scanRangePerDelta: 0,
    contracts: contracts.map((contract, index) => ({
      instrumentId: `${id}${index}`,
      losses: new Float64Array(16),
      delta: 1,
      month: '2026-12',
      right: null,
      notional: 0,
      ...contract,
    })),
  };
}

const evaluate = (
  commodities: readonly SpanCommodity[],
  quantities: readonly number[],
  intercommodity: readonly IntercommoditySpread[] = [],
) => computeSpanFigures({ scenarios, commodities, intercommodity }, Float64Array.from(quantities));

describe('computeSpanFigures on the arrays of McMillan (gains of the long contract, methodology §1.9)', () => {
  const future = [0, 0, 3330, 3330, -3330, -3330, 6670, 6670, -6670, -6670, 10000, 10000, -10000, -10000, 7000, -7000];
  const call = [460, -610, 2640, 1730, -1270, -2340, 5210, 4540, -2540, -3430, 8060, 7640, -3380, -3990, 3130, -1500];
  const gold = commodityOf('GC', [{ losses: negated(future) }, { losses: negated(call), right: 'call', delta: 0.5 }]);

  it('finds 6,620 in scenario 13 for the covered write, and its whole column', () => {
    const { commodities, maintenance } = evaluate([gold], [1, -1]);
    expect(maintenance).toBe(6620);
    expect(commodities[0]?.activeScenario).toBe(12);
    // The published column states gains of the write; the printed row 1 is −460, rows 2 … 16 follow.
    const column = [-460, 610, 690, 1600, -2060, -990, 1460, 2130, -4130, -3240, 1940, 2360, -6620, -6010, 3870, -5500];
    expect([...commodities[0]!.losses].map((loss) => 0 - loss)).toEqual(column);
  });

  it('finds 3,990 for the long call and 8,060 for the short call', () => {
    expect(evaluate([gold], [0, 1]).maintenance).toBe(3990);
    expect(evaluate([gold], [0, -1]).maintenance).toBe(8060);
  });
});

describe('computeSpanFigures', () => {
  const losses = Float64Array.from({ length: 16 }, (_, index) => (index === 12 ? 100 : 0));

  it('lets the short option minimum bind', () => {
    const minimum = { shortOptionMinimum: { rate: 35, method: 'gross' } } as const;
    const [figures] = evaluate([commodityOf('U', [{ right: 'put' }], minimum)], [-4]).commodities;
    expect(figures).toMatchObject({ scanRisk: 0, shortOptionMinimum: 140, minimumTopUp: 140, maintenance: 140 });
    expect(evaluate([commodityOf('U', [{ right: 'put' }], minimum)], [4]).maintenance).toBe(0);
  });

  it('takes initial from maintenance by the ratio of each commodity', () => {
    const speculator = commodityOf('A', [{ losses }], { initialToMaintenanceRatio: 1.1 });
    const member = commodityOf('B', [{ losses }]);
    expect(evaluate([speculator, member], [1, 1])).toMatchObject({
      maintenance: 200,
      initial: expect.closeTo(210, 10),
    });
  });

  it('adds exposure on what is held short, beside the scan', () => {
    const [figures] = evaluate(
      [commodityOf('U', [{ losses, notional: 5000 }], { exposureRate: 0.02 })],
      [-3],
    ).commodities;
    expect(figures).toMatchObject({ scanRisk: 0, exposure: 300, maintenance: 300 });
  });

  const credit: IntercommoditySpread = {
    priority: 1,
    rate: 100,
    method: 'flat',
    target: null,
    isSuper: false,
    legs: [
      { underlying: 'A', ratio: 1, side: 'A' },
      { underlying: 'B', ratio: 1, side: 'B' },
    ],
  };

  it('compares with the minimum after the credit (CME) or before it (KDPW)', () => {
    const book = (aggregation: 'cme' | 'kdpw') => [
      commodityOf(
        'A',
        [
          { losses, delta: 1 },
          { right: 'call', delta: 0 },
        ],
        { aggregation, shortOptionMinimum: { rate: 90, method: 'gross' } },
      ),
      commodityOf('B', [{ losses, delta: -1 }], { aggregation }),
    ];
    const figures = (aggregation: 'cme' | 'kdpw') =>
      evaluate(book(aggregation), [1, -1, 1], [credit]).commodities.map(({ maintenance, minimumTopUp }) => [
        maintenance,
        minimumTopUp,
      ]);
    expect(figures('cme')).toEqual([
      [90, 40],
      [50, 0],
    ]);
    expect(figures('kdpw')).toEqual([
      [50, 0],
      [50, 0],
    ]);
  });

  it('never credits below 0', () => {
    const book = [commodityOf('A', [{ losses }]), commodityOf('B', [{ losses, delta: -1 }])];
    const [figures] = evaluate(book, [1, 1], [{ ...credit, rate: 1000 }]).commodities;
    expect(figures).toMatchObject({ maintenance: 0, minimumTopUp: 400 });
  });

  it('lets a super spread take deltas before calendar spreads, others after', () => {
    const legs = [
      { from: '2026-03', to: '2026-03', side: 'A', deltaPerSpread: 1 },
      { from: '2026-12', to: '2026-12', side: 'B', deltaPerSpread: 1 },
    ] as const;
    const calendarSpreads = [{ priority: 1, kind: 'tier', rate: 7, legs }] as const;
    const months = [{ month: '2026-03' }, { month: '2026-06' }, { month: '2026-12' }];
    const book = [commodityOf('A', months, { calendarSpreads }), commodityOf('B', [{}])];
    const charge = (isSuper: boolean) =>
      evaluate(book, [1, 1, -1, -1], [{ ...credit, isSuper }]).commodities[0]?.calendarSpreadCharge;
    expect(charge(false)).toBe(7);
    expect(charge(true)).toBe(0);
  });

  it('works through spreads by priority', () => {
    const book: SpanCommodity[] = ['A', 'B', 'C'].map((id) => commodityOf(id, [{ losses }]));
    const to = (underlying: string, priority: number): IntercommoditySpread => ({
      ...credit,
      priority,
      legs: [
        { underlying: 'A', ratio: 1, side: 'A' },
        { underlying, ratio: 1, side: 'B' },
      ],
    });
    const formed = evaluate(book, [1, -1, -1], [to('B', 2), to('C', 1)]).intercommodity;
    expect(formed.map(({ spread }) => spread.legs[1]?.underlying)).toEqual(['C']);
  });

  it('names the targets of scanning spreads', () => {
    const book: Pick<SpanBook, 'intercommodity'> = {
      intercommodity: [credit, { ...credit, method: 'scanning' }, { ...credit, method: 'scanning', target: 'T' }],
    };
    expect(scanningTargets(book)).toEqual(['A+B', 'T']);
  });
});
