import { advanceMarginCall, payMarginCall } from '@ballast/buffer';
import { Decimal, fxRateBetween, type Instant, parseCurrency, roundMoney } from '@ballast/domain';
import {
  BalanceStore,
  BufferPolicyStore,
  MarginCallStore,
  MarketSnapshotStore,
  movementReasons,
  type StoredMarginCall,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { ChangeMarginCall } from './change-margin-call';
import { MarginCallTermsReader } from './margin-call-terms-reader';
import { type Principal, requirePermission } from '../caller/principal';
import { UseCaseError } from '../caller/use-case-error';

export interface RecordMarginCallPaymentCommand {
  readonly idempotencyKey: string;
  readonly callId: string;
  /** In the currency paid; > 0. */
  readonly amount: Decimal;
  readonly currency: string;
  readonly receivedAt: Instant;
  readonly now: Instant;
}

/** Clocks of two machines may differ by this much [ms]. */
const clockSkewMs = 60_000;

/** Where the money of a payment goes, and what it is worth. */
@Injectable()
export class PaymentStores {
  constructor(
    readonly calls: MarginCallStore,
    readonly balances: BalanceStore,
    readonly snapshots: MarketSnapshotStore,
    readonly policies: BufferPolicyStore,
  ) {}
}

/**
 * Records money that arrived for a margin call, once per key: the account's cash grows by it from the time it was received,
 * and the call by what it is worth in the call's currency (latest rates, after the policy's currency haircut, rounded down).
 */
@Injectable()
export class RecordMarginCallPayment {
  constructor(
    private readonly change: ChangeMarginCall,
    private readonly terms: MarginCallTermsReader,
    private readonly stores: PaymentStores,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT' for money from the future; DomainError
   *         'INVALID_CURRENCY', 'INVALID_PARAMETER' for an amount that is not above 0, 'FX_MISSING', 'CONFLICT' for a call
   *         that takes no payment
   */
  async execute(principal: Principal, command: RecordMarginCallPaymentCommand): Promise<StoredMarginCall> {
    requirePermission(principal, 'record-payments');
    const { idempotencyKey: key, callId, amount, receivedAt, now } = command;
    const currency = parseCurrency(command.currency, 'currency');
    if (receivedAt > now + clockSkewMs)
      throw new UseCaseError('BAD_USER_INPUT', 'receivedAt: expected no time in the future', 'receivedAt');
    const body = { amount: amount.toFixed(), currency, receivedAt };
    const request = { operation: 'recordMarginCallPayment', key, callId, body };
    return this.change.execute(principal, request, async (tx, call) => {
      const credited = await this.creditOf(tx, call, { amount, currency, now });
      const payment = { amount, currency, credited, receivedAt };
      const terms = await this.terms.read(tx, now);
      // Money that came late meets a late call, also before the clock has marked it.
      const passed = advanceMarginCall(call, terms, receivedAt);
      const event = payMarginCall(passed.at(-1)?.call ?? call, { actor: principal.subject, at: now, payment, terms });
      await this.moveCash(tx, call, { amount, currency, receivedAt, recordedBy: principal.subject });
      return [...passed, event];
    });
  }

  private async creditOf(
    tx: TenantTransaction,
    call: StoredMarginCall,
    paid: { readonly amount: Decimal; readonly currency: string; readonly now: Instant },
  ): Promise<Decimal> {
    const { amount, currency, now } = paid;
    if (currency === call.currency) return amount;
    const { snapshots, policies } = this.stores;
    const header = await snapshots.findLatest(tx);
    const rates = header === null ? [] : ((await snapshots.loadForInstruments(tx, header.id, []))?.snapshot.fx ?? []);
    const rate = fxRateBetween(rates, { from: currency, to: call.currency });
    const policy = (await policies.findInEffect(tx, [call.accountId], now)).get(call.accountId);
    const haircut = policy?.fxHaircuts[currency] ?? new Decimal(0);
    const worth = amount.times(rate).times(new Decimal(1).minus(haircut));
    return roundMoney({ amount: worth, currency: call.currency }, 'down').amount;
  }

  private async moveCash(
    tx: TenantTransaction,
    { id, accountId }: StoredMarginCall,
    moved: {
      readonly amount: Decimal;
      readonly currency: string;
      readonly receivedAt: Instant;
      readonly recordedBy: string;
    },
  ): Promise<void> {
    const { amount, currency, receivedAt, recordedBy } = moved;
    await this.stores.balances.move(tx, {
      ...{ accountId, currency, amount, recordedBy, valueAt: receivedAt },
      reason: `${movementReasons.payment} ${id}`,
    });
  }
}
