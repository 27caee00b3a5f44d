import {
  IdempotencyStore,
  type Reconciliation,
  ReconciliationStore,
  type ResolutionAction,
  type StoredBreak,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type Principal, requirePermission } from '../caller/principal';
import { requireIdempotencyKey, requireSentence } from '../caller/required-text';
import { UseCaseError } from '../caller/use-case-error';

/** One step in settling breaks of a reconciliation. */
export interface ResolveBreaksCommand {
  /** Chosen by the client: the same key acts once and gets the same answer. */
  readonly idempotencyKey: string;
  readonly reconciliationId: string;
  /** Numbers of the breaks; null: all to which the action can be applied. */
  readonly ordinals: readonly number[] | null;
  readonly action: ResolutionAction;
  /** Why, in one line; it stays in the record. */
  readonly note: string;
}

export interface ResolveBreaksOutcome {
  readonly reconciliation: Reconciliation;
  /** Breaks that this request moved. */
  readonly ordinals: readonly number[];
}

const breaksMaximum = 10_000;

/** Settles breaks: one person proposes with a note, another confirms or rejects. Nothing is rewritten. */
@Injectable()
export class ResolveBreaks {
  constructor(
    private readonly idempotency: IdempotencyStore,
    private readonly reconciliations: ReconciliationStore,
  ) {}

  /**
   * @throws UseCaseError 'FORBIDDEN'; 'NOT_FOUND' for an unknown reconciliation or break; 'BAD_USER_INPUT' without a note;
   *         'SECOND_PERSON_REQUIRED' when the proposer confirms or rejects; 'CONFLICT' when the action does not fit the state
   */
  async execute(principal: Principal, command: ResolveBreaksCommand): Promise<ResolveBreaksOutcome> {
    requirePermission(principal, 'reconcile');
    if (principal.accountIds !== undefined)
      throw new UseCaseError('FORBIDDEN', 'a token limited to accounts cannot settle breaks of the firm');
    const { reconciliationId, ordinals, action } = command;
    const key = requireIdempotencyKey(command.idempotencyKey);
    const note = requireSentence(command.note, 'note');
    if (ordinals !== null && (ordinals.length === 0 || ordinals.length > breaksMaximum))
      throw new UseCaseError('BAD_USER_INPUT', `breaks: expected 1 to ${breaksMaximum} numbers`, 'breaks');
    const context = { firmId: principal.firmId };
    const request = { reconciliationId, ordinals, action, note, by: principal.subject };
    const { response } = await this.idempotency.once(
      context,
      { operation: 'resolveReconciliationBreaks', key, request },
      (tx) => this.act(tx, { reconciliationId, ordinals, action, note, recordedBy: principal.subject }),
    );
    const reconciliation = await this.reconciliations.findById(context, reconciliationId);
    if (reconciliation === null) throw notFound();
    return { reconciliation, ordinals: response.ordinals };
  }

  private async act(
    tx: TenantTransaction,
    step: Omit<ResolveBreaksCommand, 'idempotencyKey'> & { readonly recordedBy: string },
  ): Promise<{ readonly ordinals: readonly number[] }> {
    const { reconciliationId, ordinals, action, note, recordedBy } = step;
    if ((await this.reconciliations.findById(tx, reconciliationId)) === null) throw notFound();
    const found = await this.reconciliations.lockBreaks(tx, reconciliationId, ordinals);
    const missing = ordinals?.find((ordinal) => !found.some((candidate) => candidate.ordinal === ordinal));
    if (missing !== undefined)
      throw new UseCaseError('NOT_FOUND', `the reconciliation has no break ${missing}`, 'breaks');
    const fitting = found.filter(({ state }) => state === stateBefore[action]);
    if (ordinals !== null && fitting.length < found.length) throw stateConflict(found, action);
    if (fitting.length === 0) throw new UseCaseError('CONFLICT', `no break waits for ${words[action]}`, 'breaks');
    const own = action === 'PROPOSE' ? undefined : fitting.find((candidate) => candidate.resolutions.at(-1)?.recordedBy === recordedBy); // prettier-ignore
    if (own !== undefined) {
      const message = `${recordedBy} proposed how break ${own.ordinal} is settled; another person has to decide`;
      throw new UseCaseError('SECOND_PERSON_REQUIRED', message, 'breaks');
    }
    const moved = fitting.map(({ ordinal }) => ordinal);
    await this.reconciliations.addResolution(tx, { reconciliationId, ordinals: moved, action, note, recordedBy });
    return { ordinals: moved };
  }
}

const stateBefore: Readonly<Record<ResolutionAction, StoredBreak['state']>> = {
  PROPOSE: 'OPEN',
  CONFIRM: 'PROPOSED',
  REJECT: 'PROPOSED',
};
const words: Readonly<Record<ResolutionAction, string>> = {
  PROPOSE: 'a proposal',
  CONFIRM: 'a confirmation',
  REJECT: 'a rejection',
};

function stateConflict(found: readonly StoredBreak[], action: ResolutionAction): UseCaseError {
  const other = found.find(({ state }) => state !== stateBefore[action]) as StoredBreak;
  return new UseCaseError(
    'CONFLICT',
    `break ${other.ordinal} is ${other.state}: ${words[action]} does not fit`,
    'breaks',
  );
}

function notFound(): UseCaseError {
  return new UseCaseError('NOT_FOUND', 'no reconciliation has that id', 'reconciliationId');
}
