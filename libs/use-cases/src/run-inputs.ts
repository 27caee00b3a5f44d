import { defaultBufferPolicy, type BufferPolicy, type BufferStatus } from '@ballast/buffer';
import type { Account, CashBalance, Instant, Instrument, Position } from '@ballast/domain';
import {
  BalanceStore,
  BufferPolicyStore,
  InstrumentStore,
  PositionStore,
  RequirementStore,
  type StoredBufferPolicy,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';

/** Everything a run needs to know of its accounts, taken at one moment in both times. */
export interface RunInputs {
  readonly positions: ReadonlyMap<string, readonly Position[]>;
  readonly balances: ReadonlyMap<string, readonly CashBalance[]>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  /** Every future of the firm, held or not: sizes the price moves that parameters state per contract. */
  readonly listedFutures: readonly Instrument[];
  readonly policies: ReadonlyMap<string, BufferPolicy>;
  readonly previousStatuses: ReadonlyMap<string, BufferStatus>;
}

/** Reads the inputs of a run in a handful of statements, however many accounts there are. */
@Injectable()
export class RunInputReader {
  constructor(
    private readonly positions: PositionStore,
    private readonly balances: BalanceStore,
    private readonly instruments: InstrumentStore,
    private readonly policies: BufferPolicyStore,
    private readonly requirements: RequirementStore,
  ) {}

  /** @param at  `positionsAt` when they were held, `asOf` of the market, `knownAt` when it was known */
  async read(
    transaction: TenantTransaction,
    accounts: readonly Account[],
    at: { readonly asOf: Instant; readonly positionsAt: Instant; readonly knownAt: Instant },
  ): Promise<RunInputs> {
    const ids = accounts.map(({ id }) => id);
    const moment = { validAt: at.positionsAt, knownAt: at.knownAt };
    const positions = await this.positions.findAsOf(transaction, ids, moment);
    const balances = await this.balances.findAsOf(transaction, ids, moment);
    const held = new Set([...positions.values()].flatMap((list) => list.map(({ instrumentId }) => instrumentId)));
    const instruments = await this.instruments.findByIds(transaction, [...held]);
    const listedFutures = await this.instruments.findFutures(transaction);
    const stored = await this.policies.findInEffect(transaction, ids, at.asOf);
    const before = await this.requirements.findLatest(transaction, ids, at);
    const policies = new Map([...stored].map(([id, policy]) => [id, toBufferPolicy(policy, at.asOf)]));
    const previousStatuses = new Map([...before].map(([id, { status }]) => [id, status]));
    return { positions, balances, instruments, listedFutures, policies, previousStatuses };
  }
}

function toBufferPolicy(stored: StoredBufferPolicy, asOf: Instant): BufferPolicy {
  return {
    ...defaultBufferPolicy(asOf),
    liquidationMultiple: stored.liquidationMultiple.toNumber(),
    callMultiple: stored.marginCallMultiple.toNumber(),
    watchMultiple: stored.watchMultiple.toNumber(),
    callTargetMultiple: stored.callTargetMultiple.toNumber(),
    releaseMultiple: stored.releaseMultiple.toNumber(),
  };
}
