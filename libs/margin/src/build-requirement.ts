import { addDeferred, type Methodology, type Money, moneyFromModelValue } from '@ballast/domain';
import type {
  BreakdownNode,
  MarginRequirement,
  ModelFigures,
  PositionContribution,
  ScenarioLoss,
} from './margin-requirement';

/**
 * Makes the result of a portfolio that could be valued: rounds the two requirements up and the net option value down to
 * the currency's minor unit, once (methodology §0).
 *
 * Breakdown and contributions cost several requirements per position and are computed when they are first read; they are
 * properties like any other, so a copy or a serialised form contains them.
 *
 * @throws DomainError 'NOT_FINITE' when a figure is no number
 */
export function buildRequirement(
  input: Pick<MarginRequirement, 'methodology' | 'scenarios' | 'greeks' | 'warnings'> & {
    readonly currency: string;
    readonly model: ModelFigures;
    readonly breakdown: () => readonly BreakdownNode[];
    readonly contributions: () => readonly PositionContribution[];
    readonly worstScenario: ScenarioLoss | null;
  },
): MarginRequirement {
  const { currency, model } = input;
  const figures = {
    methodology: input.methodology,
    quality: 'OK' as const,
    qualityReasons: [],
    initialRequirement: requirementMoney(model.initialRequirement, currency),
    maintenanceRequirement: requirementMoney(model.maintenanceRequirement, currency),
    netOptionValue: moneyFromModelValue(model.netOptionValue, currency, 'down'),
    model,
    worstScenario: input.worstScenario,
    scenarios: input.scenarios,
  };
  const explained = addDeferred(
    addDeferred(figures, 'breakdown', input.breakdown),
    'contributions',
    input.contributions,
  );
  return Object.assign(explained, { greeks: input.greeks, warnings: input.warnings });
}

/** Rounds a requirement up to the minor unit; a requirement is never below 0. */
export function requirementMoney(value: number, currency: string): Money {
  return moneyFromModelValue(Math.max(0, value), currency, 'up');
}

/**
 * Makes the result of a valid portfolio that cannot be valued: every amount null and the reasons stated, so that a
 * missing price never looks like a small requirement.
 */
export function indeterminateRequirement(input: {
  readonly methodology: Methodology;
  readonly reasons: readonly string[];
  readonly warnings?: readonly string[];
}): MarginRequirement {
  return {
    methodology: input.methodology,
    quality: 'INDETERMINATE',
    qualityReasons: input.reasons,
    initialRequirement: null,
    maintenanceRequirement: null,
    netOptionValue: null,
    model: null,
    worstScenario: null,
    scenarios: [],
    breakdown: [],
    contributions: [],
    greeks: [],
    warnings: input.warnings ?? [],
  };
}

/** Picks the scenario that binds: the largest loss, ties to the first row. Null for an empty list. */
export function findWorstScenario(scenarios: readonly ScenarioLoss[]): ScenarioLoss | null {
  let worst: ScenarioLoss | null = null;
  for (const scenario of scenarios) if (worst === null || scenario.loss > worst.loss) worst = scenario;
  return worst;
}
