import { type MarketSnapshot, type Money, subtractMoney } from '@ballast/domain';
import {
  applyHouseRules,
  computeNetOptionValue,
  type HouseRule,
  type MarginRequirement,
  type Portfolio,
  type PreparedAnalysis,
  requirementMoney,
  type ValueScenarios,
} from '@ballast/margin';
import { assessBuffer, type BufferAssessment } from '../assess-buffer';
import type { BufferPolicy } from '../buffer-policy';
import type { BufferStatus } from '../buffer-status';
import { computeEquity, type EquityValuation } from '../equity';
import type { EquityParts } from '../equity-component';
import type { SizingParameters } from '../sizing/sizing-parameters';

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
  /** The firm's own figures for sizing; the published ones of the instant when absent. */
  readonly sizing?: SizingParameters;
  /** Rung of the last observation, for the hysteresis. */
  readonly previousStatus?: BufferStatus;
  readonly valueScenarios?: ValueScenarios;
  /**
   * The same methodology with the normal (Bachelier) model for options on some underlyings; absent where it has none. For
   * markets in which those prices fall below 0.
   */
  readonly normalModel?: (underlyingIds: readonly string[]) => PreparedAnalysis;
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
 * equity and buffer. The bits are those of an evaluation from nothing. What the prepared account itself holds is evaluated
 * once, however often it is asked for.
 *
 * @param portfolio  what is held; instant, base currency and methodology as in the prepared state
 * @throws DomainError as the methodology and computeEquity
 */
export function evaluateState(prepared: PreparedState, portfolio: Portfolio = prepared.portfolio): AccountFigures {
  if (portfolio !== prepared.portfolio) return evaluatePortfolio(prepared, portfolio);
  const known = figuresOfStates.get(prepared);
  if (known !== undefined) return known;
  const figures = evaluatePortfolio(prepared, portfolio);
  figuresOfStates.set(prepared, figures);
  return figures;
}

/** Remembers what a prepared state alone decides, for as long as that state lives. */
const figuresOfStates = new WeakMap<PreparedState, AccountFigures>();

function evaluatePortfolio(prepared: PreparedState, portfolio: Portfolio): AccountFigures {
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
  const model = modelOf(prepared, portfolio);
  if (model === null) return { status: 'indeterminate' };
  const equity = measureEquity(prepared, portfolio, model.netOptionValue);
  if (equity === null) return { status: 'indeterminate' };
  const { initial, maintenance } = model;
  return {
    status: 'valued',
    figures: { equity, initial: Math.max(0, initial), maintenance: Math.max(0, maintenance) },
  };
}

/**
 * States excess and buffer of a portfolio in a prepared market to the minor unit, without explaining them: the same
 * amounts that evaluateState states.
 *
 * @returns null when the portfolio cannot be valued
 * @throws DomainError as evaluateState
 */
export function stateCover(
  prepared: PreparedState,
  portfolio: Portfolio,
): { readonly excess: Money; readonly buffer: Money } | null {
  const model = modelOf(prepared, portfolio);
  if (model === null) return null;
  const valuation = equityOf(prepared, portfolio, model.netOptionValue);
  if (valuation.status === 'indeterminate') return null;
  const over = (requirement: number) =>
    subtractMoney(valuation.equity, requirementMoney(requirement, portfolio.baseCurrency));
  return { excess: over(model.initial), buffer: over(model.maintenance) };
}

/**
 * Measures unrounded equity alone [base currency].
 *
 * @param netOptionValue  of the portfolio's premium-style options [base currency]
 * @returns null when it cannot be stated
 */
export function measureEquity(prepared: PreparedState, portfolio: Portfolio, netOptionValue: number): number | null {
  const valuation = equityOf(prepared, portfolio, netOptionValue);
  return valuation.status === 'indeterminate' ? null : unroundedEquity(valuation.parts);
}

interface UnroundedModel {
  readonly initial: number;
  readonly maintenance: number;
  readonly netOptionValue: number;
}

/** House rules read contributions and Greeks, so under them a measure is a whole evaluation. */
function modelOf(prepared: PreparedState, portfolio: Portfolio): UnroundedModel | null {
  const { snapshot, rules } = prepared;
  if (rules.houseRules.length > 0) {
    const { model } = evaluateState(prepared, portfolio).requirement;
    if (model === null) return null;
    const { initialRequirement: initial, maintenanceRequirement: maintenance, netOptionValue } = model;
    return { initial, maintenance, netOptionValue };
  }
  const preparation = rules.analysis.prepareBook({ portfolio, snapshot, ...valuationOf(rules) });
  if (preparation.status === 'indeterminate') return null;
  const { positions, figuresOf } = preparation.book;
  const figures = figuresOf(Float64Array.from(positions, ({ quantity }) => quantity));
  return {
    initial: figures.initialRequirement,
    maintenance: figures.maintenanceRequirement,
    netOptionValue: computeNetOptionValue(positions),
  };
}

function equityOf({ snapshot, rules }: PreparedState, portfolio: Portfolio, netOptionValue: number): EquityValuation {
  return computeEquity({ portfolio, snapshot, netOptionValue, policy: rules.policy });
}

/** The valuation function of the rules, absent where they have none. */
export function valuationOf({ valueScenarios }: AccountRules): Pick<AccountRules, 'valueScenarios'> {
  return valueScenarios === undefined ? {} : { valueScenarios };
}

/** Equity before it is rounded down [base currency]. */
export function unroundedEquity({ cash, holdings, optionValue, unrealisedPnl, collateral }: EquityParts): number {
  return cash.plus(holdings).plus(optionValue).plus(unrealisedPnl).plus(collateral).toNumber();
}
