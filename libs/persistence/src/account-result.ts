import type { CollateralLine, EquityComponent } from '@ballast/buffer';
import type { DataQuality, Decimal, Money } from '@ballast/domain';
import type { MarginRequirement, TrustedRequirement } from '@ballast/margin';
import type { BufferStatus } from './buffer-status';

/** Why a requirement waits for a person: what stays in effect meanwhile, and what it becomes once confirmed. */
export interface HeldResult {
  readonly released: TrustedRequirement;
  readonly statusOnRelease: BufferStatus;
  readonly qualityOnRelease: Extract<DataQuality, 'OK' | 'DEGRADED'>;
}

/** What a run found for one account: the requirement and the buffer over it, ready to be recorded. */
export interface AccountResult {
  readonly accountId: string;
  /** Currency of every amount. */
  readonly baseCurrency: string;
  readonly requirement: MarginRequirement;
  readonly equity: Money | null;
  readonly collateralValue: Money | null;
  /** equity − maintenance. */
  readonly buffer: Money | null;
  /** buffer / maintenance; null when maintenance is 0. Kept to 12 decimals, rounded down. */
  readonly bufferRatio: Decimal | null;
  /** equity − initial. */
  readonly excess: Money | null;
  readonly status: BufferStatus;
  /** Status by the figures alone; differs from `status` where bad data kept the account on its step. */
  readonly computedStatus: BufferStatus;
  /** Gross market exposure / equity; null when equity is not positive or unknown. */
  readonly leverage: Decimal | null;
  /** Lines that add up to the equity; none when INDETERMINATE. */
  readonly equityComponents: readonly EquityComponent[];
  /** How each pledged holding came to its value; none when INDETERMINATE. */
  readonly collateral: readonly CollateralLine[];
  /** Quality of the whole answer, which may be worse than the requirement's; INDETERMINATE stores no amount at all. */
  readonly quality: DataQuality;
  readonly qualityReasons: readonly string[];
  /** Present exactly when the quality is HELD; `status` is then that of the requirement still in effect. */
  readonly held?: HeldResult;
  /** Status before this run, which decides hysteresis; null or absent when there was none. */
  readonly previousStatus?: BufferStatus | null;
  readonly parameterSetId: string;
  readonly parameterHash: string;
  /** SHA-256 of what the engine was given: positions, balances, terms. */
  readonly inputHash: string;
  /** Unrounded figures, losses per scenario and Greeks as bytes, which the result hash covers. */
  readonly figures?: Uint8Array;
  /** SHA-256 of the answer's figures; what explains them follows from them and the recorded inputs. */
  readonly resultHash: string;
  /** The amounts in plain digits, where whoever found them has written them already; the same values as above. */
  readonly written?: WrittenFigures;
}

/** Amounts of a result in plain digits. */
export interface WrittenFigures {
  readonly initial: string | null;
  readonly maintenance: string | null;
  readonly netOptionValue: string | null;
  readonly equity: string | null;
  readonly collateralValue: string | null;
  readonly buffer: string | null;
  /** At most 12 decimals. */
  readonly bufferRatio: string | null;
  readonly excess: string | null;
  readonly leverage: string | null;
}
