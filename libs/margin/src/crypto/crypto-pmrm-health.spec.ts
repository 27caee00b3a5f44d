import { asOf } from '../../../../test/support/portfolio-builder';
import { plainPmrmOverrides, pmrmBook } from '../../../../test/support/pmrm-book';
import { computePmrmHealth } from './crypto-pmrm-health';
import { parsePmrmParameters } from './parse-pmrm-parameters';

const parameters = parsePmrmParameters(plainPmrmOverrides, asOf);

describe('computePmrmHealth', () => {
  it('scales the worst loss and adds the contingencies', () => {
    const health = computePmrmHealth(pmrmBook(), [-3, 0, 0], parameters);
    // scenarios −15, +6; basis −3·2·2.5
    expect(health.pnls).toEqual([-15, 6, -15]);
    expect([health.worstIndex, health.worstLoss]).toEqual([0, 15]);
    expect(health.maintenanceCharge).toBeCloseTo(15 * 0.8 + 0.9, 12);
    expect(health.initialCharge).toBeCloseTo(15 + 0.9 + 0.6, 12);
    expect(health.markToMarket).toBe(-30);
  });

  it('raises the initial factor below the peg threshold only', () => {
    const factor = (stablePrice: number) =>
      computePmrmHealth(pmrmBook({ stablePrice }), [-3, 0, 0], parameters).initialFactor;
    expect(factor(0.95)).toBeCloseTo(1 + 0.03 * 2, 12);
    expect(factor(0.98)).toBe(1);
  });

  it('adds unrealised profit and held coins to mark to market', () => {
    const book = pmrmBook({ perpetualUnrealised: 7, coins: [{ place: 3, multiplier: 1, price: 100 }], stablePrice: 2 });
    expect(computePmrmHealth(book, [0, 0, 0, 3], parameters).markToMarket).toBe(7 + 150);
  });
});
