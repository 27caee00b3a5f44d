import type { Account, MarketSnapshot, Methodology } from '@ballast/domain';
import {
  AccountStore,
  type AccountResult,
  contentHash,
  Database,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  RequirementStore,
  RiskParameterStore,
  type StoredRequirement,
  type TenantScope,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { DenseEvaluation } from '../engine/dense-evaluation';
import { type EvaluationPlan, evaluatePlanned } from '../engine/evaluate-planned';
import { momentOf } from '../engine/run-moment';
import type { MethodInEffect } from './evaluate-account';
import { prepareParameterSet } from '../risk-parameters/parameter-sets-in-effect';
import { RunGuard } from './run-guard';
import { type RunCatalogue, RunInputReader } from './run-inputs';
import { inSharesAt } from '../market/split-reader';
import { UseCaseError } from '../caller/use-case-error';

/** The stores that a past run is read from. */
@Injectable()
export class ReplayStores {
  constructor(
    readonly accounts: AccountStore,
    readonly runs: MarginRunStore,
    readonly snapshots: MarketSnapshotStore,
    readonly requirements: RequirementStore,
    readonly parameters: RiskParameterStore,
  ) {}
}

/** A past run ready to be computed again. */
export interface RecordedRunPlan {
  readonly run: MarginRun;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
  /** The market of the run; absent: read for the contracts at hand, for a few accounts of a large run. */
  readonly snapshot?: MarketSnapshot;
  /** What the accounts of a run have in common, where many of them are computed one page after the other. */
  readonly shared?: SharedRecord;
}

/** Contracts read and valued once for all pages of a run. */
export interface SharedRecord {
  readonly catalogue: RunCatalogue;
  readonly dense: DenseEvaluation;
}

/** An account of a past run, and what its recorded inputs give today. */
export interface RecordedResult {
  readonly account: Account;
  readonly stored: StoredRequirement;
  readonly result: AccountResult;
}

/** Computes accounts of past runs again, from what was recorded of their inputs. */
@Injectable()
export class RecordedEvaluation {
  constructor(
    private readonly stores: ReplayStores,
    private readonly inputs: RunInputReader,
    private readonly guard: RunGuard,
    private readonly database: Database,
  ) {}

  /** Prepares the methodologies of a run from the parameter sets it used, whose hashes are computed again. */
  async prepareMethods(scope: TenantScope, run: MarginRun): Promise<ReadonlyMap<Methodology, MethodInEffect>> {
    const sets = await this.stores.parameters.findByIds(
      scope,
      run.parameterSets.map(({ parameterSetId }) => parameterSetId),
    );
    const methods = new Map<Methodology, MethodInEffect>();
    for (const { methodology, parameterSetId } of run.parameterSets) {
      const set = sets.get(parameterSetId);
      if (set === undefined) throw new UseCaseError('NOT_FOUND', `parameter set ${parameterSetId} does not exist`);
      const parameterSet = { ...set, hash: contentHash(set.parameters) };
      methods.set(methodology, { parameterSet, method: prepareParameterSet(set, run.asOf) });
    }
    return methods;
  }

  /** Prepares for computing all of a run page by page. */
  async share(scope: TenantScope, { run, methods }: Pick<RecordedRunPlan, 'run' | 'methods'>): Promise<SharedRecord> {
    const read = (tx: TenantTransaction): Promise<RunCatalogue> => this.inputs.readCatalogue(tx, momentOf(run));
    return { catalogue: await this.database.withTenant(scope, read), dense: new DenseEvaluation(methods) };
  }

  /**
   * @param page       requirements of the run as they were written
   * @param explained  ids of the requirements whose explanation is wanted too, and computed here; of all when absent
   * @throws UseCaseError 'NOT_FOUND' for an account, a snapshot or parameters that are gone
   */
  async evaluate(
    tx: TenantTransaction,
    plan: RecordedRunPlan,
    page: readonly StoredRequirement[],
    explained?: ReadonlySet<string>,
  ): Promise<readonly RecordedResult[]> {
    const accounts = await this.readAccounts(tx, plan, page);
    const planned = await this.readPlan(tx, plan, { page, accounts });
    const figuresOnly = { ...planned, unexplained: true };
    return page.map((stored, index) => {
      const account = accounts[index] as Account;
      const isExplained = explained === undefined || explained.has(stored.id);
      const result = isExplained
        ? evaluatePlanned(planned, account)
        : (plan.shared?.dense.evaluate(figuresOnly, account) ?? evaluatePlanned(figuresOnly, account));
      return { account, stored, result };
    });
  }

  /** Accounts with the methodology and currency of the run; somebody may have changed them since. */
  private async readAccounts(
    tx: TenantTransaction,
    { methods }: RecordedRunPlan,
    page: readonly StoredRequirement[],
  ): Promise<readonly Account[]> {
    const known = await this.stores.accounts.findByIds(
      tx,
      page.map(({ accountId }) => accountId),
    );
    return page.map(({ accountId, methodology, currency }): Account => {
      const account = known.get(accountId);
      if (account === undefined) throw new UseCaseError('NOT_FOUND', `account ${accountId} does not exist`);
      if (!methods.has(methodology)) throw new UseCaseError('NOT_FOUND', `the run has no parameters of ${methodology}`);
      return { ...account, methodology, baseCurrency: currency };
    });
  }

  /** The inputs of a page as the run knew them; the statuses before it are those that were recorded. */
  private async readPlan(
    tx: TenantTransaction,
    { run, methods, snapshot: known, shared }: RecordedRunPlan,
    { page, accounts }: { readonly page: readonly StoredRequirement[]; readonly accounts: readonly Account[] },
  ): Promise<EvaluationPlan> {
    const previousStatuses = new Map(
      page.flatMap(({ accountId, previousStatus }) =>
        previousStatus === null ? [] : [[accountId, previousStatus] as const],
      ),
    );
    const read = await this.inputs.read(tx, accounts, momentOf(run), shared?.catalogue);
    const inputs = { ...read, previousStatuses };
    const { asOf, positionsAt, knownAt } = run;
    const quoted = [...inputs.instruments.keys(), ...inputs.forerunners.keys()];
    const market = known ?? (await this.readSnapshot(tx, run, quoted));
    const snapshot = inSharesAt(market, inputs, { instruments: inputs.instruments, positionsAt });
    const guarded = { accounts, inputs, snapshot, asOf, positionsAt, knownAt };
    const guards = await this.guard.readRecorded(tx, guarded, page);
    return { run, inputs, snapshot, guards, methods };
  }

  private async readSnapshot(
    tx: TenantTransaction,
    { snapshotId }: MarginRun,
    instrumentIds: readonly string[],
  ): Promise<MarketSnapshot> {
    const stored = await this.stores.snapshots.loadForInstruments(tx, snapshotId, instrumentIds);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${snapshotId} does not exist`);
    return stored.snapshot;
  }
}
