import { Decimal, type Instrument, type Money, moneyFromModelValue, subtractMoney } from '@ballast/domain';
import { type AccountFigures, evaluateState, type ModelBuffer, type PreparedState } from '../analysis/account-state';
import { type AccountTrade, applyTrades, type TradeEffect } from '../analysis/account-trade';
import { prepareTradeSpace, type TradeSpace } from '../analysis/trade-space';
import { findCheapestTrades, type TradeSelection } from './cheapest-trades';
import { listRestorationMoves, type RestorationMove, type TradeCosts } from './restoration-moves';
import { contractsOf, type TradeMove } from './trade-search';
import { modelLevel, modelSlack, type RestorationTarget, smallestDeposit, targetLevel } from './restoration-target';

/** How an account is to be brought back. */
export interface RestorationQuestion {
  readonly target: RestorationTarget;
  /** Contracts that may be bought or sold besides closing what is held, with the most of each that may be traded. */
  readonly hedges: readonly { readonly instrument: Instrument; readonly maximum: number }[];
  readonly costs: TradeCosts;
  /** Sets of trades that are looked at before the search settles; 10,000 when absent. */
  readonly budget?: number;
}

/** The cheapest set of trades found. */
export interface RestorationTrades {
  readonly trades: readonly AccountTrade[];
  readonly effects: readonly TradeEffect[];
  /** What the trades cost against the marks: half spreads and fees [base currency]; rounded up. */
  readonly cost: Money;
  /** Whether no cheaper set of these contracts reaches the target. */
  readonly optimal: boolean;
  /** No set costs less than this; equal to the cost where the set is optimal. Rounded down. */
  readonly costLowerBound: Money;
  /** The account after the trades, evaluated in full. */
  readonly after: AccountFigures;
}

/** Ways back above a target level; every amount is null when the account cannot be valued. */
export interface RestorationPlan {
  readonly before: AccountFigures;
  readonly target: RestorationTarget;
  /** Level that equity must reach as the account stands. */
  readonly level: Money | null;
  /** Smallest deposit in the base currency that reaches it; 0 when nothing is missing. */
  readonly deposit: Money | null;
  /** null when no set of the contracts reaches the target, or none was found within the budget. */
  readonly trades: RestorationTrades | null;
  /** Whether the search came to an end: without trades, true means that none exists. */
  readonly searchComplete: boolean;
}

/**
 * Finds the smallest deposit and the cheapest set of closing and hedging trades that bring an account above its target
 * level (methodology §5.5). Quantities are whole contracts, except that a holding that is not may be closed as a whole;
 * the level is that of the account after the trades, and their costs lower its equity.
 *
 * @throws DomainError as applyTrades for a hedge without price
 */
export function planRestoration(prepared: PreparedState, question: RestorationQuestion): RestorationPlan {
  const { target, budget = 10_000 } = question;
  const { callTargetMultiple } = prepared.rules.policy;
  const before = evaluateState(prepared);
  const level = targetLevel(before.requirement, target, callTargetMultiple);
  const deposit = level === null ? null : smallestDeposit(before.assessment, level);
  const unchanged = { before, target, level, deposit };
  if (deposit === null) return { ...unchanged, trades: null, searchComplete: false };
  const moves = listRestorationMoves(prepared, question);
  const space = prepareTradeSpace(prepared, moves);
  if (space === null) return { ...unchanged, trades: null, searchComplete: false };
  const tradesOf = (counts: readonly number[]) => tradesOfCounts(moves, counts);
  const evaluate = (counts: readonly number[]) =>
    evaluateState(prepared, applyTrades(prepared, tradesOf(counts)).portfolio);
  const quantities = (counts: readonly number[]) =>
    moves.map((move, index) => move.sign * contractsOf(move, counts[index] as number));
  const selection = findCheapestTrades({
    moves: moves.map((move, index) => withCost(move, index, { space, target, callTargetMultiple })),
    slackOf: (counts) => slackOf(space.measure(quantities(counts)), target, callTargetMultiple),
    isCompliant: (counts) => reachesTarget(evaluate(counts), target, callTargetMultiple),
    budget,
  });
  const { counts } = selection;
  const trades = counts === null ? null : report(prepared, tradesOf(counts), selection);
  return { ...unchanged, trades, searchComplete: selection.optimal };
}

/** Whether the equity of an evaluated account is at its target level or above. */
export function reachesTarget(
  { requirement, assessment }: AccountFigures,
  target: RestorationTarget,
  callTargetMultiple: number,
): boolean {
  const level = targetLevel(requirement, target, callTargetMultiple);
  return level !== null && assessment.equity !== null && assessment.equity.amount.greaterThanOrEqualTo(level.amount);
}

function slackOf(figures: ModelBuffer | null, target: RestorationTarget, callTargetMultiple: number): number {
  return figures === null ? -Infinity : modelSlack(figures, target, callTargetMultiple);
}

interface CostContext {
  readonly space: TradeSpace;
  readonly target: RestorationTarget;
  readonly callTargetMultiple: number;
}

/** Cost of a contract is what it takes from equity at the marks; its relief at most the level of its opposite alone. */
function withCost(move: RestorationMove, index: number, context: CostContext): TradeMove {
  const { space, target, callTargetMultiple } = context;
  const { maximum, sign } = move;
  const cost = Math.max(0, 0 - space.equityChange(index, sign));
  if (space.requirementAlone === undefined) return { maximum, cost };
  const level = modelLevel(space.requirementAlone(index, -sign), target, callTargetMultiple);
  return { maximum, cost, reliefBound: Math.max(0, level + space.equityChange(index, sign)) };
}

function tradesOfCounts(moves: readonly RestorationMove[], counts: readonly number[]): readonly AccountTrade[] {
  return moves.flatMap((move, index) => {
    const count = counts[index] as number;
    if (count === 0) return [];
    const quantity = Decimal.min(count, move.held ?? count).times(move.sign);
    const { instrument, price, feePerContract } = move;
    return [{ instrument, quantity, price, feePerContract }];
  });
}

function report(
  prepared: PreparedState,
  trades: readonly AccountTrade[],
  selection: TradeSelection,
): RestorationTrades {
  const { baseCurrency } = prepared.portfolio;
  const { portfolio, effects } = applyTrades(prepared, trades);
  const cost = moneyFromModelValue(selection.cost, baseCurrency, 'up');
  const bound = moneyFromModelValue(Math.min(selection.cost, selection.costLowerBound), baseCurrency, 'down');
  const isBelow = subtractMoney(cost, bound).amount.greaterThan(0) && !selection.optimal;
  return {
    trades,
    effects,
    cost,
    optimal: selection.optimal,
    costLowerBound: isBelow ? bound : cost,
    after: evaluateState(prepared, portfolio),
  };
}
