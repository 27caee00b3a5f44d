import { type FirmControls, parseFirmControls } from '@ballast/buffer';
import { canonicalJson, formatInstant, type Instant, instantOf, parseCurrency, parseInstant } from '@ballast/domain';
import { FirmControlsStore, IdempotencyStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

/** Limits that a client may state; what is absent keeps the value in force at the date. */
export interface StatedFirmControls {
  /** A requirement that moves by more than this fraction, ≥ 0 … */
  readonly releaseFraction?: number | undefined;
  /** … and by more than this amount [USD], ≥ 0, is HELD. */
  readonly releaseAmount?: number | undefined;
  /** Amounts for accounts of these base currencies, in units of them; replaces the whole list. */
  readonly releaseAmountByCurrency?: Readonly<Record<string, number>> | undefined;
  /** Usual time from one run to the next [ms], 1 000 to 31 days. */
  readonly cadenceMs?: number | undefined;
}

/** Controls as a client asks for them. */
export interface SetFirmControlsCommand extends StatedFirmControls {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  /** Since when they hold; now when absent. */
  readonly effectiveFrom?: Instant | undefined;
  readonly now: Instant;
}

/** Controls in force from a date on. */
export interface FirmControlsInForce extends FirmControls {
  /** Null for the published set, which no firm recorded. */
  readonly effectiveFrom: Instant | null;
  readonly recordedBy: string | null;
}

const operation = 'setRiskControls';

/** Sets the limits by which a firm watches its own figures, from a date on, once per key. Earlier versions stay. */
@Injectable()
export class SetFirmControls {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly controls: FirmControlsStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT'; DomainError 'INVALID_PARAMETER' naming an impossible value;
   *         PersistenceError 'CONFLICT' when the key was used for another request
   */
  async execute(principal: Principal, command: SetFirmControlsCommand): Promise<FirmControlsInForce> {
    requirePermission(principal, 'set-controls');
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot set the controls of the firm');
    const { now, idempotencyKey, effectiveFrom, ...limits } = command;
    const key = requireIdempotencyKey(idempotencyKey);
    const stated = given(limits);
    if (Object.keys(stated).length === 0)
      throw new UseCaseError('BAD_USER_INPUT', 'no control is named: there is nothing to set');
    for (const currency of Object.keys(stated.releaseAmountByCurrency ?? {}))
      parseCurrency(currency, 'releaseAmountByCurrency');
    const request = { ...stated, effectiveFrom: effectiveFrom ?? null };
    const { response } = await this.idempotency.once(
      { firmId: principal.firmId },
      { operation, key, request },
      async (tx) => this.set(tx, stated, { effectiveFrom: effectiveFrom ?? now, recordedBy: principal.subject }),
    );
    const from = parseInstant(response.effectiveFrom, 'effectiveFrom');
    return { ...parseFirmControls(response.controls, from), effectiveFrom: from, recordedBy: response.recordedBy };
  }

  /** The controls in force at an instant, as known now. @throws UseCaseError 'FORBIDDEN' */
  async inForce(principal: Principal, asOf: Instant): Promise<FirmControlsInForce> {
    requirePermission(principal, 'read-firm');
    const stored = await this.controls.findInEffect({ firmId: principal.firmId }, { asOf });
    const limits = parseFirmControls(stored?.controls ?? {}, asOf);
    return { ...limits, effectiveFrom: stored?.effectiveFrom ?? null, recordedBy: stored?.recordedBy ?? null };
  }

  private async set(
    tx: TenantTransaction,
    stated: StatedFirmControls,
    { effectiveFrom, recordedBy }: { readonly effectiveFrom: Instant; readonly recordedBy: string },
  ) {
    const inForce = await this.controls.findInEffect(tx, { asOf: effectiveFrom });
    const merged = { ...(inForce?.controls as object | undefined), ...stated };
    parseFirmControls(merged, effectiveFrom);
    const controls = JSON.parse(canonicalJson(merged)) as object;
    await this.controls.add(tx, { effectiveFrom: instantOf(effectiveFrom), controls, recordedBy });
    return { controls, recordedBy, effectiveFrom: formatInstant(effectiveFrom) };
  }
}

/** Only what was stated, so that a later change of the published set still reaches the rest. */
function given(limits: StatedFirmControls): StatedFirmControls {
  return Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined));
}
