import { defaultBufferPolicy } from '@ballast/buffer';
import { type Account, formatInstant, type Instant } from '@ballast/domain';
import {
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  RequirementStore,
  RiskParameterStore,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { momentOf } from '../engine/run-moment';
import { portfolioOfHoldings } from '../run/evaluate-account';
import type { ReadSession } from '../question/read-session';
import { holdingsOf, RunInputReader } from '../run/run-inputs';
import type { AccountSource } from '../threads/account-source';
import { inSharesAt } from '../market/split-reader';
import { UseCaseError } from '../caller/use-case-error';

/** An account as a run of the past saw it. */
export interface PastAccountState {
  readonly run: MarginRun;
  /** As data, for a computation in a thread. */
  readonly source: AccountSource;
}

/**
 * Reads an account as the latest run at an instant saw it: snapshot, positions, balances, collateral, parameters, house
 * rules and policy, all as they were known to that run.
 */
@Injectable()
export class RunStateReader {
  constructor(
    private readonly inputs: RunInputReader,
    private readonly requirements: RequirementStore,
    private readonly runs: MarginRunStore,
    private readonly snapshots: MarketSnapshotStore,
    private readonly parameters: RiskParameterStore,
  ) {}

  /**
   * @param at  the run that was known then; where none was, the one of that time that was learnt later
   * @throws UseCaseError 'NOT_FOUND' where no run evaluated the account up to the instant, or its inputs are gone
   * @throws DomainError for inputs that cannot be evaluated
   */
  async read(session: ReadSession, account: Account, at: Instant): Promise<PastAccountState> {
    return session.read(async (transaction) => {
      const stored = await this.findRequirement(transaction, account, at);
      const run = await this.runs.findById(transaction, stored.runId);
      if (run === null) throw new UseCaseError('NOT_FOUND', `run ${stored.runId} does not exist`);
      return { run, source: await this.sourceOf(transaction, { account, stored, run }) };
    });
  }

  private async findRequirement(
    transaction: TenantTransaction,
    { id, code }: Account,
    at: Instant,
  ): Promise<StoredRequirement> {
    const known = (await this.requirements.findLatest(transaction, [id], { asOf: at, knownAt: at })).get(id);
    const found = known ?? (await this.requirements.findLatest(transaction, [id], { asOf: at })).get(id);
    if (found !== undefined) return found;
    throw new UseCaseError('NOT_FOUND', `no run evaluated account ${code} up to ${formatInstant(at)}`);
  }

  private async sourceOf(
    transaction: TenantTransaction,
    past: { readonly account: Account; readonly stored: StoredRequirement; readonly run: MarginRun },
  ): Promise<AccountSource> {
    const { stored, run } = past;
    const { methodology, currency, parameterSetId, previousStatus } = stored;
    const account: Account = { ...past.account, methodology, baseCurrency: currency };
    const inputs = await this.inputs.read(transaction, [account], momentOf(run));
    const quoted = [...inputs.instruments.keys(), ...inputs.forerunners.keys()];
    const market = await this.snapshots.loadForInstruments(transaction, run.snapshotId, quoted);
    if (market === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    const set = await this.parameters.findById(transaction, parameterSetId);
    if (set === null) throw new UseCaseError('NOT_FOUND', `parameter set ${parameterSetId} does not exist`);
    const { asOf } = run;
    const { instruments, listedFutures, schedules } = inputs;
    const snapshot = inSharesAt(market.snapshot, inputs, { instruments, positionsAt: run.positionsAt });
    const holdings = holdingsOf(inputs, account.id);
    const portfolio = portfolioOfHoldings({ account, holdings, instruments, listedFutures, schedules, snapshot, asOf });
    return {
      portfolio,
      snapshot,
      parameters: set.parameters,
      code: account.code,
      policy: inputs.policies.get(account.id) ?? defaultBufferPolicy(asOf),
      ...(previousStatus === null || previousStatus === 'INDETERMINATE' ? {} : { previousStatus }),
    };
  }
}
