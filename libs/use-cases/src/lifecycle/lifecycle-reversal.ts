import {
  type AccountChange,
  type CollateralChange,
  type CollateralPosition,
  Decimal,
  type Instant,
  type ReversalEvent,
} from '@ballast/domain';
import { type LifecycleEffect, LifecycleStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { UseCaseError } from '../caller/use-case-error';
import { LifecycleBook } from './lifecycle-book';
import type { LifecycleChanges } from './lifecycle-changes';

/** Finds out what taking back an event does: its effects the other way round, where everything still is as it left it. */
@Injectable()
export class LifecycleReversalPlanner {
  constructor(
    private readonly lifecycle: LifecycleStore,
    private readonly book: LifecycleBook,
  ) {}

  /**
   * @returns with the time of the event that is taken back, since when the reversal holds
   * @throws UseCaseError 'NOT_FOUND' for an unknown event, 'CONFLICT' where it is a reversal, is reversed already, or what it
   *         left has changed since
   */
  async plan(
    tx: TenantTransaction,
    { reversedEventId }: ReversalEvent,
  ): Promise<{ readonly changes: LifecycleChanges; readonly effectiveAt: Instant }> {
    const reversed = await this.lifecycle.findById(tx, reversedEventId);
    if (reversed === null) throw new UseCaseError('NOT_FOUND', `no event ${reversedEventId} to reverse`, 'reverses');
    if (reversed.type === 'reversal') {
      throw new UseCaseError(
        'CONFLICT',
        `${reversedEventId} is a reversal itself; apply the event again instead`,
        'reverses',
      );
    }
    if (reversed.reversedBy !== null) {
      throw new UseCaseError(
        'CONFLICT',
        `${reversedEventId} is reversed already, by ${reversed.reversedBy}`,
        'reverses',
      );
    }
    const { effectiveAt } = reversed;
    const effects = await this.lifecycle.findEffects(tx, reversedEventId);
    const held = await this.book.holdingsOf(tx, [...effects.keys()], effectiveAt);
    const pledges = await this.book.pledgesOf(tx, [...effects.keys()], effectiveAt);
    const ids = [...effects.values()]
      .flat()
      .flatMap((effect) => (effect.kind === 'position' ? [effect.instrumentId] : []));
    const instruments = await this.book.instruments.findByIds(tx, ids);
    const changes = new Map<string, AccountChange>();
    for (const [accountId, list] of effects) {
      const quantities = new Map(
        (held.get(accountId) ?? []).map(({ instrument, quantity }) => [instrument.id, quantity]),
      );
      const change = inverseOf(list, { quantities, instruments, reversedEventId });
      const collateral = inverseOfPledges(list, { pledged: pledges.get(accountId) ?? [], reversedEventId });
      changes.set(accountId, collateral.length === 0 ? change : { ...change, collateral });
    }
    return { changes, effectiveAt };
  }
}

/** Takes back what an event did to pledged assets, where all of them still are as it left them. */
function inverseOfPledges(
  effects: readonly LifecycleEffect[],
  now: { readonly pledged: readonly CollateralPosition[]; readonly reversedEventId: string },
): readonly CollateralChange[] {
  const quantities = new Map(now.pledged.map(({ asset, quantity }) => [asset, quantity]));
  return effects.flatMap((effect): CollateralChange[] => {
    if (effect.kind !== 'collateral') return [];
    const { asset, before, after } = effect;
    const left = after?.quantity ?? new Decimal(0);
    requireAsLeft(asset, { held: quantities.get(asset) ?? new Decimal(0), left, by: now.reversedEventId });
    return [{ asset, before: after, after: before }];
  });
}

function requireAsLeft(
  name: string,
  { held, left, by }: { readonly held: Decimal; readonly left: Decimal; readonly by: string },
): void {
  if (held.equals(left)) return;
  const reason = `${name} is ${held.toFixed()}, not ${left.toFixed()} as ${by} left it`;
  throw new UseCaseError('CONFLICT', `${reason}; take back what came after it first`, 'reverses');
}

/** Takes back what an event did, where everything still is as it left it. */
function inverseOf(
  effects: readonly LifecycleEffect[],
  now: {
    readonly quantities: ReadonlyMap<string, Decimal>;
    readonly instruments: ReadonlyMap<string, AccountChange['positions'][number]['instrument']>;
    readonly reversedEventId: string;
  },
): AccountChange {
  const positions: AccountChange['positions'][number][] = [];
  const cash: AccountChange['cash'][number][] = [];
  for (const effect of effects) {
    if (effect.kind === 'cash') cash.push({ currency: effect.currency, amount: effect.amount.negated() });
    if (effect.kind !== 'position') continue;
    const { instrumentId, quantityBefore, quantityAfter, averagePriceBefore, averagePriceAfter } = effect;
    const held = now.quantities.get(instrumentId) ?? new Decimal(0);
    requireAsLeft(instrumentId, { held, left: quantityAfter, by: now.reversedEventId });
    positions.push({
      instrument: now.instruments.get(instrumentId) as AccountChange['positions'][number]['instrument'],
      before: quantityAfter,
      after: quantityBefore,
      ...(averagePriceAfter === null ? {} : { averagePriceBefore: averagePriceAfter }),
      ...(averagePriceBefore === null ? {} : { averagePriceAfter: averagePriceBefore }),
    });
  }
  return { positions, cash, notes: [] };
}
