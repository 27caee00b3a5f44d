import {
  type AccountChange,
  type CollateralPosition,
  Decimal,
  DomainError,
  formatInstant,
  type Instant,
  instantOf,
  type LifecycleEvent,
  type LifecycleEventType,
} from '@ballast/domain';
import { type FileProblem, FileRefusal } from '@ballast/formats';
import {
  BalanceStore,
  CollateralStore,
  Database,
  hashOfEvent,
  LifecycleStore,
  movementReasons,
  PersistenceError,
  PositionStore,
  type TenantContext,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { LifecycleBook } from './lifecycle-book';
import { LifecycleChangePlanner, type LifecycleChanges } from './lifecycle-changes';
import { LifecycleReversalPlanner } from './lifecycle-reversal';
import { UseCaseError } from '../caller/use-case-error';

/** Events to apply in their order, all of them or none. */
export interface ApplyLifecycleCommand {
  readonly firmId: string;
  /** Subject of the token, or user of the command line. */
  readonly recordedBy: string;
  /** Where they came from, for example a file name. */
  readonly source: string;
  readonly events: readonly LifecycleEvent[];
  /** Place of an event in a file, so that a refusal names it. */
  readonly placeOf?: (index: number) => Omit<FileProblem, 'reason'>;
}

/** What an event did. */
export interface AppliedLifecycleEvent {
  readonly id: string;
  readonly type: LifecycleEventType;
  /** Since when it holds: for a reversal the time of the reversed event. */
  readonly effectiveAt: Instant;
  readonly accounts: number;
  readonly positionsChanged: number;
  /** Pledged assets whose quantity, price or name it changed, of all accounts. */
  readonly collateralChanged: number;
  /** Net cash of all accounts by currency; received > 0. */
  readonly cash: ReadonlyMap<string, Decimal>;
  /** False: it had been applied before and changed nothing now. */
  readonly isNew: boolean;
}

/** What an event has to write for one account. */
interface AccountWork {
  readonly accountId: string;
  readonly change: AccountChange;
  readonly effectiveAt: Instant;
  readonly event: LifecycleEvent;
  readonly command: ApplyLifecycleCommand;
}

/** Where events write to. */
@Injectable()
export class LifecycleStores {
  constructor(
    readonly lifecycle: LifecycleStore,
    readonly positions: PositionStore,
    readonly balances: BalanceStore,
    readonly collateral: CollateralStore,
  ) {}
}

/**
 * Applies life-cycle events: each writes new versions of positions, balances and collateral and says what it did, all in one
 * transaction. An event that was applied before changes nothing; one of the same name that says something else is refused.
 */
@Injectable()
export class ApplyLifecycleEvents {
  constructor(
    private readonly database: Database,
    private readonly stores: LifecycleStores,
    private readonly planner: LifecycleChangePlanner,
    private readonly reversals: LifecycleReversalPlanner,
    private readonly book: LifecycleBook,
  ) {}

  /** @throws FileRefusal where events have places, else UseCaseError, DomainError or PersistenceError; nothing is stored */
  async execute(command: ApplyLifecycleCommand): Promise<readonly AppliedLifecycleEvent[]> {
    const context: TenantContext = { firmId: command.firmId };
    return this.database.withTenant(context, async (tx) => {
      await this.stores.lifecycle.lock(tx);
      const applied: AppliedLifecycleEvent[] = [];
      for (const [index, event] of command.events.entries()) {
        try {
          applied.push(await this.apply(tx, event, command));
        } catch (failure) {
          throw placed(failure, command.placeOf?.(index));
        }
      }
      return applied;
    });
  }

  private async apply(
    tx: TenantTransaction,
    event: LifecycleEvent,
    command: ApplyLifecycleCommand,
  ): Promise<AppliedLifecycleEvent> {
    const known = await this.stores.lifecycle.findById(tx, event.id);
    if (known !== null) {
      if (known.requestHash !== hashOfEvent(event)) {
        throw new UseCaseError(
          'CONFLICT',
          `event ${event.id} was applied with other terms; reverse it and use another name`,
          'event',
        );
      }
      return { ...summary(event, known.effectiveAt, new Map()), isNew: false };
    }
    const { changes, effectiveAt } = await this.plan(tx, event);
    for (const accountId of [...changes.keys()].sort()) {
      await this.write(tx, { accountId, change: changes.get(accountId) as AccountChange, effectiveAt, event, command });
    }
    const { source, recordedBy } = command;
    await this.stores.lifecycle.record(tx, event, { changes, effectiveAt, source, recordedBy });
    return summary(event, effectiveAt, changes);
  }

  private async plan(
    tx: TenantTransaction,
    event: LifecycleEvent,
  ): Promise<{ readonly changes: LifecycleChanges; readonly effectiveAt: Instant }> {
    if (event.type === 'reversal') return this.reversals.plan(tx, event);
    return { changes: await this.planner.plan(tx, event), effectiveAt: event.effectiveAt };
  }

  private async write(tx: TenantTransaction, work: AccountWork): Promise<void> {
    const { accountId, change, effectiveAt, event, command } = work;
    const { lifecycle, balances } = this.stores;
    const instrumentIds = change.positions.map(({ instrument }) => instrument.id);
    const assets = (change.collateral ?? []).map(({ asset }) => asset);
    const paidOn = event.type === 'reversal' || 'action' in event;
    const later = await lifecycle.findLaterEvent(tx, { accountId, instrumentIds, assets, after: effectiveAt, paidOn });
    if (later !== null) {
      const reason = `event ${later} took effect later on the same holdings; reverse it first`;
      throw new UseCaseError('CONFLICT', `${event.id} at ${formatInstant(effectiveAt)}: ${reason}`, 'effectiveAt');
    }
    await this.writeHoldings(tx, work);
    const reversals = await lifecycle.findReversalTimes(tx, { accountId, instrumentIds, assets, after: effectiveAt });
    // A later event that was taken back put back what this one changes: the change goes on behind it.
    for (const time of reversals) {
      if (!(await this.goesOnAt(tx, work, time))) break;
      await this.writeHoldings(tx, { ...work, effectiveAt: time });
    }
    const terms = { reason: `${movementReasons.event} ${event.id}`, recordedBy: command.recordedBy };
    for (const { currency, amount } of change.cash)
      await balances.move(tx, { accountId, currency, amount, valueAt: effectiveAt, ...terms });
  }

  private async writeHoldings(tx: TenantTransaction, work: AccountWork): Promise<void> {
    const { accountId, change, effectiveAt, event } = work;
    if (change.positions.length > 0) {
      await this.stores.positions.record(tx, {
        accountId,
        validFrom: effectiveAt,
        mode: 'MERGE',
        positions: change.positions.map(({ instrument, after, averagePriceAfter }) => ({
          instrumentId: instrument.id,
          quantity: after,
          ...(averagePriceAfter === undefined ? {} : { averagePrice: averagePriceAfter }),
        })),
        source: `${movementReasons.event} ${event.id}`,
      });
    }
    await this.writeCollateral(tx, work);
  }

  /** Tells whether what was written holds up to a time, and from it on what was held before it was written. */
  private async goesOnAt(tx: TenantTransaction, { accountId, change }: AccountWork, time: Instant): Promise<boolean> {
    const quantitiesAt = async (at: Instant): Promise<Map<string, Decimal>> => {
      const held = (await this.book.holdingsOf(tx, [accountId], at)).get(accountId) ?? [];
      const pledged = (await this.book.pledgesOf(tx, [accountId], at)).get(accountId) ?? [];
      return new Map([
        ...held.map(({ instrument, quantity }) => [`held ${instrument.id}`, quantity] as const),
        ...pledged.map(({ asset, quantity }) => [`pledged ${asset}`, quantity] as const),
      ]);
    };
    const [eve, then] = [await quantitiesAt(instantOf(time - 1)), await quantitiesAt(time)];
    const zero = new Decimal(0);
    const lines = [
      ...change.positions.map(({ instrument, before, after }) => ({ key: `held ${instrument.id}`, before, after })),
      ...(change.collateral ?? []).map(({ asset, before, after }) => {
        return { key: `pledged ${asset}`, before: before?.quantity ?? zero, after: after?.quantity ?? zero };
      }),
    ];
    return lines.every(
      ({ key, before, after }) => (eve.get(key) ?? zero).equals(after) && (then.get(key) ?? zero).equals(before),
    );
  }

  private async writeCollateral(
    tx: TenantTransaction,
    { accountId, change, effectiveAt, event, command }: AccountWork,
  ): Promise<void> {
    const holdings = (change.collateral ?? []).map(
      ({ before, after }) => after ?? { ...(before as CollateralPosition), quantity: new Decimal(0) },
    );
    if (holdings.length === 0) return;
    await this.stores.collateral.record(tx, {
      accountId,
      validFrom: effectiveAt,
      mode: 'MERGE',
      holdings,
      source: `life-cycle event ${event.id}`,
      recordedBy: command.recordedBy,
    });
  }
}

function summary(event: LifecycleEvent, effectiveAt: Instant, changes: LifecycleChanges): AppliedLifecycleEvent {
  const cash = new Map<string, Decimal>();
  let positionsChanged = 0;
  let collateralChanged = 0;
  for (const change of changes.values()) {
    positionsChanged += change.positions.length;
    collateralChanged += change.collateral?.length ?? 0;
    for (const { currency, amount } of change.cash)
      cash.set(currency, (cash.get(currency) ?? new Decimal(0)).plus(amount));
  }
  return {
    id: event.id,
    type: event.type,
    effectiveAt,
    accounts: changes.size,
    positionsChanged,
    collateralChanged,
    cash,
    isNew: true,
  };
}

/** A refusal of an event of a file names its place; a defect or an outage passes unchanged. */
function placed(failure: unknown, place: Omit<FileProblem, 'reason'> | undefined): unknown {
  const isRefusal =
    failure instanceof DomainError ||
    failure instanceof UseCaseError ||
    (failure instanceof PersistenceError && failure.code !== 'UNAVAILABLE');
  if (!isRefusal || place === undefined) return failure;
  return new FileRefusal([{ ...place, reason: failure.message }]);
}
