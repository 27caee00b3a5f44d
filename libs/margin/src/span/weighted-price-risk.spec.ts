import { spanParameterSets } from './span-parameter-sets';
import { activeScenario, weightedPriceRisk } from './weighted-price-risk';

const { scenarios } = spanParameterSets[0]!.values;
const future = Float64Array.of(
  0,
  0,
  -583,
  -583,
  583,
  583,
  -1167,
  -1167,
  1167,
  1167,
  -1750,
  -1750,
  1750,
  1750,
  -1733,
  1733,
);

describe('weightedPriceRisk', () => {
  const facts = { scenarios, netDelta: 2, scanRangePerDelta: 1800, losses: future.map((loss) => 2 * loss) };

  it('is the scan range of a future', () => {
    expect(weightedPriceRisk({ ...facts, method: 'normal' })).toBe(1750);
  });

  it('averages the paired scenario and takes the time risk off', () => {
    // active 13 with 900 and pair 14 with 700: VASL 800; TR (40 + 20)/2 = 30; FPR 770 over |−4|.
    const losses = new Float64Array(16);
    losses.set([40, 20]);
    losses.set([900, 700], 12);
    expect(weightedPriceRisk({ ...facts, losses, netDelta: -4, method: 'normal' })).toBe(192.5);
  });

  it('takes the scan range itself, or caps by it', () => {
    expect(weightedPriceRisk({ ...facts, method: 'scan-range' })).toBe(1800);
    expect(weightedPriceRisk({ ...facts, method: 'scan-range-cap' })).toBe(1750);
    expect(weightedPriceRisk({ ...facts, scanRangePerDelta: 1500, method: 'scan-range-cap' })).toBe(1500);
  });

  it('is 0 without delta', () => {
    expect(weightedPriceRisk({ ...facts, netDelta: 0, method: 'normal' })).toBe(0);
  });

  it('takes the first of equal scenarios as active', () => {
    expect(activeScenario(future)).toBe(12);
    expect(activeScenario(new Float64Array(16))).toBe(0);
  });
});
