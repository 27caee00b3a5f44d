import fc from 'fast-check';
import { shortfallStandardError, sortLosses, stratifiedTailFigures, tailFigures } from './loss-quantile';

describe('tailFigures', () => {
  it('gives VaR99 = 990.01 and ES99 = 995.5 for losses 1 … 1000', () => {
    const { valueAtRisk, expectedShortfall } = tailFigures(
      sortLosses(Array.from({ length: 1000 }, (_, index) => 1000 - index)),
      0.99,
    );
    expect(valueAtRisk).toBeCloseTo(990.01, 10);
    expect(expectedShortfall).toBe(995.5);
  });

  it('counts the last loss of the tail in part: n = 250 at 99 % averages 2.5 losses', () => {
    const sorted = sortLosses(Array.from({ length: 250 }, (_, index) => index + 1));
    expect(tailFigures(sorted, 0.99).expectedShortfall).toBeCloseTo((250 + 249 + 0.5 * 248) / 2.5, 10);
  });

  it('is the worst loss where the sample is too small', () => {
    expect(tailFigures(sortLosses([3, 1, 2]), 0.99).expectedShortfall).toBe(3);
    expect(tailFigures(sortLosses([7]), 0.99)).toEqual({ valueAtRisk: 7, expectedShortfall: 7 });
  });

  it('refuses an empty sample and a loss that is not a number', () => {
    expect(() => tailFigures(new Float64Array(0), 0.99)).toThrow('empty sample');
    expect(() => sortLosses([1, NaN])).toThrow('NaN');
  });

  it('has ES ≥ VaR, and both move with the losses', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 400 }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (losses, confidence) => {
          const { valueAtRisk, expectedShortfall } = tailFigures(sortLosses(losses), confidence);
          const shifted = tailFigures(sortLosses(losses.map((loss) => loss + 10)), confidence);
          const room = 1e-9 * Math.max(1, ...losses.map(Math.abs));
          expect(expectedShortfall).toBeGreaterThanOrEqual(valueAtRisk - room);
          expect(Math.abs(shifted.valueAtRisk - valueAtRisk - 10)).toBeLessThan(room + 1e-6);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('stratifiedTailFigures', () => {
  it('reads i + ½ of n: the 90 % quantile of 10 equal steps of 0 … 1 is 0.9', () => {
    const middles = Float64Array.from({ length: 10 }, (_, index) => (index + 0.5) / 10);
    expect(stratifiedTailFigures(middles, 0.9).valueAtRisk).toBeCloseTo(0.9, 14);
    expect(stratifiedTailFigures(middles, 0.9).expectedShortfall).toBeCloseTo(0.95, 14);
  });
});

describe('shortfallStandardError', () => {
  it('of 1 … 1000 at 99 %: √((9.1667 + 0.99 · 5.49²)/10)', () => {
    const sorted = Float64Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(shortfallStandardError(sorted, 0.99)).toBeCloseTo(Math.sqrt((82.5 / 9 + 0.99 * 5.49 ** 2) / 10), 9);
  });
});
