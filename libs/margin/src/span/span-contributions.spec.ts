import fc from 'fast-check';
import type { SpanHolding } from './build-span-book';
import { computeSpanContributions, sumOfPositions } from './span-contributions';
import { computeSpanFigures } from './span-figures';
import type { CommodityParameters } from './span-parameters';
import { spanParameterSets } from './span-parameter-sets';

const published = spanParameterSets[0]?.values;
if (published === undefined) throw new Error('no published set');
const { scenarios, commodity: defaults } = published;

interface Line {
  readonly quantity: number;
  readonly losses: readonly number[];
  readonly right: 'call' | 'put' | null;
}

/** A holding of one or two commodities with given risk arrays. */
function holdingOf(groups: readonly (readonly Line[])[], overrides: Partial<CommodityParameters>): SpanHolding {
  const commodities = groups.map((lines, group) => ({
    id: `C${group}`,
    parameters: { ...defaults, ...overrides },
    rateToBase: 1,
    spot: 100,
    priceMove: 10,
    scanRangePerDelta: 10,
    contracts: lines.map(({ losses, right }, index) => ({
      instrumentId: `C${group}-${index}`,
      losses: Float64Array.from(scenarios, (_, scenario) => losses[scenario] ?? 0),
      delta: 0.5,
      month: '2026-12',
      right,
      notional: 1000,
    })),
  }));
  const positions = commodities.flatMap(({ contracts }) =>
    contracts.map(({ instrumentId }) => ({ contract: { instrument: { id: instrumentId } }, quantity: 0 })),
  );
  return {
    book: { scenarios, commodities, intercommodity: [] },
    quantities: Float64Array.from(groups.flat(), ({ quantity }) => quantity),
    positions: positions as unknown as SpanHolding['positions'],
  };
}

const lines = fc.array(
  fc.record({
    quantity: fc.integer({ min: -20, max: 20 }).filter((quantity) => quantity !== 0),
    losses: fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 16, maxLength: 16 }),
    right: fc.constantFrom('call' as const, 'put' as const, null),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('computeSpanContributions', () => {
  it('finds the increments that evaluating the book again would find', () => {
    const overrides = { shortOptionMinimum: { rate: 40, method: 'max' as const }, exposureRate: 0.02 };
    fc.assert(
      fc.property(lines, lines, (first, second) => {
        const holding = holdingOf([first, second], overrides);
        const figures = computeSpanFigures(holding.book, holding.quantities);
        const byId = new Map(computeSpanContributions(holding, figures).map((row) => [row.instrumentId, row]));
        holding.positions.forEach(({ contract }, index) => {
          const without = Float64Array.from(holding.quantities);
          without[index] = 0;
          const expected = figures.maintenance - computeSpanFigures(holding.book, without).maintenance;
          expect(byId.get(contract.instrument.id)?.increment).toBeCloseTo(expected, 6);
        });
        const euler = [...byId.values()].reduce((sum, row) => sum + row.euler, 0);
        expect(euler).toBeCloseTo(figures.maintenance, 6);
      }),
    );
  });

  it('evaluates the book again where calendar spreads tie positions together', () => {
    const deliveryCharge = [{ month: '2026-12', spread: 0, outright: 7 }];
    const holding = holdingOf([[{ quantity: 2, losses: [5], right: null }]], { deliveryCharge });
    const figures = computeSpanFigures(holding.book, holding.quantities);
    expect(figures.maintenance).toBe(10 + 7);
    expect(computeSpanContributions(holding, figures)[0]?.increment).toBe(17);
  });
});

describe('sumOfPositions', () => {
  it('adds the requirement of each position alone', () => {
    const long = { quantity: 3, losses: [10, -4], right: 'call' as const };
    const short = { quantity: -3, losses: [10, -4], right: 'call' as const };
    expect(sumOfPositions(holdingOf([[long, short]], {}))).toBe(30 + 12);
  });
});
