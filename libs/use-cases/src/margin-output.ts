// The output of `ballast margin --json` and of everything that evaluates a portfolio file (contract §2).
import type { BufferAssessment } from '@ballast/buffer';
import { formatMoney, type Money } from '@ballast/domain';
import type { MarginRequirement, ModelFigures, ScenarioLoss, UnderlyingGreeks } from '@ballast/margin';

/** Amounts are decimal strings at the currency's scale; `model`, losses and Greeks are unrounded numbers, loss > 0. */
export interface MarginOutput {
  readonly methodology: string;
  readonly quality: string;
  readonly qualityReasons: readonly string[];
  readonly initialRequirement: string | null;
  readonly maintenanceRequirement: string | null;
  readonly netOptionValue: string | null;
  readonly currency: string;
  readonly model: ModelFigures | null;
  readonly worstScenario: ScenarioLoss | null;
  readonly scenarios: readonly ScenarioLoss[];
  readonly breakdown: readonly BreakdownLine[];
  readonly contributions: readonly {
    readonly instrument: string;
    readonly euler: number;
    readonly increment: number;
  }[];
  readonly greeks: readonly UnderlyingGreeks[];
  readonly equity: string | null;
  readonly collateralValue: string | null;
  readonly buffer: string | null;
  readonly bufferRatio: string | null;
  readonly excess: string | null;
  readonly callAmount: string | null;
  readonly status: string;
  readonly warnings: readonly string[];
  /** CRYPTO_PMRM only. */
  readonly markToMarket?: number;
  readonly initialHealth?: number;
  readonly maintenanceHealth?: number;
}

export interface BreakdownLine {
  readonly id: string;
  readonly parentId: string | null;
  readonly kind: string;
  readonly label: string;
  readonly amount: string;
  readonly basis: string;
}

/** Puts a requirement and its buffer into the shape of the contract. */
export function toMarginOutput(
  requirement: MarginRequirement,
  assessment: BufferAssessment,
  currency: string,
): MarginOutput {
  const { model } = requirement;
  const reasons = [...requirement.qualityReasons];
  for (const reason of assessment.reasons) if (!reasons.includes(reason)) reasons.push(reason);
  return {
    methodology: requirement.methodology,
    quality: assessment.status === 'INDETERMINATE' ? 'INDETERMINATE' : requirement.quality,
    qualityReasons: reasons,
    initialRequirement: amountOf(requirement.initialRequirement),
    maintenanceRequirement: amountOf(requirement.maintenanceRequirement),
    netOptionValue: amountOf(requirement.netOptionValue),
    currency,
    model,
    worstScenario: requirement.worstScenario,
    scenarios: requirement.scenarios,
    breakdown: requirement.breakdown.map((node) => ({ ...node, amount: formatMoney(node.amount) })),
    contributions: requirement.contributions.map(({ instrumentId, euler, increment }) => ({
      instrument: instrumentId,
      euler,
      increment,
    })),
    greeks: requirement.greeks,
    equity: amountOf(assessment.equity),
    collateralValue: amountOf(assessment.collateralValue),
    buffer: amountOf(assessment.buffer),
    bufferRatio: assessment.bufferRatio?.toFixed() ?? null,
    excess: amountOf(assessment.excess),
    callAmount: amountOf(assessment.callAmount),
    status: assessment.status,
    warnings: [...requirement.warnings, ...assessment.warnings],
    ...healthFigures(model),
  };
}

function healthFigures(model: ModelFigures | null): Partial<MarginOutput> {
  if (model?.markToMarket === undefined) return {};
  const { markToMarket, initialHealth, maintenanceHealth } = model;
  return {
    markToMarket,
    ...(initialHealth === undefined ? {} : { initialHealth }),
    ...(maintenanceHealth === undefined ? {} : { maintenanceHealth }),
  };
}

function amountOf(money: Money | null): string | null {
  return money === null ? null : formatMoney(money);
}
