import {
  AccountStore,
  HeldRequirementStore,
  IdempotencyStore,
  type MarginRun,
  MarginRunStore,
  type RequirementHold,
  RequirementStore,
  type TenantContext,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { DecideMarginCalls } from '../margin-call/decide-margin-calls';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey, requireSentence } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

export type { RequirementHold } from '@ballast/persistence';

/** Which held requirements a person confirms, and why. */
export interface ReleaseCommand {
  /** Chosen by the client: the same key confirms once and gets the same answer. */
  readonly idempotencyKey: string;
  readonly runId: string;
  /** Code of the one account; every held account of the run when absent. */
  readonly accountCode?: string | undefined;
  /** Why the move is right, 1 to 1000 characters; kept with the confirmation. */
  readonly reason: string;
}

/** What became of a confirmation. */
export interface ReleaseOutcome {
  readonly run: MarginRun;
  /** Requirements confirmed by this call, in order of the account's identifier. */
  readonly released: readonly RequirementHold[];
  /** Requirements of the run that still wait. */
  readonly stillHeld: number;
}

/** Where held requirements are found and confirmed. */
@Injectable()
export class ReleaseStores {
  constructor(
    readonly runs: MarginRunStore,
    readonly accounts: AccountStore,
    readonly held: HeldRequirementStore,
    readonly requirements: RequirementStore,
  ) {}
}

/**
 * Confirms held requirements: from then on they are read with their own status and quality, and the margin calls they
 * imply are raised, changed or closed in the same transaction. Nothing is rewritten.
 */
@Injectable()
export class ReleaseHeldRequirement {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly stores: ReleaseStores,
    private readonly calls: DecideMarginCalls,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN'; 'BAD_USER_INPUT' without a reason; 'NOT_FOUND' for an unknown run or account;
   *         'CONFLICT' when nothing of what was named waits
   */
  async execute(principal: Principal, command: ReleaseCommand): Promise<ReleaseOutcome> {
    requirePermission(principal, 'release-requirements');
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot release requirements of the firm');
    const { runId, accountCode } = command;
    const key = requireIdempotencyKey(command.idempotencyKey);
    const reason = requireSentence(command.reason, 'reason');
    const context = { firmId: principal.firmId };
    const { response } = await this.idempotency.once(
      context,
      { operation: 'releaseHeldRequirements', key, request: { runId, accountCode: accountCode ?? null, reason } },
      (tx) => this.confirm(tx, { runId, accountCode, reason, confirmedBy: principal.subject }),
    );
    const run = await this.findRun(context, runId);
    const holds = await this.stores.held.findByRun(context, runId, { open: false });
    return {
      run,
      released: holds.filter(({ accountId }) => response.accountIds.includes(accountId)),
      stillHeld: holds.filter(({ confirmation }) => confirmation === null).length,
    };
  }

  private async confirm(
    tx: TenantTransaction,
    input: Omit<ReleaseCommand, 'idempotencyKey'> & { readonly confirmedBy: string },
  ): Promise<{ readonly accountIds: readonly string[] }> {
    const { runId, accountCode, reason, confirmedBy } = input;
    const run = await this.findRun(tx, runId);
    const accountIds = accountCode === undefined ? undefined : [await this.findAccount(tx, accountCode)];
    const released = await this.stores.held.confirm(tx, { runId, accountIds, reason, confirmedBy });
    if (released.length > 0) {
      await this.decideCalls(tx, run, released);
      return { accountIds: released.map(({ accountId }) => accountId) };
    }
    const what = accountCode === undefined ? 'no account of the run' : `account ${accountCode} of the run`;
    throw new UseCaseError('CONFLICT', `${what} waits for a release`, 'runId');
  }

  /** What a run would have done to calls had these figures not waited. */
  private async decideCalls(
    tx: TenantTransaction,
    run: MarginRun,
    released: readonly RequirementHold[],
  ): Promise<void> {
    const accountIds = released.map(({ accountId }) => accountId);
    const found = await this.stores.requirements.findByRun(tx, run.id, accountIds);
    const confirmedAt = released[0]?.confirmation?.confirmedAt;
    await this.calls.execute(
      tx,
      { ...run, ...(confirmedAt === undefined ? {} : { confirmedAt }) },
      found.map((requirement) => ({ ...requirement, requirement })),
    );
  }

  private async findRun(scope: TenantContext | TenantTransaction, runId: string): Promise<MarginRun> {
    const run = await this.stores.runs.findById(scope, runId);
    if (run === null) throw new UseCaseError('NOT_FOUND', 'no margin run has that id', 'runId');
    return run;
  }

  private async findAccount(tx: TenantTransaction, code: string): Promise<string> {
    const account = await this.stores.accounts.findByCode(tx, code);
    if (account === null) throw new UseCaseError('NOT_FOUND', `no account has the code ${code}`, 'accountCode');
    return account.id;
  }
}
