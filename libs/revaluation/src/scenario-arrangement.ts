/**
 * Sorts the scenarios of a grid by what the kernel shares between them: the look-ahead, and the volatility level.
 */
import type { MarketScenario, VolatilityShift } from '@ballast/pricing';

/** Scenarios with one look-ahead: their contracts have one time to expiry, one discount factor, one forward. */
export interface ScenarioGroup {
  readonly lookAheadYears: number;
  /** Distinct volatility shifts of the group. */
  readonly levels: readonly VolatilityShift[];
  readonly scenarios: readonly ArrangedScenario[];
}

export interface ArrangedScenario {
  /** Place in the caller's list. */
  readonly index: number;
  /** 1 + spot shock. */
  readonly spotFactor: number;
  /** Index into the group's levels. */
  readonly level: number;
}

/** Arranges scenarios; the order within a group is the caller's. */
export function arrangeScenarios(scenarios: readonly MarketScenario[]): readonly ScenarioGroup[] {
  const groups = new Map<number, GroupDraft>();
  scenarios.forEach(({ spotShock, volatilityShift, lookAheadYears }, index) => {
    const group: GroupDraft = groups.get(lookAheadYears) ?? { levels: new Map(), scenarios: [] };
    groups.set(lookAheadYears, group);
    const key = shiftKey(volatilityShift);
    if (!group.levels.has(key)) group.levels.set(key, volatilityShift);
    const level = [...group.levels.keys()].indexOf(key);
    group.scenarios.push({ index, spotFactor: 1 + spotShock, level });
  });
  return [...groups].map(([lookAheadYears, group]) => ({
    lookAheadYears,
    levels: [...group.levels.values()],
    scenarios: group.scenarios,
  }));
}

interface GroupDraft {
  readonly levels: Map<string, VolatilityShift>;
  readonly scenarios: ArrangedScenario[];
}

function shiftKey(shift: VolatilityShift): string {
  const term = shift.convention === 'term-scaled' ? `|${shift.power}|${shift.daysMinimum}` : '';
  return `${shift.convention}|${shift.amount}${term}`;
}
