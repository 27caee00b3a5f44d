import { plainPricingBatch, type MarketScenario } from '@ballast/pricing';
import { createResidentBatch } from './resident-batch';
import { CHUNK_CONTRACTS, createScenarioKernel } from './scenario-kernel';

const count = CHUNK_CONTRACTS + 3;
const column = (value: (row: number) => number) => Float64Array.from({ length: count }, (_, row) => value(row));
const contracts = {
  spot: column(() => 100),
  strike: column((row) => 70 + (row % 60)),
  yearsToExpiry: column((row) => (row % 7 === 0 ? 0.001 : 0.4)),
  rate: column(() => 0.03),
  dividendYield: column(() => 0.01),
  volatility: column((row) => (row === 258 ? NaN : 0.2 + row / 1000)),
  right: column((row) => (row % 2 ? 1 : -1)),
};

function scenarios(size: number): MarketScenario[] {
  return Array.from({ length: size }, (_, index) => ({
    spotShock: (index - size / 2) / (size + 1),
    volatilityShift: { convention: 'additive', amount: (index % 5) * 0.01 },
    lookAheadYears: index % 3 === 0 ? 0.002 : 0,
  }));
}

describe('createScenarioKernel', () => {
  it('agrees with the plain grid across chunks and grids of growing and shrinking size', () => {
    const valueScenarioGrid = createScenarioKernel(createResidentBatch(2048));
    for (const size of [1, 16, 41, 3, 0]) {
      const results = new Float64Array(count * size);
      const reference = new Float64Array(count * size);
      const report = valueScenarioGrid(contracts, scenarios(size), 'loss', results);
      expect(report).toEqual(plainPricingBatch.valueScenarioGrid(contracts, scenarios(size), 'loss', reference));
      expect(report.badRows).toEqual([258]);
      const worst = results.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - (reference[index] ?? 0)) || 0),
        0,
      );
      expect(worst).toBeLessThanOrEqual(2e-15 * 150);
    }
  });

  it('makes the checks of the plain grid', () => {
    const valueScenarioGrid = createScenarioKernel(createResidentBatch(2048));
    expect(() => valueScenarioGrid(contracts, scenarios(2), 'price', new Float64Array(3))).toThrow('outcomes.length');
  });
});
