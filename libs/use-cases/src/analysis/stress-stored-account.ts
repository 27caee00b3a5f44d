import {
  type AssetClass,
  defaultReverseStressQuestion,
  findStressScenarios,
  type ReverseStress,
  type ReverseStressQuestion,
  type StressReport,
  type StressScenario,
} from '@ballast/buffer';
import type { Account, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { AccountStateReader } from './account-state-reader';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { AnalysisThreads } from '../threads/analysis-threads';
import { UseCaseError } from '../caller/use-case-error';

export {
  assetClasses,
  type AssetClass,
  type ReverseStress,
  type ReverseStressPoint,
  type ReverseStressSearch,
  type StressMove,
  type StressOutcome,
  type StressReport,
  type StressScenario,
} from '@ballast/buffer';

/** A stress question about a stored account. */
export interface StressQuestion {
  /** Names of the library; all of it when empty and there are no own scenarios. */
  readonly names: readonly string[];
  readonly custom: readonly StressScenario[];
  readonly classes: Readonly<Record<string, AssetClass>>;
  /** Parts that are not stated take the default; null = not asked for. */
  readonly reverse: Partial<ReverseStressQuestion> | null;
}

/** An account under its scenarios, and what exhausts its buffer. */
export interface StressAnswer {
  readonly report: StressReport;
  readonly reverse: ReverseStress | null;
}

/** Most that one request may ask, so that no other waits for it. */
const customMaximum = 20;
const movesMaximum = 200;
const factorsMaximum = 12;
const budgetDefault = 400;
const budgetMaximum = 1_000;

/** Stresses a stored account on what it holds now and the latest market snapshot. */
@Injectable()
export class StressStoredAccount {
  constructor(
    private readonly states: AccountStateReader,
    private readonly threads: AnalysisThreads,
  ) {}

  /** @throws UseCaseError 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT'; DomainError as stressAccount and searchReverseStress */
  async execute(
    session: ReadSession,
    { account, now }: { readonly account: Account; readonly now: Instant },
    asked: StressQuestion,
  ): Promise<StressAnswer> {
    requirePermission(session.principal, 'analyse');
    const { custom, names, classes } = asked;
    requireAtMost(custom.length, customMaximum, 'custom');
    requireAtMost(names.length, customMaximum, 'scenarios');
    for (const { byUnderlying = {}, betas = {} } of custom)
      requireAtMost(Object.keys(byUnderlying).length + Object.keys(betas).length, movesMaximum, 'custom.underlyings');
    const budget = asked.reverse?.budget ?? budgetDefault;
    requireAtMost(budget, budgetMaximum, 'reverse.budget');
    const named = names.length === 0 && custom.length > 0 ? [] : findStressScenarios(names);
    const { prepared, source } = await this.states.read(session, { account, now, instrumentIds: [] });
    const scenarios = [...named, ...custom];
    const bounds = { field: 'input', signal: session.signal };
    if (asked.reverse !== null) {
      const held = new Set(prepared.portfolio.positions.map(({ instrument }) => instrument.underlying));
      requireAtMost(held.size, factorsMaximum, 'reverse: underlyings of the account');
    }
    const reverse = asked.reverse && { ...defaultReverseStressQuestion, classes, ...asked.reverse, budget };
    return this.threads.analyse('stress', source, { scenarios, classes, reverse }, bounds);
  }
}

function requireAtMost(count: number, most: number, field: string): void {
  if (count > most) throw new UseCaseError('BAD_USER_INPUT', `${field}: at most ${most}, got ${count}`, field);
}
