import { defaultBufferPolicy } from '@ballast/buffer';
import type { Account, MarketSnapshot, Methodology } from '@ballast/domain';
import {
  AccountStore,
  type AccountResult,
  contentHash,
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
import { momentOf } from '../engine/run-moment';
import { evaluateAccount, type MethodInEffect } from './evaluate-account';
import { prepareParameterSet } from '../risk-parameters/parameter-sets-in-effect';
import { RunGuard } from './run-guard';
import { holdingsOf, RunInputReader } from './run-inputs';
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

  /**
   * @param page  requirements of the run as they were written
   * @throws UseCaseError 'NOT_FOUND' for an account, a snapshot or parameters that are gone
   */
  async evaluate(
    tx: TenantTransaction,
    plan: RecordedRunPlan,
    page: readonly StoredRequirement[],
  ): Promise<readonly RecordedResult[]> {
    const { run } = plan;
    const known = await this.stores.accounts.findByIds(
      tx,
      page.map(({ accountId }) => accountId),
    );
    const accounts = page.map(({ accountId, methodology, currency }): Account => {
      const account = known.get(accountId);
      if (account === undefined) throw new UseCaseError('NOT_FOUND', `account ${accountId} does not exist`);
      return { ...account, methodology, baseCurrency: currency };
    });
    const inputs = await this.inputs.read(tx, accounts, momentOf(run));
    const { asOf, positionsAt, knownAt } = run;
    const quoted = [...inputs.instruments.keys(), ...inputs.forerunners.keys()];
    const market = plan.snapshot ?? (await this.readSnapshot(tx, run, quoted));
    const snapshot = inSharesAt(market, inputs, { instruments: inputs.instruments, positionsAt });
    const guards = await this.guard.read(tx, { accounts, inputs, snapshot, asOf, positionsAt, knownAt });
    return page.map((stored, index) => {
      const account = accounts[index] as Account;
      const inEffect = plan.methods.get(account.methodology);
      if (inEffect === undefined)
        throw new UseCaseError('NOT_FOUND', `the run has no parameters of ${account.methodology}`);
      const result = evaluateAccount({
        account,
        holdings: holdingsOf(inputs, account.id),
        schedules: inputs.schedules,
        instruments: inputs.instruments,
        listedFutures: inputs.listedFutures,
        asOf,
        snapshot,
        inEffect,
        policy: inputs.policies.get(account.id) ?? defaultBufferPolicy(asOf),
        previousStatus: stored.previousStatus ?? undefined,
        callOverdue: inputs.overdueAccounts.has(account.id),
        guard: guards.get(account.id),
      });
      return { account, stored, result };
    });
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
