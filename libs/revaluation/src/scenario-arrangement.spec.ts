import type { MarketScenario } from '@ballast/pricing';
import { arrangeScenarios } from './scenario-arrangement';

const scenario = (spotShock: number, amount: number, lookAheadYears = 0): MarketScenario => ({
  ...{ spotShock, lookAheadYears, volatilityShift: { convention: 'multiplicative', amount } },
});

describe('arrangeScenarios', () => {
  it('shares volatility levels within a look-ahead and keeps the order', () => {
    const groups = arrangeScenarios([
      scenario(0, 0.2),
      scenario(0.1, -0.2),
      scenario(0.2, 0.2),
      scenario(0, 0.2, 0.01),
    ]);
    expect(groups.map(({ lookAheadYears, levels }) => [lookAheadYears, levels.length])).toEqual([
      [0, 2],
      [0.01, 1],
    ]);
    expect(groups[0]?.scenarios).toEqual([
      { index: 0, spotFactor: 1, level: 0 },
      { index: 1, spotFactor: 1.1, level: 1 },
      { index: 2, spotFactor: 1.2, level: 0 },
    ]);
    expect(groups[1]?.scenarios).toEqual([{ index: 3, spotFactor: 1, level: 0 }]);
  });

  it('tells shifts of one amount but different conventions and powers apart', () => {
    const shift = (power: number) => ({ convention: 'term-scaled', amount: 0.2, power, daysMinimum: 1 }) as const;
    const [group] = arrangeScenarios([
      scenario(0, 0.2),
      { ...scenario(0, 0), volatilityShift: { convention: 'additive', amount: 0.2 } },
      { ...scenario(0, 0), volatilityShift: shift(0.3) },
      { ...scenario(0, 0), volatilityShift: shift(0.13) },
    ]);
    expect(group?.levels).toHaveLength(4);
  });

  it('arranges nothing', () => {
    expect(arrangeScenarios([])).toEqual([]);
  });
});
