import {
  type BreachProbability,
  type BreachQuestion,
  defaultBreachQuestion,
  defaultRiskQuestion,
  longRunReturns,
  sizingOf,
  measureState,
  movingUnderlyings,
  type PreparedState,
  type RecommendedBuffer,
  type RiskHistory,
  type RiskQuestion,
  type ValueAtRisk,
} from '@ballast/buffer';
import { adjustHistoryForSplits } from '@ballast/market-data';
import { PriceHistoryStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { AccountStateReader, type StoredAccountState } from './account-state-reader';
import type { AccountQuestion } from './analyse-account';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { AnalysisThreads } from '../threads/analysis-threads';
import { SplitReader } from '../market/split-reader';
import { UseCaseError } from '../caller/use-case-error';

export type {
  BreachProbability,
  BreachQuestion,
  RecommendedBuffer,
  RiskMethod,
  RiskQuestion,
  SizingComponentName,
  ValueAtRisk,
} from '@ballast/buffer';

/** Which stored prices count. */
export interface StoredHistoryChoice {
  /** Symbol of each underlying where it is not its identifier. */
  readonly symbols?: Readonly<Record<string, string>>;
  /** Latest daily returns used; 500 when absent. */
  readonly window?: number;
}

/** Most that one request may ask, so that no other waits for it. */
const windowMaximum = 5_000;
const pathsMaximum = 65_536;
const defaultWindow = 500;

/** Estimates statistical risk of a stored account on what it holds now, the latest snapshot and stored price history. */
@Injectable()
export class AssessAccountRisk {
  constructor(
    private readonly states: AccountStateReader,
    private readonly prices: PriceHistoryStore,
    private readonly threads: AnalysisThreads,
    private readonly splitReader: SplitReader,
  ) {}

  /**
   * @returns null when the account cannot be valued, 'NONE' when no price moves it
   * @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'; DomainError as computeValueAtRisk
   */
  async valueAtRisk(
    session: ReadSession,
    asked: AccountQuestion,
    request: StoredHistoryChoice & { readonly question: Partial<RiskQuestion> },
  ): Promise<{ readonly question: RiskQuestion; readonly found: ValueAtRisk | null | 'NONE' }> {
    const question = { ...defaultRiskQuestion, ...request.question };
    requireAffordablePaths(question);
    const { prepared, source } = await this.stateOf(session, asked);
    if (measureState(prepared).status === 'indeterminate') return { question, found: null };
    const history = await this.historyOf(session, prepared, request);
    const bounds = { field: 'input', signal: session.signal };
    const found = await this.threads.analyse('valueAtRisk', source, { history, question }, bounds);
    return { question, found: found ?? 'NONE' };
  }

  /** @returns null when the account cannot be valued @throws as valueAtRisk */
  async breachProbability(
    session: ReadSession,
    asked: AccountQuestion,
    request: StoredHistoryChoice & { readonly question: Partial<BreachQuestion> },
  ): Promise<{ readonly question: BreachQuestion; readonly found: BreachProbability | null }> {
    const question = { ...defaultBreachQuestion, ...request.question };
    requireAffordablePaths(question);
    const { prepared, source } = await this.stateOf(session, asked);
    const ids = movingUnderlyings(prepared);
    const stated = ids.length <= 1 && ids.every((id) => question.volatilities[id] !== undefined);
    const history = stated ? null : await this.historyOf(session, prepared, request);
    const bounds = { field: 'input', signal: session.signal };
    return { question, found: await this.threads.analyse('breachProbability', source, { history, question }, bounds) };
  }

  /**
   * Sizes the buffer (methodology §5.10): present figures on the window, the long-run one on up to ten years.
   *
   * @returns null when the account cannot be valued @throws as valueAtRisk
   */
  async recommendedBuffer(
    session: ReadSession,
    asked: AccountQuestion,
    request: StoredHistoryChoice,
  ): Promise<RecommendedBuffer | null> {
    const { prepared, source } = await this.stateOf(session, asked);
    if (measureState(prepared).status === 'indeterminate') return null;
    const history = await this.historyOf(session, prepared, {
      ...request,
      longest: longRunReturns(sizingOf(prepared)),
    });
    return this.threads.analyse('recommendedBuffer', source, { history }, { field: 'input', signal: session.signal });
  }

  private async stateOf(session: ReadSession, { account, now }: AccountQuestion): Promise<StoredAccountState> {
    requirePermission(session.principal, 'analyse');
    return this.states.read(session, { account, now, instrumentIds: [] });
  }

  private async historyOf(
    session: ReadSession,
    prepared: PreparedState,
    { symbols, window = defaultWindow, longest = 0 }: StoredHistoryChoice & { readonly longest?: number },
  ): Promise<RiskHistory> {
    if (!(Number.isInteger(window) && window >= 20 && window <= windowMaximum))
      throw new UseCaseError('BAD_USER_INPUT', `window: expected 20 to ${windowMaximum}, got ${window}`, 'window');
    const wanted = movingUnderlyings(prepared).map((id) => symbols?.[id] ?? id);
    const until = new Date(prepared.portfolio.asOf).toISOString().slice(0, 10);
    // Days on which one of the symbols has no price do not count, so more days are read than returns are used.
    const days = 2 * Math.max(window, longest) + 30;
    const history = await session.read((tx) => this.prices.read(tx, { symbols: wanted, until, days }));
    const splits = await session.read((tx) =>
      this.splitReader.readSplits(tx, { positionsAt: prepared.portfolio.asOf }),
    );
    const series = adjustHistoryForSplits({ history, splits, symbolOf: (id) => symbols?.[id] ?? id });
    return { series, window, ...(symbols === undefined ? {} : { symbols }) };
  }
}

function requireAffordablePaths({ paths, replicates }: Pick<RiskQuestion, 'paths' | 'replicates'>): void {
  if (paths * replicates > pathsMaximum)
    throw new UseCaseError('BAD_USER_INPUT', `paths: at most ${pathsMaximum} in all replicates together`, 'paths');
}
