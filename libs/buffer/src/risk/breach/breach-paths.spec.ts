import { monotoneCurve } from '../valuation/monotone-curve';
import { finish } from '../steps';
import { simulateBreaches } from './breach-paths';
import type { BufferField } from './buffer-field';
import { firstPassageProbability } from './first-passage';

/** A buffer that is the log move + 0.1 in one or the mean of two underlyings, without requirement. */
const fieldOf = (size: number): BufferField => {
  const at = Float64Array.of(-3, 3);
  const bufferAt = monotoneCurve({ at, values: at.map((move) => move + 0.1) });
  const curve = { at, buffers: at.map((move) => move + 0.1), bufferAt, equityAt: bufferAt };
  return {
    kind: size === 1 ? 'SINGLE' : 'PER_UNDERLYING',
    bufferAt: (_, __, moves) => moves.reduce((sum, move) => sum + move / size, 0.1),
    settlementAt: () => 0,
    slopesAt: () => new Float64Array(size).fill(1 / size),
    curveAt: () => (size === 1 ? curve : null),
  };
};
const alive: [] = [];
const nodes = [0.05, 0.1].map((years) => ({
  years,
  tradingDays: 252 * years,
  calendarDays: 365 * years,
  entering: alive,
  leaving: alive,
}));

describe('simulateBreaches', () => {
  it.each([
    [1, [0.04], 0.04],
    [2, [0.04, 0.02, 0.02, 0.04], 0.03],
  ])('of %i underlyings agrees with the first passage of Brownian motion', (size, covariance, variance) => {
    const question = { paths: 1024, replicates: 4, seed: 1 };
    const found = finish(simulateBreaches(fieldOf(size), nodes, Float64Array.from(covariance), question));
    const mean = found.reduce((sum, masses) => sum + masses.reduce((total, mass) => total + mass, 0), 0) / found.length;
    const closed = firstPassageProbability({
      distance: 0.1,
      drift: -0.02,
      volatility: Math.sqrt(variance),
      years: 0.1,
    });
    expect(Math.abs(mean - closed)).toBeLessThan(0.003);
  });

  it('evaluates the buffer once per instant of a path, and once now', () => {
    let count = 0;
    const field = fieldOf(2);
    const counted: BufferField = {
      ...field,
      bufferAt: (...place) => {
        count += 1;
        return field.bufferAt(...place) + 10;
      },
    };
    const question = { paths: 64, replicates: 2, seed: 1 };
    finish(simulateBreaches(counted, nodes, Float64Array.of(0.04, 0.02, 0.02, 0.04), question));
    expect(count).toBe(1 + 64 * 2 * nodes.length);
  });
});
