import { defaultBufferPolicy, type BufferPolicy, type BufferStatus } from '@ballast/buffer';
import type {
  Account,
  CashBalance,
  CollateralPosition,
  HaircutSchedule,
  Instant,
  Instrument,
  MarketSnapshot,
} from '@ballast/domain';
import {
  BalanceStore,
  BufferPolicyStore,
  CollateralStore,
  HaircutScheduleStore,
  InstrumentStore,
  MarginCallStore,
  type PositionBooks,
  PositionStore,
  RequirementStore,
  type StoredBufferPolicy,
  type TenantTransaction,
  type TrustedRecord,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { AccountHoldings } from './account-holdings';
import { accountIdsOf } from './account-ids';
import { RunContracts } from './run-contracts';
import { SplitReader, type SplitTerms } from '../market/split-reader';

/** Everything a run needs to know of its accounts, taken at one moment in both times. */
export interface RunInputs extends SplitTerms {
  readonly positions: PositionBooks;
  readonly balances: ReadonlyMap<string, readonly CashBalance[]>;
  readonly collateral: ReadonlyMap<string, readonly CollateralPosition[]>;
  /** Haircut schedules in force, by name. */
  readonly schedules: ReadonlyMap<string, HaircutSchedule>;
  /** Numbers that the contracts of each account's book have in `instruments`, in its order. */
  readonly numbers: ReadonlyMap<string, Int32Array>;
  /** Terms of every contract held, and of others that the run met before. */
  readonly instruments: RunContracts;
  /** Every future of the firm, held or not: sizes the price moves that parameters state per contract. */
  readonly listedFutures: readonly Instrument[];
  readonly policies: ReadonlyMap<string, BufferPolicy>;
  /** Status of the last determinate requirement: where the hysteresis of the ladder starts. */
  readonly previousStatuses: ReadonlyMap<string, BufferStatus>;
  /** Accounts whose margin call was due before `asOf` and not met. */
  readonly overdueAccounts: ReadonlySet<string>;
}

/**
 * What the shards of a run have in common and one process reads once. The same contract is the same object in every
 * shard, because that is what its shared valuation is found by.
 */
export interface RunCatalogue extends Pick<SplitTerms, 'splits'> {
  readonly instruments: RunContracts;
  readonly listedFutures: readonly Instrument[];
  readonly schedules: ReadonlyMap<string, HaircutSchedule>;
}

/** What accounts held and where they stood, of which the record proves that it is still so. */
export interface HeldInputs extends Pick<RunInputs, 'positions' | 'balances' | 'previousStatuses'> {
  readonly trusted: ReadonlyMap<string, TrustedRecord>;
  /** The contracts held by number, in the catalogue that comes with it; null where they have to be numbered. */
  readonly numbers: RunInputs['numbers'] | null;
}

/** What accounts hold besides contracts. */
@Injectable()
export class AssetStores {
  constructor(
    readonly balances: BalanceStore,
    readonly collateral: CollateralStore,
    readonly schedules: HaircutScheduleStore,
  ) {}
}

/** What the step of an account on the ladder depends on besides its figures. */
@Injectable()
export class LadderStores {
  constructor(
    readonly policies: BufferPolicyStore,
    readonly requirements: RequirementStore,
    readonly calls: MarginCallStore,
  ) {}
}

/** The moment whose truth a run reads; with all of it a replay reads the same again. */
export interface RunMoment {
  /** Of the market and the policies. */
  readonly asOf: Instant;
  /** When positions and balances were held. */
  readonly positionsAt: Instant;
  /** When that was known. */
  readonly knownAt: Instant;
  /** Futures that were listed later are left out; absent: none is. */
  readonly recordedUntil?: Instant;
}

/** Reads the inputs of a run in a handful of statements, however many accounts there are. */
@Injectable()
export class RunInputReader {
  constructor(
    private readonly positions: PositionStore,
    private readonly assets: AssetStores,
    private readonly instruments: InstrumentStore,
    private readonly ladder: LadderStores,
    private readonly splitReader: SplitReader,
  ) {}

  /**
   * @param catalogue  of an earlier read of the same run; contracts it lacks are added to it
   * @param known      what need not be read again
   */
  async read(
    transaction: TenantTransaction,
    accounts: readonly Account[],
    at: RunMoment,
    catalogue?: RunCatalogue,
    known?: HeldInputs,
  ): Promise<RunInputs> {
    const ids = accountIdsOf(accounts);
    const moment = { validAt: at.positionsAt, knownAt: at.knownAt };
    const { positions, balances } = known ?? (await this.readHoldings(transaction, ids, at));
    const collateral = await this.assets.collateral.findMatchedAsOf(transaction, ids, moment);
    const { instruments, listedFutures, schedules, splits } = catalogue ?? (await this.readCatalogue(transaction, at));
    const numbers = known?.numbers ?? (await this.numberBooks(transaction, { positions, ids }, instruments));
    const forerunners = await this.splitReader.readForerunners(transaction, instruments, splits);
    const stored = await this.ladder.policies.findInEffect(transaction, ids, at.asOf, at.knownAt);
    const previousStatuses = known?.previousStatuses ?? (await this.readStatuses(transaction, ids, at));
    const overdueAccounts = await this.ladder.calls.findOverdueAccounts(transaction, ids, at);
    const policies = bufferPoliciesOf(stored, at.asOf);
    const holdings = { positions, numbers, balances, collateral };
    const market = { schedules, instruments, listedFutures, splits, forerunners };
    return { ...holdings, ...market, policies, previousStatuses, overdueAccounts };
  }

  /** Numbers the contracts that accounts hold; those that the run did not meet before are read. */
  private async numberBooks(
    transaction: TenantTransaction,
    { positions, ids }: Pick<RunInputs, 'positions'> & { readonly ids: readonly string[] },
    instruments: RunContracts,
  ): Promise<RunInputs['numbers']> {
    const { numbers, unknown } = positions.numbersOf(ids, instruments.names);
    if (unknown.size === 0) return numbers;
    for (const [id, instrument] of await this.instruments.findByIds(transaction, [...unknown]))
      instruments.set(id, instrument);
    return positions.numbersOf(ids, instruments.names).numbers;
  }

  /** Positions and cash of accounts. */
  async readHoldings(
    transaction: TenantTransaction,
    ids: readonly string[],
    at: RunMoment,
  ): Promise<Pick<RunInputs, 'positions' | 'balances'>> {
    const moment = { validAt: at.positionsAt, knownAt: at.knownAt };
    const positions = await this.positions.findBooksAsOf(transaction, ids, moment);
    return { positions, balances: await this.assets.balances.findAsOf(transaction, ids, moment) };
  }

  /** Statuses of the accounts' last determinate requirements before a run; an account without any is absent. */
  async readStatuses(
    transaction: TenantTransaction,
    ids: readonly string[],
    at: RunMoment,
  ): Promise<RunInputs['previousStatuses']> {
    const earlier = { asOf: at.asOf, knownAt: at.knownAt, beforePositionsAt: at.positionsAt };
    const before = await this.ladder.requirements.findLatestStatuses(transaction, ids, earlier);
    const gaps = ids.filter((id) => before.get(id) === 'INDETERMINATE');
    const older = await this.ladder.requirements.findDeterminateStatuses(transaction, gaps, earlier);
    const latest = [...before].filter(([, status]) => status !== 'INDETERMINATE');
    return new Map([...older, ...latest]);
  }

  /** The market of a run in the shares that were held then. */
  marketOf(
    tx: TenantTransaction,
    snapshot: MarketSnapshot,
    at: RunMoment,
    catalogue: RunCatalogue,
  ): Promise<MarketSnapshot> {
    return this.splitReader.restate(tx, snapshot, { splits: catalogue.splits, positionsAt: at.positionsAt });
  }

  /** What every account of a run is evaluated with; the contracts they hold are added as they are met. */
  async readCatalogue(transaction: TenantTransaction, at: RunMoment): Promise<RunCatalogue> {
    const { asOf, knownAt, recordedUntil } = at;
    const schedules = await this.assets.schedules.findInEffect(transaction, { asOf, knownAt });
    const listedFutures = await this.instruments.findFutures(transaction, recordedUntil);
    const splits = await this.splitReader.readSplits(transaction, at);
    return { instruments: new RunContracts(), listedFutures, schedules, splits };
  }
}

/** What one account held. */
export function holdingsOf(inputs: RunInputs, accountId: string): AccountHoldings {
  return new HeldByAccount(inputs, accountId);
}

/** Positions are made of their columns when somebody reads them, by name; a getter of its own in every object is slow to make. */
class HeldByAccount implements AccountHoldings {
  readonly cash;
  readonly collateral;

  constructor(
    private readonly inputs: Pick<RunInputs, 'positions' | 'balances' | 'collateral'>,
    private readonly accountId: string,
  ) {
    this.cash = inputs.balances.get(accountId) ?? [];
    this.collateral = inputs.collateral.get(accountId) ?? [];
  }

  get positions(): AccountHoldings['positions'] {
    return this.inputs.positions.get(this.accountId) ?? [];
  }
}

/** One object for all accounts with the same policy, so that what is derived from it is derived once. */
function bufferPoliciesOf(
  stored: ReadonlyMap<string, StoredBufferPolicy>,
  asOf: Instant,
): ReadonlyMap<string, BufferPolicy> {
  const made = new Map<StoredBufferPolicy, BufferPolicy>();
  const policies = new Map<string, BufferPolicy>();
  for (const [id, one] of stored) {
    const policy = made.get(one) ?? toBufferPolicy(one, asOf);
    made.set(one, policy);
    policies.set(id, policy);
  }
  return policies;
}

/** The multiples and haircuts of a stored policy as the buffer library takes them. */
export function toBufferPolicy(stored: StoredBufferPolicy, asOf: Instant): BufferPolicy {
  return {
    ...defaultBufferPolicy(asOf),
    liquidationMultiple: stored.liquidationMultiple.toNumber(),
    callMultiple: stored.marginCallMultiple.toNumber(),
    watchMultiple: stored.watchMultiple.toNumber(),
    callTargetMultiple: stored.callTargetMultiple.toNumber(),
    releaseMultiple: stored.releaseMultiple.toNumber(),
    fxHaircuts: Object.fromEntries(
      Object.entries(stored.fxHaircuts).map(([currency, haircut]) => [currency, haircut.toNumber()]),
    ),
  };
}
