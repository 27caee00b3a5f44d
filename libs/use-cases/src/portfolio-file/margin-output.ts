// The output of `ballast margin --json` and of everything that evaluates a portfolio file (contract §2).
import type { BufferAssessment, CollateralLine, EquityComponent } from '@ballast/buffer';
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
  /** Gross market exposure / equity; null when equity is not positive or unknown. */
  readonly leverage: string | null;
  /** Lines that add up to the equity. */
  readonly equityComponents: readonly EquityComponentLine[];
  /** How each pledged holding came to its value. */
  readonly collateral: readonly CollateralOutputLine[];
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

/** One line of the equity; amounts are decimal strings, rates and fractions numbers. */
export interface EquityComponentLine {
  readonly kind: string;
  readonly currency: string;
  /** Before conversion [currency]. */
  readonly grossAmount: string;
  readonly fxRate: number;
  readonly fxHaircut: number;
  /** After conversion and FX haircut [base currency]. */
  readonly amount: string;
}

/** One pledged holding; values before conversion are of its own currency, those after it of the base currency. */
export interface CollateralOutputLine {
  readonly asset: string;
  readonly assetClass: string | null;
  readonly currency: string;
  readonly grossValue: string;
  readonly haircut: number;
  readonly valueAfterHaircut: string;
  readonly fxRate: number | null;
  readonly fxHaircut: number;
  readonly valueAfterFx: string;
  readonly concentrationExcess: string;
  readonly limitedBy: string | null;
  readonly netValue: string;
}

/** Shows the components of equity. */
export function toEquityLines(components: readonly EquityComponent[]): EquityComponentLine[] {
  return components.map(({ kind, currency, grossAmount, fxRate, fxHaircut, amount }) => ({
    kind,
    currency,
    grossAmount: formatMoney(grossAmount),
    fxRate,
    fxHaircut,
    amount: formatMoney(amount),
  }));
}

/** Shows how pledged holdings came to their value. */
export function toCollateralLines(lines: readonly CollateralLine[]): CollateralOutputLine[] {
  return lines.map((line) => ({
    asset: line.asset,
    assetClass: line.assetClass,
    currency: line.currency,
    grossValue: formatMoney(line.grossValue),
    haircut: line.haircut,
    valueAfterHaircut: formatMoney(line.valueAfterHaircut),
    fxRate: line.fxRate,
    fxHaircut: line.fxHaircut,
    valueAfterFx: formatMoney(line.valueAfterFx),
    concentrationExcess: formatMoney(line.concentrationExcess),
    limitedBy: line.limitedBy,
    netValue: formatMoney(line.netValue),
  }));
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
    leverage: assessment.leverage?.toFixed() ?? null,
    equityComponents: toEquityLines(assessment.equityComponents),
    collateral: toCollateralLines(assessment.collateral),
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
