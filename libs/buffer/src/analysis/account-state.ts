import type { MarketSnapshot } from '@ballast/domain';
import {
  applyHouseRules,
  computeNetOptionValue,
  type HouseRule,
  type MarginRequirement,
  type Portfolio,
  type PreparedAnalysis,
  type ValueScenarios,
} from '@ballast/margin';
import { assessBuffer, type BufferAssessment } from '../assess-buffer';
import type { BufferPolicy } from '../buffer-policy';
import type { BufferStatus } from '../buffer-status';
import { computeEquity } from '../equity';
import type { EquityParts } from '../equity-component';

/** An account at one instant and the market it is valued in: what every analysis starts from. */
export interface AccountState {
  readonly portfolio: Portfolio;
  readonly snapshot: MarketSnapshot;
}

/** What an account is judged by; the same for every state that is compared. */
export interface AccountRules {
  /** Methodology with its parameters read once; a shift of time does not bring later parameters into force. */
  readonly analysis: PreparedAnalysis;
  /** House rules in force. */
  readonly houseRules: readonly HouseRule[];
  readonly policy: BufferPolicy;
  /** Rung of the last observation, for the hysteresis. */
  readonly previousStatus?: BufferStatus;
  readonly valueScenarios?: ValueScenarios;
}

/**
 * A state with what it is judged by. Its snapshot object is its market: the methodology values each contract once per
 * snapshot object, however many portfolios are looked at in it.
 */
export interface PreparedState extends AccountState {
  readonly rules: AccountRules;
}

/** Requirement and buffer of one portfolio. */
export interface AccountFigures {
  readonly requirement: MarginRequirement;
  readonly assessment: BufferAssessment;
}

/** Unrounded figures [base currency], for searches that need a continuous function. */
export interface ModelBuffer {
  readonly equity: number;
  readonly initial: number;
  readonly maintenance: number;
}

/** Figures of a state, or why it cannot be valued. */
export type StateMeasure =
  { readonly status: 'valued'; readonly figures: ModelBuffer } | { readonly status: 'indeterminate' };

/** Puts a state and its rules together. */
export function prepareState(state: AccountState, rules: AccountRules): PreparedState {
  const { portfolio, snapshot } = state;
  return { portfolio, snapshot, rules };
}

/**
 * Evaluates a portfolio in a prepared market as `ballast margin` does: requirement with its explanation, house rules,
 * equity and buffer. The bits are those of an evaluation from nothing.
 *
 * @param portfolio  what is held; instant, base currency and methodology as in the prepared state
 * @throws DomainError as the methodology and computeEquity
 */
export function evaluateState(prepared: PreparedState, portfolio: Portfolio = prepared.portfolio): AccountFigures {
  const { snapshot, rules } = prepared;
  const { houseRules, policy, previousStatus } = rules;
  const own = rules.analysis.computeRequirement({ portfolio, snapshot, ...valuationOf(rules) });
  const requirement =
    houseRules.length === 0 ? own : applyHouseRules({ requirement: own, rules: houseRules, portfolio, snapshot });
  const hysteresis = previousStatus === undefined ? {} : { previousStatus };
  return { requirement, assessment: assessBuffer({ portfolio, snapshot, requirement, policy, ...hysteresis }) };
}

/**
 * Measures a portfolio in a prepared market without explaining it: unrounded equity and requirements.
 *
 * @throws DomainError as evaluateState
 */
export function measureState(prepared: PreparedState, portfolio: Portfolio = prepared.portfolio): StateMeasure {
  const { snapshot, rules } = prepared;
  if (rules.houseRules.length > 0) return measureEvaluated(prepared, portfolio);
  const preparation = rules.analysis.prepareBook({ portfolio, snapshot, ...valuationOf(rules) });
  if (preparation.status === 'indeterminate') return { status: 'indeterminate' };
  const { book } = preparation;
  const figures = book.figuresOf(Float64Array.from(book.positions, ({ quantity }) => quantity));
  return measured(prepared, portfolio, {
    initial: figures.initialRequirement,
    maintenance: figures.maintenanceRequirement,
    netOptionValue: computeNetOptionValue(book.positions),
  });
}

/** House rules read contributions and Greeks, so under them a measure is a whole evaluation. */
function measureEvaluated(prepared: PreparedState, portfolio: Portfolio): StateMeasure {
  const { model } = evaluateState(prepared, portfolio).requirement;
  if (model === null) return { status: 'indeterminate' };
  const { initialRequirement: initial, maintenanceRequirement: maintenance, netOptionValue } = model;
  return measured(prepared, portfolio, { initial, maintenance, netOptionValue });
}

function measured(
  { snapshot, rules }: PreparedState,
  portfolio: Portfolio,
  model: { readonly initial: number; readonly maintenance: number; readonly netOptionValue: number },
): StateMeasure {
  const { netOptionValue, initial, maintenance } = model;
  const valuation = computeEquity({ portfolio, snapshot, netOptionValue, policy: rules.policy });
  if (valuation.status === 'indeterminate') return { status: 'indeterminate' };
  const equity = unroundedEquity(valuation.parts);
  return {
    status: 'valued',
    figures: { equity, initial: Math.max(0, initial), maintenance: Math.max(0, maintenance) },
  };
}

/** The valuation function of the rules, absent where they have none. */
export function valuationOf({ valueScenarios }: AccountRules): Pick<AccountRules, 'valueScenarios'> {
  return valueScenarios === undefined ? {} : { valueScenarios };
}

/** Equity before it is rounded down [base currency]. */
export function unroundedEquity({ cash, holdings, optionValue, unrealisedPnl, collateral }: EquityParts): number {
  return cash.plus(holdings).plus(optionValue).plus(unrealisedPnl).plus(collateral).toNumber();
}
