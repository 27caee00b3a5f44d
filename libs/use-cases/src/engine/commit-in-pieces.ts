import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account, Methodology, Money } from '@ballast/domain';
import {
  type AccountResult,
  type MarginRun,
  type MarginRunStore,
  RecordedMoney,
  type TenantContext,
  transactionOf,
} from '@ballast/persistence';
import { UseCaseError } from '../caller/use-case-error';
import type { DecideMarginCalls, MarginCallSource } from '../margin-call/decide-margin-calls';
import { startRunHash } from '../run/evaluate-account';
import { CentsEvaluation } from './cents-evaluation';
import { DenseEvaluation } from './dense-evaluation';
import type { EnginePhases } from './engine-phases';
import { type EvaluationPlan, evaluatePlanned } from './evaluate-planned';

/** An open run and everything its accounts are evaluated from. */
interface PiecewisePlan extends EvaluationPlan {
  readonly context: TenantContext;
  readonly run: MarginRun;
  /** In order of the identifier, so that two runs lock rows of accounts in the same order. */
  readonly accounts: readonly Account[];
  readonly onProgress: (done: number, total: number) => void;
}

interface PiecewiseTools {
  readonly runs: MarginRunStore;
  readonly calls: DecideMarginCalls;
  readonly phases: EnginePhases;
  readonly isStopping: () => boolean;
}

/** What the next run has to know of a result; the rest is given up as soon as it is written. */
export interface CommittedResult extends Pick<
  AccountResult,
  'accountId' | 'resultHash' | 'status' | 'quality' | 'equity'
> {
  readonly methodology: Methodology;
  readonly initial: Money | null;
  readonly maintenance: Money | null;
}

/** What became of it. */
export interface CommittedPieces {
  readonly run: MarginRun;
  readonly results: readonly CommittedResult[];
  /** Number of the transaction, as the links of the chain carry it. */
  readonly transaction: string;
}

/** Accounts evaluated while those before them are written; fewer where the server would wait for the first, or all for the last. */
const pieceSize = { first: 200, usual: 1_000, last: 200 } as const;
/** Accounts whose calls are decided at once: few have one, and every statement costs the server what it takes to plan it, and a turn. */
const callsAtOnce = 20_000;
/** How many writes may wait while accounts are evaluated: deciding calls takes as long as two pieces. */
const writesAhead = 4;
/** Longest stretch of computing before answers of the server and other requests get a turn [ms]. */
const turnLengthMs = 2;

/**
 * Evaluates the accounts of a run piece by piece, each while the server writes the one before, and commits all in the one
 * transaction that completes the run: figures alone, explained on request.
 *
 * @throws UseCaseError 'UNAVAILABLE' when the process stops; PersistenceError as MarginRunStore.complete
 */
export async function commitInPieces(plan: PiecewisePlan, tools: PiecewiseTools): Promise<CommittedPieces> {
  const { context, run, accounts } = plan;
  const dense = new DenseEvaluation(plan.methods);
  const cents = new CentsEvaluation(dense);
  const evaluate = (account: Account): AccountResult =>
    cents.evaluate(plan, account) ?? dense.evaluate(plan, account) ?? evaluatePlanned(plan, account);
  const hash = startRunHash();
  const results: CommittedResult[] = [];
  let transaction = '';
  const { phases } = tools;
  const began = performance.now();
  let evaluating = 0;
  const completed = await tools.runs.complete(context, run.id, async (sink) => {
    transaction = await transactionOf(sink.transaction);
    const queue = new WriteQueue();
    let undecided: MarginCallSource[] = [];
    const decideCalls = (): void => {
      const sources = undecided;
      undecided = [];
      queue.add((before) => before.then(() => tools.calls.execute(sink.transaction, run, sources)));
    };
    for (const part of piecesOf(accounts)) {
      const pieceBegan = performance.now();
      const piece = await evaluatePiece(evaluate, { accounts: part, isStopping: tools.isStopping });
      evaluating += performance.now() - pieceBegan;
      await queue.hasRoom();
      queue.add((before) => sink.write(piece, false, before));
      for (const result of piece) {
        hash.add(result);
        const committed = committedOf(result);
        results.push(committed);
        undecided.push(callSourceOf(committed));
      }
      if (undecided.length >= callsAtOnce) decideCalls();
      plan.onProgress(results.length, accounts.length);
    }
    decideCalls();
    await queue.end();
    return { resultHash: hash.digest() };
  });
  phases.add('evaluate', evaluating);
  phases.add('write', performance.now() - began - evaluating);
  return { run: completed, results, transaction };
}

/** What a transaction has to write, one after the other; the rows of the next are put together while it is busy. */
class WriteQueue {
  private readonly waiting: Promise<unknown>[] = [];
  private last: Promise<unknown> = Promise.resolve();

  /** @param work  begins when what it is given has ended */
  add(work: (before: Promise<unknown>) => Promise<unknown>): void {
    this.last = work(this.last);
    this.waiting.push(this.last);
    // Awaited by `hasRoom` or `end`; a failure until then has to wait for that.
    this.last.catch(() => undefined);
  }

  /** Until fewer than `writesAhead` wait. @throws what writing failed with */
  async hasRoom(): Promise<void> {
    while (this.waiting.length >= writesAhead) await this.waiting.shift();
  }

  async end(): Promise<void> {
    await this.last;
  }
}

function committedOf(result: AccountResult): CommittedResult {
  const { accountId, resultHash, status, quality, written } = result;
  if (written === undefined) {
    const { methodology, initialRequirement, maintenanceRequirement } = result.requirement;
    const figures = { initial: plain(initialRequirement), maintenance: plain(maintenanceRequirement) };
    return { accountId, resultHash, status, quality, methodology, equity: plain(result.equity), ...figures };
  }
  const recorded = (digits: string | null): Money | null =>
    digits === null ? null : new RecordedMoney(digits, result.baseCurrency);
  const { methodology } = result.requirement;
  const [initial, maintenance] = [recorded(written.initial), recorded(written.maintenance)];
  return {
    accountId,
    resultHash,
    status,
    quality,
    methodology,
    equity: recorded(written.equity),
    initial,
    maintenance,
  };
}

function callSourceOf({ initial, maintenance, methodology, ...result }: CommittedResult): MarginCallSource {
  const requirement = { methodology, initialRequirement: initial, maintenanceRequirement: maintenance };
  return { ...result, requirement };
}

/** An amount as a store gives it. */
function plain(money: Money | null): Money | null {
  return money === null ? null : { amount: money.amount, currency: money.currency };
}

function piecesOf(accounts: readonly Account[]): readonly (readonly Account[])[] {
  const { first, usual, last } = pieceSize;
  const pieces: (readonly Account[])[] = [];
  for (let start = 0; start < accounts.length;) {
    const left = accounts.length - start;
    const size = start === 0 ? first : left > usual ? Math.min(usual, left - last) : left;
    pieces.push(accounts.slice(start, start + size));
    start += size;
  }
  return pieces;
}

async function evaluatePiece(
  evaluate: (account: Account) => AccountResult,
  { accounts, isStopping }: { readonly accounts: readonly Account[] } & Pick<PiecewiseTools, 'isStopping'>,
): Promise<readonly AccountResult[]> {
  const results: AccountResult[] = [];
  let turnEnds = performance.now() + turnLengthMs;
  for (const account of accounts) {
    if (isStopping()) throw new UseCaseError('UNAVAILABLE', 'the service was stopped before the run was done');
    results.push(evaluate(account));
    if (performance.now() < turnEnds) continue;
    await nextTurn();
    turnEnds = performance.now() + turnLengthMs;
  }
  return results;
}
