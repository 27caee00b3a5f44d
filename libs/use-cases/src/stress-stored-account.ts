import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type AssetClass,
  defaultReverseStressQuestion,
  findStressScenarios,
  type ReverseStress,
  type ReverseStressQuestion,
  searchReverseStress,
  type Steps,
  stressAccount,
  type StressReport,
  type StressScenario,
} from '@ballast/buffer';
import type { Account, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { AccountStateReader } from './account-state-reader';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';
import { UseCaseError } from './use-case-error';

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
/** Longest stretch of computing before other requests of the process get a turn [ms]. */
const turnLengthMs = 15;

/** Stresses a stored account on what it holds now and the latest market snapshot. */
@Injectable()
export class StressStoredAccount {
  constructor(private readonly states: AccountStateReader) {}

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
    const { prepared } = await this.states.read(session, { account, now, instrumentIds: [] });
    const report = await inTurns(stressAccount(prepared, { scenarios: [...named, ...custom], classes }));
    if (asked.reverse === null) return { report, reverse: null };
    const held = new Set(prepared.portfolio.positions.map(({ instrument }) => instrument.underlying));
    requireAtMost(held.size, factorsMaximum, 'reverse: underlyings of the account');
    const question = { ...defaultReverseStressQuestion, classes, ...asked.reverse, budget };
    return { report, reverse: await inTurns(searchReverseStress(prepared, question)) };
  }
}

/** Runs a computation, letting other requests have a turn between its pieces. */
async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  let turnEnds = performance.now() + turnLengthMs;
  let next = steps.next();
  while (next.done !== true) {
    if (performance.now() > turnEnds) {
      await nextTurn();
      turnEnds = performance.now() + turnLengthMs;
    }
    next = steps.next();
  }
  return next.value;
}

function requireAtMost(count: number, most: number, field: string): void {
  if (count > most) throw new UseCaseError('BAD_USER_INPUT', `${field}: at most ${most}, got ${count}`, field);
}
