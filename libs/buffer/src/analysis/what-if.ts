import { type CashBalance, Decimal, type Money, subtractMoney } from '@ballast/domain';
import type { UnderlyingGreeks } from '@ballast/margin';
import { type AccountFigures, evaluateState, measureState, type PreparedState, prepareState } from './account-state';
import { type AccountTrade, addCash, applyTrades, type TradeEffect } from './account-trade';
import { type AffordableQuantity, type CoveredRequirement, findAffordableQuantity } from './affordable-quantity';
import { isNoShift, type MarketShift } from './market-shift';
import type { SettledPosition } from './roll-positions';
import { shiftState } from './shift-state';

/** What would be done, in this order: cash moves, trades at the market of now, then the market moves. */
export interface WhatIfQuestion {
  readonly trades: readonly AccountTrade[];
  readonly cash: readonly CashBalance[];
  readonly shift: MarketShift;
  /** Requirement that the affordable quantity leaves covered; the initial one when absent. */
  readonly covered?: CoveredRequirement;
}

/** After − before of every figure; null where one of the two is null. */
export interface FigureChange {
  readonly initialRequirement: Money | null;
  readonly maintenanceRequirement: Money | null;
  readonly netOptionValue: Money | null;
  readonly equity: Money | null;
  readonly collateralValue: Money | null;
  readonly buffer: Money | null;
  readonly bufferRatio: Decimal | null;
  readonly excess: Money | null;
  readonly greeks: readonly UnderlyingGreeks[];
}

/** An account before and after. */
export interface WhatIfAnswer {
  readonly before: AccountFigures;
  readonly after: AccountFigures;
  readonly change: FigureChange;
  readonly trades: readonly TradeEffect[];
  /** Positions that expire within the days that pass. */
  readonly settled: readonly SettledPosition[];
  /** Largest quantity of the trades, in the market of now after the cash movements; null without trades. */
  readonly affordable: AffordableQuantity | null;
}

/**
 * Answers what an account would look like after trades, cash movements and a move of the market (methodology §5.1–5.3).
 *
 * Without a move both sides share the valuations and risk arrays of the prepared state. The affordable quantity is found
 * before the market moves, because that is when the trade is done.
 *
 * @throws DomainError as applyTrades and shiftState
 */
export function computeWhatIf(prepared: PreparedState, question: WhatIfQuestion): WhatIfAnswer {
  const before = evaluateState(prepared);
  const funded = { ...prepared.portfolio, cash: addCash(prepared.portfolio.cash, question.cash) };
  const fundedState: PreparedState = { ...prepared, portfolio: funded };
  const { portfolio, effects } = applyTrades(fundedState, question.trades);
  const { figures: after, settled } = evaluateMoved(prepared, portfolio, question.shift);
  const isValued = before.assessment.equity !== null;
  return {
    before,
    after,
    change: changeOf(before, after),
    trades: effects,
    settled,
    affordable:
      question.trades.length === 0
        ? null
        : isValued
          ? findAffordableQuantity(fundedState, question.trades, question.covered)
          : { status: 'indeterminate' },
  };
}

function evaluateMoved(
  prepared: PreparedState,
  portfolio: PreparedState['portfolio'],
  shift: MarketShift,
): { readonly figures: AccountFigures; readonly settled: readonly SettledPosition[] } {
  if (isNoShift(shift)) {
    shiftState(prepared, shift, portfolio);
    return { figures: evaluateState(prepared, portfolio), settled: [] };
  }
  if (measureState(prepared, portfolio).status === 'indeterminate')
    return { figures: evaluateState(prepared, portfolio), settled: [] };
  const { state, settled } = shiftState(prepared, shift, portfolio);
  return { figures: evaluateState(prepareState(state, prepared.rules)), settled };
}

function changeOf(before: AccountFigures, after: AccountFigures): FigureChange {
  const { requirement: oldRequirement, assessment: oldAssessment } = before;
  const { requirement, assessment } = after;
  return {
    initialRequirement: difference(requirement.initialRequirement, oldRequirement.initialRequirement),
    maintenanceRequirement: difference(requirement.maintenanceRequirement, oldRequirement.maintenanceRequirement),
    netOptionValue: difference(requirement.netOptionValue, oldRequirement.netOptionValue),
    equity: difference(assessment.equity, oldAssessment.equity),
    collateralValue: difference(assessment.collateralValue, oldAssessment.collateralValue),
    buffer: difference(assessment.buffer, oldAssessment.buffer),
    bufferRatio:
      assessment.bufferRatio === null || oldAssessment.bufferRatio === null
        ? null
        : assessment.bufferRatio.minus(oldAssessment.bufferRatio),
    excess: difference(assessment.excess, oldAssessment.excess),
    greeks: greeksChange(oldRequirement.greeks, requirement.greeks),
  };
}

function difference(after: Money | null, before: Money | null): Money | null {
  return after === null || before === null ? null : subtractMoney(after, before);
}

const noGreeks = { delta: 0, gamma: 0, vega: 0, theta: 0, rho: 0 };

function greeksChange(
  before: readonly UnderlyingGreeks[],
  after: readonly UnderlyingGreeks[],
): readonly UnderlyingGreeks[] {
  const ids = [...new Set([...before, ...after].map(({ underlying }) => underlying))].sort();
  return ids.map((underlying) => {
    const from = before.find((row) => row.underlying === underlying) ?? noGreeks;
    const to = after.find((row) => row.underlying === underlying) ?? noGreeks;
    return {
      underlying,
      delta: to.delta - from.delta,
      gamma: to.gamma - from.gamma,
      vega: to.vega - from.vega,
      theta: to.theta - from.theta,
      rho: to.rho - from.rho,
    };
  });
}
