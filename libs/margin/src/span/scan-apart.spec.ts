import { groupOf, lossesApart, scanRiskOf } from './scan-apart';
import type { SpanCommodity } from './span-book';
import { computeSpanBookRequirement } from './span-book-requirement';
import { spanParameterSets } from './span-parameter-sets';

const { scenarios, commodity: parameters } = spanParameterSets[0]!.values;
const tiers = [
  { from: '2026-01', to: '2026-06-zz' },
  { from: '2026-07', to: '2026-12-zz' },
];
const losing = (index: number, amount: number) =>
  Float64Array.from({ length: 16 }, (_, scenario) => (scenario === index ? amount : 0));

function commodityOf(months: readonly string[], apart: boolean): SpanCommodity {
  return {
    id: 'GC',
    parameters,
    rateToBase: 1,
    spot: null,
    priceMove: null,
    scanRangePerDelta: 0,
    contracts: months.map((month) => ({
      instrumentId: month,
      losses: Float64Array.from({ length: 16 }, (_, scenario) => (scenario === 12 ? 100 : scenario === 10 ? -100 : 0)),
      delta: 1,
      month,
      right: null,
      notional: 0,
    })),
    ...(apart ? { scannedApart: tiers } : {}),
  };
}

describe('lossesApart', () => {
  it('sums per group of months, days of a month included, and keeps months of no group apart', () => {
    const commodity = commodityOf(['2026-03', '2026-06-25', '2026-08', '2027-03'], true);
    const groups = lossesApart(commodity, Float64Array.of(1, 2, 4, 8), 16);
    expect(groups.map((group) => group[12])).toEqual([300, 400, 800]);
    expect(groupOf('2026-06-W1', tiers)).toBe(0);
    expect(groupOf('2027-03', tiers)).toBe(2);
    expect(lossesApart(commodityOf(['2026-03'], false), Float64Array.of(1), 16)).toEqual([]);
  });
});

describe('scanRiskOf', () => {
  it('adds the groups, and what a scanning spread moved away or brought', () => {
    const apart = [losing(0, 10), losing(1, 20), losing(2, -5)];
    const losses = Float64Array.from({ length: 16 }, (_, scenario) => [10, 20, -5][scenario] ?? 0);
    expect(scanRiskOf({ losses, scanned: losses, apart, movedPortion: 0 }, 20)).toBe(30);
    const half = losses.map((loss) => loss / 2);
    expect(scanRiskOf({ losses, scanned: half, apart, movedPortion: 0.5 }, 10)).toBe(15);
    const brought = half.map((loss, scenario) => loss + (scenario === 5 ? 7 : 0));
    expect(scanRiskOf({ losses, scanned: brought, apart, movedPortion: 0.5 }, 10)).toBe(22);
    expect(scanRiskOf({ losses, scanned: losses, apart: [], movedPortion: 0 }, -3)).toBe(0);
  });
});

describe('a requirement scanned by tiers', () => {
  const requirementOf = (apart: boolean) =>
    computeSpanBookRequirement({
      book: { scenarios, commodities: [commodityOf(['2026-03', '2026-08'], apart)], intercommodity: [] },
      quantities: Float64Array.of(2, -1),
      currency: 'USD',
      netOptionValues: new Map(),
      greeks: [],
      warnings: [],
    });

  it('does not offset tiers', () => {
    expect(requirementOf(false).model?.maintenanceRequirement).toBe(100);
    expect(requirementOf(true).model?.maintenanceRequirement).toBe(300);
  });

  it('adds contributions up and explains the sum', () => {
    const { contributions, breakdown, model } = requirementOf(true);
    const sum = contributions.reduce((total, { euler }) => total + euler, 0);
    expect(sum).toBe(model?.maintenanceRequirement);
    expect(contributions.map(({ increment }) => increment)).toEqual([200, 100]);
    expect(breakdown.find(({ kind }) => kind === 'scan-risk')?.basis).toBe(
      'sum over 2 scan tiers, each at its worst scenario',
    );
  });
});
