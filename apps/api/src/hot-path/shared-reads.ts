import { createHash } from 'node:crypto';
import { instantOf } from '@ballast/domain';
import type { Database, SnapshotWitness } from '@ballast/persistence';
import { type Principal, ReadSession } from '@ballast/use-cases';
import { Loaders } from '../graphql/loaders';
import type { RequestContext } from '../graphql/request-context';
import type { FirmAdmission } from '../http/firm-admission';

/** What the fields of several requests of one scope read from: one transaction, opened after the last of them arrived. */
export interface SharedContext extends Pick<RequestContext, 'principal' | 'session' | 'loaders' | 'now'> {
  /** Life of the witness that stood before the transaction was opened; 0 when none did. */
  readonly witnessLife: number;
}

/** Answers one request from the shared context; null means that nobody may be let in at the moment. Never rejects. */
type Answer = (context: SharedContext | null) => Promise<void>;

/** Transactions of one scope that are open at once: one is read while the answers of the other are written. */
const openMaximum = 2;
/** Requests that one transaction answers at most; their answers are written without a pause. */
const groupMaximum = 16;
/** Requests of one scope that may wait for a group; more take the general way, which refuses beyond its own bound. */
const waitingMaximum = 1_000;
/** Longest wait of a group for one of its firm's places [ms]. */
const waitMaximum = 5_000;

interface Scope {
  readonly principal: Principal;
  /** Requests of the group that is forming. */
  readonly waiting: { readonly answer: Answer; readonly isGone: () => boolean }[];
  /** Whether a group is about to take those that wait. */
  forming: boolean;
  /** Groups whose transaction is open. */
  open: number;
}

/**
 * Lets requests of one scope share a transaction. The scope is everything that decides what row level security shows and
 * what the use cases permit: firm, roles, and the accounts a token is limited to. Two scopes never share anything.
 *
 * A group is closed to newcomers before its transaction begins, so nobody is shown what was read before he asked. It takes
 * one place of its firm, as a request of its own would.
 */
export class SharedReads {
  private readonly scopes = new Map<string, Scope>();
  private readonly keys = new WeakMap<Principal, string>();

  constructor(
    private readonly database: Database,
    private readonly admission: FirmAdmission,
    private readonly now: () => number,
    private readonly witness: Pick<SnapshotWitness, 'life'>,
  ) {}

  /**
   * Adds a request to the next group of its scope.
   *
   * @param isGone  tells that nobody reads the answer any more: the caller left, or was told that it is too late
   */
  join(principal: Principal, answer: Answer, isGone: () => boolean): void {
    const key = this.keyOf(principal);
    let scope = this.scopes.get(key);
    if (scope === undefined) {
      scope = { principal: { ...principal, subject: 'several' }, waiting: [], forming: false, open: 0 };
      this.scopes.set(key, scope);
    }
    if (scope.waiting.length >= waitingMaximum) return void answer(null);
    scope.waiting.push({ answer, isGone });
    this.beginNext(key, scope);
  }

  /** Name of the scope of a caller. */
  keyOf(principal: Principal): string {
    let key = this.keys.get(principal);
    if (key === undefined) {
      key = scopeKey(principal);
      this.keys.set(principal, key);
    }
    return key;
  }

  /** Begins a group when the requests that are arriving at this moment have joined it. */
  private beginNext(key: string, scope: Scope): void {
    if (scope.forming || scope.open >= openMaximum) return;
    if (scope.waiting.length === 0) {
      if (scope.open === 0) this.scopes.delete(key);
      return;
    }
    scope.forming = true;
    setImmediate(() => void this.runGroup(key, scope));
  }

  private async runGroup(key: string, scope: Scope): Promise<void> {
    const { principal } = scope;
    const place = await this.admission.enter(principal.firmId, waitMaximum);
    const group = takeGroup(scope);
    scope.forming = false;
    scope.open += 1;
    this.beginNext(key, scope);
    try {
      if (typeof place === 'string') await Promise.all(group.map((answer) => answer(null)));
      else await this.answerGroup(principal, group).finally(place);
    } finally {
      scope.open -= 1;
      this.beginNext(key, scope);
    }
  }

  private async answerGroup(principal: Principal, group: readonly Answer[]): Promise<void> {
    const session = new ReadSession(this.database, principal, { plans: 'by-index', readOnly: true });
    const witnessLife = this.witness.life;
    const context = { principal, session, loaders: new Loaders(session), now: instantOf(this.now()), witnessLife };
    try {
      await Promise.all(group.map((answer) => answer(context)));
    } finally {
      await session.close();
    }
  }
}

/** The next requests that somebody still waits for. */
function takeGroup({ waiting }: Scope): Answer[] {
  const group: Answer[] = [];
  while (group.length < groupMaximum) {
    const next = waiting.shift();
    if (next === undefined) break;
    if (next.isGone()) void next.answer(null);
    else group.push(next.answer);
  }
  return group;
}

/** Everything that decides what a caller is shown. */
export function scopeKey({ firmId, roles, accountIds }: Principal): string {
  const parts = [firmId, [...roles].sort(), accountIds === undefined ? null : [...accountIds].sort()];
  // A token may name ten thousand accounts.
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
