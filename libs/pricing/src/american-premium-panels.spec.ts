import { BOUNDARY_ACCURACY } from './american-accuracy';
import { curveLogLevel, solveCurve } from './american-exercise-curve';
import type { PremiumPanel } from './american-premium-panel';
import {
  PANEL_BY_RATE,
  PANEL_BY_VOLATILITY,
  PANEL_BY_YIELD,
  PANEL_DRIFT,
  PANEL_GAIN,
  PANEL_LEVEL,
  PANEL_PER_SPREAD,
  PANEL_RATE_WEIGHT,
  PANEL_SHIFT,
  PANEL_SPREAD,
  PANEL_STRIDE,
  PANEL_YIELD_WEIGHT,
  premiumPanel,
} from './american-premium-panels';
import { gaussLegendre } from './gauss-legendre';

const base = { yearsToExpiry: 2, rate: 0.06, dividendYield: 0.02, volatility: 0.3 };
const { grid, rule } = BOUNDARY_ACCURACY.accurate;
const solved = (put: typeof base, withSlopes = true) =>
  solveCurve({ put, side: 1, lnLimit: 0, horizon: 2 }, grid, 1e-10, withSlopes)!;

const termsOf = ({ terms, from, to }: PremiumPanel) => terms.subarray(from, to);

describe('premiumPanel', () => {
  it('holds the terms of the integrand at every node', () => {
    const curve = solved(base);
    const { terms, from } = premiumPanel(curve, base, rule, 0.25, 1);
    let life = 0;
    rule.nodes.forEach((node, k) => {
      const t = 0.25 + 0.75 * node;
      const s = 2 * ((2 * t) / (1 + t * t)) ** 2;
      const at = (index: number) => terms[from + k * PANEL_STRIDE + index]!;
      const level = Math.exp(curveLogLevel(curve, 2 - s));
      expect(at(PANEL_SHIFT)).toBeCloseTo(-Math.log(level), 12);
      expect(at(PANEL_LEVEL)).toBeCloseTo(level, 12);
      expect(at(PANEL_GAIN)).toBeCloseTo(0.06 - 0.02 * level, 14);
      expect(at(PANEL_SPREAD)).toBeCloseTo(0.3 * Math.sqrt(s), 14);
      expect(at(PANEL_PER_SPREAD) * at(PANEL_SPREAD)).toBeCloseTo(1, 14);
      expect(at(PANEL_DRIFT)).toBeCloseTo((0.04 / 0.3 - 0.15) * Math.sqrt(s), 14);
      expect(at(PANEL_RATE_WEIGHT) / at(PANEL_YIELD_WEIGHT)).toBeCloseTo(Math.exp(-0.04 * s), 13);
      life += at(PANEL_RATE_WEIGHT) * Math.exp(0.06 * s);
    });
    expect(life).toBeCloseTo(2 - 2 * (0.5 / 1.0625) ** 2, 12);
  });

  it('differentiates the curve in its parameters', () => {
    const terms = termsOf(premiumPanel(solved(base), base, rule, 0.25, 1));
    const shiftOf = (put: typeof base) => termsOf(premiumPanel(solved(put), put, rule, 0.25, 1))[PANEL_SHIFT]!;
    for (const [field, index] of [
      ['volatility', PANEL_BY_VOLATILITY],
      ['rate', PANEL_BY_RATE],
      ['dividendYield', PANEL_BY_YIELD],
    ] as const) {
      const up = shiftOf({ ...base, [field]: base[field] + 1e-5 });
      const down = shiftOf({ ...base, [field]: base[field] - 1e-5 });
      expect(terms[index]! / ((down - up) / 2e-5)).toBeCloseTo(1, 4);
    }
    const plain = termsOf(premiumPanel(solved(base, false), base, rule, 0.25, 1));
    expect([plain[PANEL_BY_VOLATILITY], plain[PANEL_BY_RATE]]).toEqual([0, 0]);
  });

  it('remembers a stretch with its curve, a bounded number of them, and never changes it', () => {
    const curve = solved(base);
    const first = premiumPanel(curve, base, rule, 0.25, 1);
    expect(premiumPanel(curve, base, rule, 0.25, 1)).toBe(first);
    expect(premiumPanel(curve, base, gaussLegendre(8), 0.25, 1)).not.toBe(first);
    for (let k = 1; k < 100; k++) premiumPanel(curve, base, rule, 0.2 / k, 1);
    expect(curve.panels.length).toBeLessThan(40);
    const late = premiumPanel(curve, base, rule, 0.2 / 99, 1);
    expect(termsOf(premiumPanel(curve, base, rule, 0.2 / 99, 1))).toEqual(termsOf(late));
    expect(termsOf(premiumPanel(solved(base), base, rule, 0.25, 1))).toEqual(termsOf(first));
  });
});
