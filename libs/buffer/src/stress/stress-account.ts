import { DomainError, type Money, subtractMoney } from '@ballast/domain';
import { PricingInputError } from '@ballast/pricing';
import { type AccountFigures, evaluateState, type PreparedState, prepareState } from '../analysis/account-state';
import { requireKnownUnderlyings } from '../analysis/known-underlyings';
import type { SettledPosition } from '../analysis/roll-positions';
import type { MarketShift } from '../analysis/market-shift';
import { type ShiftedState, shiftState } from '../analysis/shift-state';
import type { Steps } from '../risk/steps';
import type { AssetClass } from './asset-class';
import { stressLibraryVersion } from './stress-library';
import { checkStressScenario, type StressScenario } from './stress-scenario';
import { resolveStress, type UnderlyingStress } from './stress-shift';
import { switchToNormalModel } from './switch-to-normal-model';

type Classes = Readonly<Record<string, AssetClass>>;

/** What one scenario leaves of an account. */
export interface StressOutcome {
  readonly scenario: StressScenario;
  /** REFUSED: a model has no value there; INDETERMINATE: a contract has no price. Both without figures. */
  readonly state: 'VALUED' | 'INDETERMINATE' | 'REFUSED';
  /** Why there are no figures; empty otherwise. */
  readonly reasons: readonly string[];
  readonly moves: readonly UnderlyingStress[];
  /** Underlyings that the scenario says nothing about. */
  readonly unmoved: readonly string[];
  /** Names of its moves and betas that the account does not depend on: nothing comes of them here. */
  readonly unmatched: readonly string[];
  /** Underlyings whose options are valued by the normal model in this scenario. */
  readonly normalModel: readonly string[];
  readonly settled: readonly SettledPosition[];
  /** Requirement, equity, buffer and status in the scenario. */
  readonly figures: AccountFigures | null;
  /** Equity in the scenario − equity now: < 0 is a loss. */
  readonly profit: Money | null;
  /** Buffer in the scenario − buffer now. */
  readonly bufferChange: Money | null;
  /** What the client would owe: max(0, −equity in the scenario). */
  readonly uncoveredLoss: Money | null;
}

/** An account now and in every scenario. */
export interface StressReport {
  readonly libraryVersion: string;
  readonly before: AccountFigures;
  /** In the order of the scenarios. */
  readonly outcomes: readonly StressOutcome[];
  /** The scenario with the largest loss of equity, and the one with the smallest buffer; null when none has figures. */
  readonly largestLoss: StressOutcome | null;
  readonly smallestBuffer: StressOutcome | null;
}

/**
 * Revalues an account in full under scenarios: equity, requirement, buffer and status in each (methodology §5.7). A
 * scenario that cannot be valued does not stop the others.
 *
 * @param input.classes  asset classes the caller states, by underlying
 * @throws DomainError 'INVALID_PARAMETER' for a class of what is no underlying of the account's market; as
 *         checkStressScenario, and as evaluateState for the market of now
 */
export function* stressAccount(
  prepared: PreparedState,
  input: { readonly scenarios: readonly StressScenario[]; readonly classes?: Classes },
): Steps<StressReport> {
  input.scenarios.forEach((scenario, index) => checkStressScenario(scenario, `scenarios[${index}]`));
  requireKnownUnderlyings({ field: 'assetClasses', byName: input.classes ?? {} }, prepared.snapshot.underlyings.keys());
  const before = evaluateState(prepared);
  yield;
  const outcomes: StressOutcome[] = [];
  for (const scenario of input.scenarios) {
    outcomes.push(stressOutcome(prepared, before, scenario, { classes: input.classes }));
    yield;
  }
  const valued = outcomes.filter(({ state }) => state === 'VALUED');
  const least = (amountOf: (outcome: StressOutcome) => Money | null) =>
    valued.reduce<StressOutcome | null>(
      (found, outcome) => (found === null || below(amountOf(outcome), amountOf(found)) ? outcome : found),
      null,
    );
  return {
    libraryVersion: stressLibraryVersion,
    before,
    outcomes,
    largestLoss: least(({ profit }) => profit),
    smallestBuffer: least(({ figures }) => figures?.assessment.buffer ?? null),
  };
}

function below(left: Money | null, right: Money | null): boolean {
  return left !== null && right !== null && left.amount.lessThan(right.amount);
}

const nothing = {
  moves: [],
  unmoved: [],
  unmatched: [],
  normalModel: [],
  settled: [],
  figures: null,
  profit: null,
  bufferChange: null,
  uncoveredLoss: null,
} as const;

/** Takes an account into a moved market; shiftState, or one that shares moved markets between accounts. */
export type MoveState = (prepared: PreparedState, shift: MarketShift) => ShiftedState;

/**
 * Revalues an account under one scenario.
 *
 * @param before  its figures now
 * @param move    how it is taken into a moved market
 */
export function stressOutcome(
  prepared: PreparedState,
  before: AccountFigures,
  scenario: StressScenario,
  { classes, move = shiftState }: { readonly classes?: Classes | undefined; readonly move?: MoveState } = {},
): StressOutcome {
  const { equity, reasons } = before.assessment;
  if (equity === null) return { scenario, state: 'INDETERMINATE', reasons, ...nothing };
  try {
    const { shift, moves, unmoved, unmatched } = resolveStress(prepared, scenario, classes, move);
    const start = switchToNormalModel(prepared, scenario, moves);
    const { state, settled } = move(start.prepared, shift);
    const figures = evaluateState(prepareState(state, start.prepared.rules));
    const known = { scenario, moves, unmoved, unmatched, normalModel: start.switched, settled };
    return { ...known, ...amountsOf(before, figures) };
  } catch (error) {
    if (!(error instanceof DomainError || error instanceof PricingInputError)) throw error;
    return { scenario, state: 'REFUSED', reasons: [error.message], ...nothing };
  }
}

function amountsOf(before: AccountFigures, figures: AccountFigures) {
  const { equity, buffer, reasons } = figures.assessment;
  const [equityBefore, bufferBefore] = [before.assessment.equity, before.assessment.buffer];
  if (equity === null || buffer === null || equityBefore === null || bufferBefore === null)
    return {
      state: 'INDETERMINATE' as const,
      reasons: [...new Set([...figures.requirement.qualityReasons, ...reasons])],
      figures: null,
      profit: null,
      bufferChange: null,
      uncoveredLoss: null,
    };
  const owed = equity.amount.isNegative() ? equity.amount.negated() : equity.amount.times(0);
  return {
    state: 'VALUED' as const,
    reasons: [],
    figures,
    profit: subtractMoney(equity, equityBefore),
    bufferChange: subtractMoney(buffer, bufferBefore),
    uncoveredLoss: { amount: owed, currency: equity.currency },
  };
}
