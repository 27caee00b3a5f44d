import type { Instant } from '@ballast/domain';
import { IdempotencyStore, type MarginRun, MarginRunStore, PersistenceError } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey } from '../caller/required-text';
import { RunMargin } from './run-margin';
import { UseCaseError } from '../caller/use-case-error';

/** A run as a client asks for it. */
export interface StartMarginRunCommand {
  /** Chosen by the client, 1 to 128 characters. */
  readonly idempotencyKey: string;
  readonly asOf?: Instant | undefined;
  readonly snapshotId?: string | undefined;
  readonly accountCodes?: readonly string[] | undefined;
}

const operation = 'startMarginRun';
const accountCodesMaximum = 10_000;

/** Starts a margin run for a client, once per key. */
@Injectable()
export class StartMarginRun {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly runs: MarginRunStore,
    private readonly runMargin: RunMargin,
  ) {}

  /**
   * Opens a run and returns while it is being computed; the same key returns the run it opened the first time, also after
   * a lost answer or a restart.
   *
   * @throws UseCaseError 'FORBIDDEN', 'BAD_USER_INPUT', 'NOT_FOUND' for an unknown snapshot or account;
   *         PersistenceError 'CONFLICT' when the key was used for another request
   */
  async execute(principal: Principal, command: StartMarginRunCommand): Promise<MarginRun> {
    requirePermission(principal, 'start-run');
    const { idempotencyKey, asOf, snapshotId, accountCodes } = command;
    requireIdempotencyKey(idempotencyKey);
    requireCodes(accountCodes);
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot start a run of the firm');
    const { firmId, subject: requestedBy } = principal;
    // Remembers what was asked for under the key; the run itself carries the key, so it is opened at most once.
    const request = { asOf: asOf ?? null, snapshotId: snapshotId ?? null, accountCodes: accountCodes ?? null };
    await this.idempotency.once({ firmId }, { operation, key: idempotencyKey, request }, async () => ({}));
    try {
      const { run, finished } = await this.runMargin.start({
        firmId,
        requestedBy,
        idempotencyKey,
        ...(asOf === undefined ? {} : { asOf }),
        ...(snapshotId === undefined ? {} : { snapshotId }),
        ...(accountCodes === undefined ? {} : { accountCodes }),
      });
      // The run records its own failure; whoever asked reads it from the run.
      finished.catch(() => undefined);
      return run;
    } catch (failure) {
      if (!(failure instanceof PersistenceError) || failure.code !== 'CONFLICT') throw failure;
      const opened = await this.runs.findByIdempotencyKey({ firmId }, idempotencyKey);
      if (opened === null) throw failure;
      return opened;
    }
  }
}

function requireCodes(codes: readonly string[] | undefined): void {
  if (codes === undefined) return;
  if (codes.length === 0 || codes.length > accountCodesMaximum)
    throw new UseCaseError(
      'BAD_USER_INPUT',
      `accountCodes: expected 1 to ${accountCodesMaximum} codes`,
      'accountCodes',
    );
  if (new Set(codes).size < codes.length)
    throw new UseCaseError('BAD_USER_INPUT', 'accountCodes: a code is named twice', 'accountCodes');
}
