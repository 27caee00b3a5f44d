import { blackScholesPrice } from './black-scholes';
import { logGridWorkspace, stepLogGrid, type LogGrid } from './log-grid';

const count = 601;
const spacing = 0.006;
const start = Math.log(100) - 300 * spacing;
const levels = Float64Array.from({ length: count }, (_, j) => Math.exp(start + j * spacing));
const grid: LogGrid = { start, spacing, count, levels };
const market = { volatility: 0.3, rate: 0.05, dividendYield: 0.02 };

function roll(obstacle: Float64Array | null): Float64Array {
  const values = levels.map((level) => Math.max(0, 100 - level));
  const workspace = logGridWorkspace(count);
  for (let k = 1; k <= 100; k++) stepLogGrid(grid, market, values, (2 * k - 1) / 10000, obstacle, workspace);
  return values;
}

describe('stepLogGrid', () => {
  it('converges to the Black-Scholes price', () => {
    const values = roll(null);
    for (const j of [200, 250, 300, 350, 400]) {
      const exact = blackScholesPrice({ ...market, right: 'put', spot: levels[j]!, strike: 100, yearsToExpiry: 1 });
      expect(Math.abs(values[j]! - exact)).toBeLessThan(1e-3);
    }
  });

  it('keeps values at or above the obstacle and touches it where exercise is optimal', () => {
    const obstacle = levels.map((level) => 100 - level);
    const values = roll(obstacle);
    values.forEach((value, j) => expect(value).toBeGreaterThanOrEqual(obstacle[j]!));
    expect(values[100]).toBe(obstacle[100]);
    expect(values[300]!).toBeGreaterThan(roll(null)[300]!);
  });

  it('prices the underlying and cash exactly in the far ends', () => {
    const forward = levels.map((level) => 100 - level);
    stepLogGrid(grid, market, forward, 0.01, null, logGridWorkspace(count));
    const exact = 100 * Math.exp(-0.05 * 0.01) - levels[0]! * Math.exp(-0.02 * 0.01);
    expect(forward[0]).toBeCloseTo(exact, 3);
  });
});
