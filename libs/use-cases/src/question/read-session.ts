import type { Database, TenantTransaction, TransactionSettings } from '@ballast/persistence';
import type { Principal } from '../caller/principal';
import { UseCaseError } from '../caller/use-case-error';

/** Longest single statement of a read [ms]. */
const statementTimeoutMs = 5_000;

interface OpenTransaction {
  readonly transaction: TenantTransaction;
  readonly commit: () => void;
  readonly abort: (failure: unknown) => void;
  /** Resolves after the commit; rejects with what the record says about a failure. */
  readonly ended: Promise<void>;
}

/**
 * The reads of one request: one transaction, opened at the first read and ended by `close`, in which row level security
 * shows the caller's firm (and accounts) only and all reads show the same moment.
 *
 * Reads run one after the other, because a transaction is one connection; callers may ask concurrently. A read that fails
 * ends the transaction, and the next one opens another.
 */
export class ReadSession {
  private opened: OpenTransaction | null = null;
  private queue: Promise<unknown> = Promise.resolve();
  private closed = false;
  private moments: readonly (string | null)[] = [];
  private heldUntil = Infinity;
  /** Made when somebody first asks for its signal: most requests have nothing to stop. */
  private over: AbortController | null = null;

  constructor(
    private readonly database: Database,
    readonly principal: Principal,
    private readonly settings: Pick<TransactionSettings, 'plans' | 'readOnly'> = {},
  ) {}

  /** Aborted when the request is over: what still computes for it may stop. */
  get signal(): AbortSignal {
    if (this.over === null) {
      this.over = new AbortController();
      if (this.closed) this.over.abort();
    }
    return this.over.signal;
  }

  /** What the record showed to all reads so far, see `momentColumn`; null unless they were of one read-only transaction. */
  get moment(): string | null {
    const [only = null, ...others] = this.moments;
    return others.length === 0 ? only : null;
  }

  /** First instant [ms since 1970] at which what was read may say something else although no row has changed. */
  get holdsUntil(): number {
    return this.heldUntil;
  }

  /** Called by every read whose result depends on the time of the question: until when it stays as it is. */
  noteUntil(until: number): void {
    this.heldUntil = Math.min(this.heldUntil, until);
  }

  /**
   * Runs one read after those asked for before it.
   *
   * @throws PersistenceError; UseCaseError 'UNAVAILABLE' when the session is closed; what `work` throws
   */
  read<T>(work: (transaction: TenantTransaction) => Promise<T>): Promise<T> {
    const result = this.queue.then(() => this.run(work));
    this.queue = result.catch(() => undefined);
    return result;
  }

  /** Ends the transaction after the reads asked for so far and gives its connection back; safe to call twice. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.over?.abort();
    await this.queue;
    const opened = this.opened;
    this.opened = null;
    opened?.commit();
    // A read-only transaction has nothing to lose; its connection is given back either way.
    await opened?.ended.catch(() => undefined);
  }

  private async run<T>(work: (transaction: TenantTransaction) => Promise<T>): Promise<T> {
    if (this.closed) throw new UseCaseError('UNAVAILABLE', 'the request is over');
    if (this.opened === null) {
      this.opened = await this.open();
      this.moments = [...this.moments, this.opened.transaction.moment];
    }
    const opened = this.opened;
    try {
      return await work(opened.transaction);
    } catch (failure) {
      this.opened = null;
      opened.abort(failure);
      await opened.ended;
      throw failure;
    }
  }

  private open(): Promise<OpenTransaction> {
    const { firmId, accountIds } = this.principal;
    const context = { firmId, ...(accountIds === undefined ? {} : { accountIds }) };
    return new Promise((resolve, reject) => {
      let commit = (): void => undefined;
      let abort = (_failure: unknown): void => undefined;
      const untilEnd = new Promise<void>((end, fail) => {
        commit = end;
        abort = fail;
      });
      const ended: Promise<void> = this.database.withTenant(
        context,
        (transaction) => {
          resolve({ transaction, commit, abort, ended });
          return untilEnd;
        },
        { ...this.settings, isolation: 'REPEATABLE READ', statementTimeoutMs },
      );
      // Rejects when no transaction could be opened; later failures are told by `ended`.
      ended.catch(reject);
    });
  }
}
