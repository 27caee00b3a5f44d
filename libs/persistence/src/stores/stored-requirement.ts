import type { CollateralLine, EquityComponent } from '@ballast/buffer';
import type { DataQuality, Decimal, Instant, Methodology, Money } from '@ballast/domain';
import type {
  BreakdownNode,
  ModelFigures,
  PositionContribution,
  ScenarioLoss,
  UnderlyingGreeks,
} from '@ballast/margin';
import type { BufferStatus } from '../buffer-status';
import type { RequirementHold } from './requirement-hold';
import type { RequirementKey } from './requirement-key';

/** Figures of a stored requirement. Amounts are null exactly when the quality is INDETERMINATE. */
export interface StoredRequirement extends RequirementKey {
  /** `<runId>.<accountId>`. */
  readonly id: string;
  readonly knownAt: Instant;
  readonly methodology: Methodology;
  readonly parameterSetId: string;
  readonly currency: string;
  readonly initialRequirement: Money | null;
  readonly maintenanceRequirement: Money | null;
  readonly netOptionValue: Money | null;
  readonly equity: Money | null;
  readonly collateralValue: Money | null;
  readonly buffer: Money | null;
  readonly bufferRatio: Decimal | null;
  readonly excess: Money | null;
  readonly status: BufferStatus;
  /** Status by the figures alone; differs where bad data kept the account on its step. */
  readonly computedStatus: BufferStatus;
  /** Gross market exposure / equity; null when equity is not positive or unknown. */
  readonly leverage: Decimal | null;
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  readonly warnings: readonly string[];
  readonly worstScenario: ScenarioLoss | null;
  readonly engineVersion: string;
  readonly parameterHash: string;
  readonly snapshotHash: string;
  readonly inputHash: string;
  readonly resultHash: string;
  /** Status before the run, which decided hysteresis; null when there was none. */
  readonly previousStatus: BufferStatus | null;
  /** Present when the figures were held for a person; `status` and `quality` already say whether they still are. */
  readonly hold?: RequirementHold;
}

/** The explanation of a stored requirement, as the engine wrote it. */
export interface RequirementDetail {
  readonly model: ModelFigures | null;
  readonly scenarios: readonly ScenarioLoss[];
  readonly breakdown: readonly BreakdownNode[];
  readonly contributions: readonly PositionContribution[];
  readonly greeks: readonly UnderlyingGreeks[];
  /** Lines that add up to the equity. */
  readonly equityComponents: readonly EquityComponent[];
  readonly collateral: readonly CollateralLine[];
}
