import { parseInstant } from '@ballast/domain';
import { findSurfaceArbitrage } from './surface-arbitrage';
import { sviVariance } from './svi';
import { buildSlice } from './volatility-slice';

const ks = Array.from({ length: 13 }, (_, index) => -0.3 + index * 0.05);
const sliceOf = (month: number, level: number, factor: (index: number) => number = () => 1) => {
  const smile = { a: level, b: 0.1, rho: -0.3, m: 0, sigma: 0.2 };
  const points = ks.map((k, index) => ({ k, variance: sviVariance(smile, k).variance * factor(index), weight: 1 }));
  const expiry = parseInstant(`2026-0${month}-01T00:00:00Z`, 'expiry');
  return buildSlice({ expiry, yearsToExpiry: month / 12, forward: 100 }, points);
};

describe('findSurfaceArbitrage', () => {
  it('is silent about a surface that rises with time', () => {
    expect(findSurfaceArbitrage([sliceOf(3, 0.02), sliceOf(6, 0.04), sliceOf(9, 0.06)])).toEqual([]);
  });

  it('finds total variance that falls from one expiry to the next', () => {
    const [finding, ...others] = findSurfaceArbitrage([sliceOf(3, 0.05), sliceOf(6, 0.04)]);
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'IV_ARB_CALENDAR', expiry: Date.UTC(2026, 5, 1) });
    expect(finding?.amount).toBeCloseTo(0.01, 4);
  });

  it('finds it where the later expiry quotes a single strike', () => {
    for (const k of [-0.3, -0.005558547565948491, 0.028408617507787958, 0.3]) {
      const expiry = parseInstant('2026-06-01T00:00:00Z', 'expiry');
      const terms = { expiry, yearsToExpiry: 0.5, forward: 100 };
      const findings = findSurfaceArbitrage([sliceOf(3, 0.05), buildSlice(terms, [{ k, variance: 0.01, weight: 1 }])]);
      expect(findings).toMatchObject([{ code: 'IV_ARB_CALENDAR', expiry, k }]);
    }
  });

  it('finds butterflies in a jagged smile and says that it is interpolated', () => {
    const codes = findSurfaceArbitrage([sliceOf(3, 0.04, (index) => (index % 2 === 0 ? 0.5 : 2))]).map(
      ({ code }) => code,
    );
    expect(codes).toEqual(['IV_ARB_BUTTERFLY', 'FIT_MISSED']);
  });

  it('says when quotes lost their say', () => {
    const findings = findSurfaceArbitrage([sliceOf(3, 0.04, (index) => (index === 6 ? 4 : 1))]);
    expect(findings).toMatchObject([{ code: 'POINTS_LEFT_OUT', amount: 1 }]);
  });
});
