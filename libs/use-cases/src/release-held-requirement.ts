import {
  AccountStore,
  HeldRequirementStore,
  IdempotencyStore,
  type MarginRun,
  MarginRunStore,
  type RequirementHold,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from './principal';
import { requireIdempotencyKey, requireSentence } from './required-text';
import { UseCaseError } from './use-case-error';

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

/** Confirms held requirements: from then on they are read with their own status and quality. Nothing is rewritten. */
@Injectable()
export class ReleaseHeldRequirement {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly runs: MarginRunStore,
    private readonly accounts: AccountStore,
    private readonly held: HeldRequirementStore,
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
    const run = await this.runs.findById(context, runId);
    if (run === null) throw new UseCaseError('NOT_FOUND', 'no margin run has that id', 'runId');
    const holds = await this.held.findByRun(context, runId, { open: false });
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
    if ((await this.runs.findById(tx, runId)) === null)
      throw new UseCaseError('NOT_FOUND', 'no margin run has that id', 'runId');
    const accountIds = accountCode === undefined ? undefined : [await this.findAccount(tx, accountCode)];
    const released = await this.held.confirm(tx, { runId, accountIds, reason, confirmedBy });
    if (released.length > 0) return { accountIds: released.map(({ accountId }) => accountId) };
    const what = accountCode === undefined ? 'no account of the run' : `account ${accountCode} of the run`;
    throw new UseCaseError('CONFLICT', `${what} waits for a release`, 'runId');
  }

  private async findAccount(tx: TenantTransaction, code: string): Promise<string> {
    const account = await this.accounts.findByCode(tx, code);
    if (account === null) throw new UseCaseError('NOT_FOUND', `no account has the code ${code}`, 'accountCode');
    return account.id;
  }
}
