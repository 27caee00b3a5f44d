import { bridgeCrossingProbability, firstPassageProbability, lognormalTouchProbability } from './first-passage';

describe('firstPassageProbability', () => {
  it('without drift is twice the probability of ending beyond: 2 Φ(−1)', () => {
    const input = { distance: 0.2, drift: 0, volatility: 0.2, years: 1 };
    expect(firstPassageProbability(input)).toBeCloseTo(2 * 0.15865525393145707, 14);
  });

  it('is certain at the level, impossible without time, and falls with drift away', () => {
    const input = { distance: 0.2, drift: 0, volatility: 0.2, years: 1 };
    expect(firstPassageProbability({ ...input, distance: 0 })).toBe(1);
    expect(firstPassageProbability({ ...input, years: 0 })).toBe(0);
    expect(firstPassageProbability({ ...input, drift: 0.1 })).toBeLessThan(firstPassageProbability(input));
    // as T → ∞ with drift away: e^(−2νa/σ²)
    expect(firstPassageProbability({ ...input, drift: 0.1, years: 1e6 })).toBeCloseTo(Math.exp(-1), 10);
  });
});

describe('lognormalTouchProbability', () => {
  it('of a price that must double is at most one half, as of any martingale', () => {
    const touch = lognormalTouchProbability({ price: 100, level: 200, volatility: 2, years: 1000 });
    expect(touch).toBeCloseTo(0.5, 6);
    expect(lognormalTouchProbability({ price: 100, level: 50, volatility: 0.3, years: 1 })).toBeLessThan(0.05);
  });
});

describe('bridgeCrossingProbability', () => {
  it('is e^(−2) for distances and deviation of 1, certain on the level', () => {
    expect(bridgeCrossingProbability({ start: 1, end: 1, variance: 1 })).toBeCloseTo(Math.exp(-2), 15);
    expect(bridgeCrossingProbability({ start: 0, end: 1, variance: 1 })).toBe(1);
    expect(bridgeCrossingProbability({ start: 1, end: 1, variance: 0 })).toBe(0);
  });
});
