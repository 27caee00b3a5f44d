import type { SpanBook } from './span-book';
import { computeSpanBookRequirement } from './span-book-requirement';
import { spanParameterSets } from './span-parameter-sets';

const { scenarios, commodity: parameters } = spanParameterSets[0]!.values;
/** GC Sep-25 of 2025-09-12, published maintenance 16 000 (methodology §1.9). */
const gold = [
  0, 0, -5333, -5333, 5333, 5333, -10667, -10667, 10667, 10667, -16000, -16000, 16000, 16000, -15840, 15840,
];
const book: SpanBook = {
  scenarios,
  commodities: [
    {
      id: 'GC',
      parameters: { ...parameters, initialToMaintenanceRatio: 1.1 },
      rateToBase: 1,
      spot: null,
      priceMove: null,
      scanRangePerDelta: 16000,
      contracts: [
        { instrumentId: 'GCU5', losses: Float64Array.from(gold), delta: 1, month: '2025-09', right: null, notional: 0 },
      ],
    },
  ],
  intercommodity: [],
};
const requirementOf = (quantity: number) =>
  computeSpanBookRequirement({
    book,
    quantities: Float64Array.of(quantity),
    currency: 'USD',
    netOptionValues: new Map([['GC', -250]]),
    greeks: [],
    warnings: ['a note'],
  });

describe('computeSpanBookRequirement', () => {
  it('computes the published requirement from the published array', () => {
    const requirement = requirementOf(1);
    expect(requirement.model).toEqual({
      initialRequirement: 16000 * 1.1,
      maintenanceRequirement: 16000,
      netOptionValue: -250,
    });
    expect(requirement.netOptionValue?.amount.toFixed(2)).toBe('-250.00');
    expect(requirement.warnings).toEqual(['a note']);
    expect(requirement.contributions).toEqual([{ instrumentId: 'GCU5', euler: 16000, increment: 16000 }]);
  });

  it('names scenarios by scan ranges where only arrays are known', () => {
    expect(requirementOf(1).worstScenario).toEqual({
      index: 13,
      group: 'GC',
      label: 'underlying −1 scan range, volatility up',
      loss: 16000,
    });
    const labels = requirementOf(-1).scenarios.map(({ label }) => label);
    expect([labels[0], labels[3], labels[15]]).toEqual([
      'underlying unchanged, volatility up',
      'underlying +1/3 of the scan range, volatility down',
      'underlying −3 scan ranges, 33 % of the loss counts',
    ]);
  });
});
