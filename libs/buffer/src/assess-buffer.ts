import {
  addDeferred,
  type DataQuality,
  Decimal,
  type MarketSnapshot,
  type Money,
  subtractMoney,
  toMoney,
} from '@ballast/domain';
import type { MarginRequirement, Portfolio } from '@ballast/margin';
import { type BufferPolicy, defaultBufferPolicy } from './buffer-policy';
import { type BufferStatus, decideBufferStatus } from './buffer-status';
import { computeCallAmount } from './call-amount';
import type { CollateralLine } from './collateral-value';
import { computeEquity } from './equity';
import type { EquityComponent, EquityParts } from './equity-component';
import { transitionStatus } from './status-transition';

/** Where an account stands against its requirement; amounts are null exactly when the status is INDETERMINATE. */
export interface BufferAssessment {
  readonly status: BufferStatus;
  /** What the ladder gives on these figures; differs from `status` where bad data kept the account on its rung. */
  readonly computedStatus: BufferStatus;
  readonly equity: Money | null;
  readonly collateralValue: Money | null;
  /** equity − maintenance requirement. */
  readonly buffer: Money | null;
  /** buffer / maintenance, rounded down to six decimals; null when maintenance is 0 or unknown. */
  readonly bufferRatio: Decimal | null;
  /** equity − initial requirement. */
  readonly excess: Money | null;
  /** What a margin call asks for; null unless the status is MARGIN_CALL or LIQUIDATION. */
  readonly callAmount: Money | null;
  readonly equityParts: EquityParts | null;
  /** Lines that add up to the equity exactly; empty when INDETERMINATE. */
  readonly equityComponents: readonly EquityComponent[];
  /** How each pledged holding came to its value; empty when INDETERMINATE. */
  readonly collateral: readonly CollateralLine[];
  /** Gross market exposure / equity; null when equity ≤ 0 or unknown. */
  readonly leverage: Decimal | null;
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Holds equity against a requirement: buffer, ratio, excess, rung of the ladder and call amount (contract §1).
 *
 * Components of equity and leverage are computed when they are first read.
 *
 * @param input.previousStatus  rung of the last observation, for the hysteresis
 * @param input.policy          multiples of the ladder; the default policy in force when absent
 * @param input.callOverdue     the account's call was not met in time; counts while this equity neither meets it nor releases it
 * @param input.quality         quality of the data behind the figures: worse than OK moves nobody
 *                              (transitionStatus); OK when absent, for questions that have no history
 * @throws DomainError as computeEquity
 */
export function assessBuffer(input: {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
  readonly requirement: MarginRequirement;
  readonly policy?: BufferPolicy;
  readonly previousStatus?: BufferStatus;
  readonly callOverdue?: boolean;
  readonly quality?: DataQuality;
}): BufferAssessment {
  const { portfolio, snapshot, requirement } = input;
  const { initialRequirement: initial, maintenanceRequirement: maintenance, model } = requirement;
  if (initial === null || maintenance === null || model === null) return indeterminate(requirement.qualityReasons);
  const policy = input.policy ?? defaultBufferPolicy(portfolio.asOf);
  const valuation = computeEquity({ portfolio, snapshot, netOptionValue: model.netOptionValue, policy });
  if (valuation.status === 'indeterminate') return indeterminate(valuation.reasons);
  const { equity, collateralValue } = valuation;
  const held = holdAgainst({ ...input, equity, initial, maintenance, policy });
  const called = held.status === 'MARGIN_CALL' || held.status === 'LIQUIDATION';
  const figures = {
    ...held,
    equity,
    collateralValue,
    callAmount: called ? computeCallAmount({ equity, initial, maintenance, policy }) : null,
    equityParts: valuation.parts,
    collateral: valuation.collateral,
    reasons: [],
    warnings: [...valuation.warnings, ...held.warnings],
  };
  return addDeferred(addDeferred(figures, 'equityComponents', valuation.components), 'leverage', valuation.leverage);
}

/** What stands between equity and a requirement, and the rung that follows. */
export type HeldEquity = Pick<
  BufferAssessment,
  'status' | 'computedStatus' | 'buffer' | 'bufferRatio' | 'excess' | 'warnings'
>;

/** Holds a known equity against a requirement, as assessBuffer does; all three amounts are of one currency. */
export function holdAgainst(
  input: Pick<Parameters<typeof assessBuffer>[0], 'previousStatus' | 'callOverdue' | 'quality'> & {
    readonly equity: Money;
    readonly initial: Money;
    readonly maintenance: Money;
    readonly policy: BufferPolicy;
  },
): HeldEquity {
  const { equity, initial, maintenance, policy } = input;
  const computed = decideBufferStatus({
    equity,
    maintenance,
    policy,
    ...(input.previousStatus === undefined ? {} : { previousStatus: input.previousStatus }),
    callOverdue: input.callOverdue === true && isStillShort({ equity, initial, maintenance, policy }),
  });
  const { status, computedStatus, heldReason } = transitionStatus({
    computedStatus: computed,
    previousStatus: input.previousStatus,
    quality: input.quality ?? 'OK',
  });
  const buffer = subtractMoney(equity, maintenance);
  return {
    status,
    computedStatus,
    buffer,
    bufferRatio: computeBufferRatio(buffer, maintenance),
    excess: subtractMoney(equity, initial),
    warnings: heldReason === null ? none : [heldReason],
  };
}

const none: readonly string[] = [];

/** Below what a call asks for, and not above the release level. */
function isStillShort(figures: Parameters<typeof computeCallAmount>[0] & { readonly policy: BufferPolicy }): boolean {
  const { equity, maintenance, policy } = figures;
  if (equity.amount.greaterThan(maintenance.amount.times(policy.releaseMultiple))) return false;
  return computeCallAmount(figures).amount.greaterThan(0);
}

/** buffer / maintenance, rounded down to six decimals; null when maintenance is 0. */
export function computeBufferRatio(buffer: Money, maintenance: Money): Decimal | null {
  if (maintenance.amount.isZero()) return null;
  const ratio = buffer.amount.div(maintenance.amount).toDecimalPlaces(6, Decimal.ROUND_FLOOR);
  return toMoney(ratio, buffer.currency).amount;
}

function indeterminate(reasons: readonly string[]): BufferAssessment {
  return {
    status: 'INDETERMINATE',
    computedStatus: 'INDETERMINATE',
    equity: null,
    collateralValue: null,
    buffer: null,
    bufferRatio: null,
    excess: null,
    callAmount: null,
    equityParts: null,
    equityComponents: [],
    collateral: [],
    leverage: null,
    reasons,
    warnings: [],
  };
}
