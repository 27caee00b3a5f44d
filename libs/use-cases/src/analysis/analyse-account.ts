import {
  checkBetas,
  computeWhatIf,
  type CoveredRequirement,
  dependedUnderlyings,
  type LiquidationLevels,
  type MarketShift,
  measureState,
  type RestorationPlan,
  type RestorationTarget,
  type TradeCosts,
  type UnderlyingLevels,
  type WhatIfAnswer,
} from '@ballast/buffer';
import type { Account, CashBalance, Decimal, Instant, Instrument } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { AccountStateReader } from './account-state-reader';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { AnalysisThreads } from '../threads/analysis-threads';
import { UseCaseError } from '../caller/use-case-error';

export type {
  AccountFigures,
  AffordableQuantity,
  CoveredRequirement,
  FigureChange,
  LiquidationLevels,
  LiquidationPoint,
  MarketShift,
  RestorationPlan,
  RestorationTarget,
  SettledPosition,
  TradeEffect,
  UnderlyingLevels,
  WhatIfAnswer,
} from '@ballast/buffer';

/** Whose account, and when it is asked. */
export interface AccountQuestion {
  readonly account: Account;
  readonly now: Instant;
}

/** A what-if question about a stored account; contracts by identifier. */
export interface WhatIfQuestionById {
  readonly trades: readonly {
    readonly instrumentId: string;
    readonly quantity: Decimal;
    readonly price?: Decimal;
    readonly feePerContract?: Decimal;
  }[];
  readonly cash: readonly CashBalance[];
  readonly shift: MarketShift;
  readonly covered?: CoveredRequirement;
}

/** A restoration question about a stored account. */
export interface RestorationQuestionById {
  readonly target: RestorationTarget;
  readonly hedges: readonly { readonly instrumentId: string; readonly maximum: number }[];
  readonly costs: TradeCosts;
  readonly budget: number;
}

/** Most that one request may ask, so that no other waits for it. */
const tradesMaximum = 100;
const hedgesMaximum = 20;
const budgetMaximum = 5_000;

/** Answers analyses of a stored account on what it holds now and the latest market snapshot. */
@Injectable()
export class AnalyseAccount {
  constructor(
    private readonly states: AccountStateReader,
    private readonly threads: AnalysisThreads,
  ) {}

  /** @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'; DomainError as computeWhatIf */
  async whatIf(
    session: ReadSession,
    { account, now }: AccountQuestion,
    asked: WhatIfQuestionById,
  ): Promise<WhatIfAnswer> {
    requirePermission(session.principal, 'analyse');
    requireAtMost(asked.trades.length, tradesMaximum, 'trades');
    requireAtMost(asked.cash.length, tradesMaximum, 'cash');
    const instrumentIds = asked.trades.map(({ instrumentId }) => instrumentId);
    const { prepared, instruments } = await this.states.read(session, { account, now, instrumentIds });
    const trades = asked.trades.map(({ instrumentId, ...trade }) => ({
      ...trade,
      instrument: instruments.get(instrumentId) as Instrument,
    }));
    return computeWhatIf(prepared, { ...asked, trades });
  }

  /** @throws as whatIf */
  async liquidationLevels(
    session: ReadSession,
    { account, now }: AccountQuestion,
  ): Promise<readonly (UnderlyingLevels & { readonly currency: string })[]> {
    requirePermission(session.principal, 'analyse');
    const { prepared, source } = await this.states.read(session, { account, now, instrumentIds: [] });
    if (measureState(prepared).status === 'indeterminate') return [];
    const underlyingIds = dependedUnderlyings(prepared);
    const bounds = { field: 'account', signal: session.signal };
    const found = await this.threads.analyse('liquidationLevels', source, { underlyingIds }, bounds);
    return found.map((levels) => {
      const currency = prepared.snapshot.underlyings.get(levels.underlyingId)?.currency ?? account.baseCurrency;
      return { ...levels, currency };
    });
  }

  /** Moves of all prices by their betas, and of all volatilities; null when the account cannot be valued. @throws as whatIf */
  async marketLevels(
    session: ReadSession,
    { account, now }: AccountQuestion,
    betas: Readonly<Record<string, number>>,
  ): Promise<{ readonly prices: LiquidationLevels; readonly volatility: LiquidationLevels } | null> {
    requirePermission(session.principal, 'analyse');
    const { prepared, source } = await this.states.read(session, { account, now, instrumentIds: [] });
    checkBetas(prepared, betas);
    if (measureState(prepared).status === 'indeterminate') return null;
    const bounds = { field: 'account', signal: session.signal };
    return this.threads.analyse('marketLevels', source, { betas }, bounds);
  }

  /** @throws as whatIf */
  async restoration(
    session: ReadSession,
    { account, now }: AccountQuestion,
    asked: RestorationQuestionById,
  ): Promise<RestorationPlan> {
    requirePermission(session.principal, 'analyse');
    requireAtMost(asked.hedges.length, hedgesMaximum, 'hedges');
    if (!(asked.budget >= 1 && asked.budget <= budgetMaximum))
      throw new UseCaseError('BAD_USER_INPUT', `budget: expected 1 to ${budgetMaximum}, got ${asked.budget}`, 'budget');
    const instrumentIds = asked.hedges.map(({ instrumentId }) => instrumentId);
    const { source, instruments } = await this.states.read(session, { account, now, instrumentIds });
    const hedges = asked.hedges.map(({ instrumentId, maximum }) => ({
      instrument: instruments.get(instrumentId) as Instrument,
      maximum,
    }));
    const bounds = { field: 'budget', signal: session.signal };
    return this.threads.analyse('restoration', source, { ...asked, hedges }, bounds);
  }
}

function requireAtMost(count: number, most: number, field: string): void {
  if (count > most) throw new UseCaseError('BAD_USER_INPUT', `${field}: at most ${most}, got ${count}`, field);
}
