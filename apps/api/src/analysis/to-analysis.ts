import { roundMoney } from '@ballast/domain';
import type {
  AccountAttribution,
  AccountFigures as DomainFigures,
  FigureChange,
  FigureEffect,
  LiquidationLevels,
  LiquidationPoint as DomainPoint,
  RestorationPlan as DomainPlan,
  SettledPosition,
  TradeEffect,
  UnderlyingEffect,
  UnderlyingLevels,
  WhatIfAnswer,
} from '@ballast/use-cases';
import { toMoney, toMoneyOrNull } from '../money/money.model';
import type { AttributedChange, RequirementAttribution, UnderlyingAttribution } from './attribution.model';
import type { LiquidationLevel, LiquidationMoves, LiquidationPoint, RestorationPlan } from './way-back.model';
import type { AccountFigures, AccountFiguresChange, CashEffect, WhatIfResult } from './what-if.model';

/** Shows a what-if answer as the API does. */
export function toWhatIfResult(answer: WhatIfAnswer): WhatIfResult {
  const { affordable } = answer;
  return {
    before: toFigures(answer.before),
    after: toFigures(answer.after),
    change: toChange(answer.change),
    affordableQuantity: affordable?.status === 'found' ? affordable.quantity : null,
    trades: answer.trades.map(toEffect),
    settled: answer.settled.map(toEffect),
  };
}

/** Shows the levels of one underlying, prices to ten decimals. */
export function toLiquidationLevel(levels: UnderlyingLevels & { readonly currency: string }): LiquidationLevel {
  const { underlyingId, currency, price, lower, upper, points } = levels;
  return {
    underlying: underlyingId,
    currency,
    price,
    lower: lower === null ? null : toPoint(lower).price,
    upper: upper === null ? null : toPoint(upper).price,
    points: points.map(toPoint),
  };
}

export function toMoves({ lower, upper, points }: LiquidationLevels): LiquidationMoves {
  return {
    lower: lower === null ? null : toPoint(lower),
    upper: upper === null ? null : toPoint(upper),
    points: points.map(toPoint),
  };
}

export function toRestorationPlan({ target, level, deposit, trades, searchComplete }: DomainPlan): RestorationPlan {
  return {
    target,
    level: toMoneyOrNull(level),
    deposit: toMoneyOrNull(deposit),
    trades: trades === null ? null : trades.effects.map(toEffect),
    cost: trades === null ? null : toMoney(trades.cost),
    costLowerBound: trades === null ? null : toMoney(trades.costLowerBound),
    optimal: searchComplete,
    after: trades === null ? null : toFigures(trades.after),
  };
}

/** Shows an attribution with the runs of its two ends. */
export function toAttribution(attribution: AccountAttribution): RequirementAttribution {
  const { from, to, fromRun, toRun, total, factors, byUnderlying } = attribution;
  return {
    from: { runId: fromRun.id, asOf: fromRun.asOf, figures: toFigures(from) },
    to: { runId: toRun.id, asOf: toRun.asOf, figures: toFigures(to) },
    change: toEffects(total),
    factors: factors.map((effect) => ({
      factor: effect.factor,
      ...toEffects(effect),
      byUnderlying: effect.byUnderlying.map(toUnderlying),
    })),
    byUnderlying: byUnderlying.map(toUnderlying),
  };
}

function toUnderlying(effect: UnderlyingEffect): UnderlyingAttribution {
  return { underlying: effect.underlying, ...toEffects(effect) };
}

function toEffects({ initialRequirement, maintenanceRequirement, equity, buffer }: FigureEffect): AttributedChange {
  return {
    initial: toMoney(initialRequirement),
    maintenance: toMoney(maintenanceRequirement),
    equity: toMoney(equity),
    buffer: toMoney(buffer),
  };
}

export function toFigures({ requirement, assessment }: DomainFigures): AccountFigures {
  const unknown = assessment.status === 'INDETERMINATE';
  return {
    quality: unknown ? 'INDETERMINATE' : requirement.quality,
    qualityReasons: [...new Set([...requirement.qualityReasons, ...assessment.reasons])],
    initial: unknown ? null : toMoneyOrNull(requirement.initialRequirement),
    maintenance: unknown ? null : toMoneyOrNull(requirement.maintenanceRequirement),
    netOptionValue: unknown ? null : toMoneyOrNull(requirement.netOptionValue),
    equity: toMoneyOrNull(assessment.equity),
    collateralValue: toMoneyOrNull(assessment.collateralValue),
    buffer: toMoneyOrNull(assessment.buffer),
    bufferRatio: assessment.bufferRatio,
    excess: toMoneyOrNull(assessment.excess),
    status: assessment.status,
    worstScenario: requirement.worstScenario,
    greeks: requirement.greeks,
  };
}

function toChange(change: FigureChange): AccountFiguresChange {
  return {
    initial: toMoneyOrNull(change.initialRequirement),
    maintenance: toMoneyOrNull(change.maintenanceRequirement),
    netOptionValue: toMoneyOrNull(change.netOptionValue),
    equity: toMoneyOrNull(change.equity),
    collateralValue: toMoneyOrNull(change.collateralValue),
    buffer: toMoneyOrNull(change.buffer),
    bufferRatio: change.bufferRatio,
    excess: toMoneyOrNull(change.excess),
    greeks: change.greeks,
  };
}

function toEffect({ instrumentId, quantity, price, cash }: TradeEffect | SettledPosition): CashEffect {
  return { instrumentId, quantity, price: price.toDecimalPlaces(10), cash: toMoney(roundMoney(cash, 'down')) };
}

function toPoint({ price, move, shortfall, jump }: DomainPoint): LiquidationPoint {
  return { price: price === null ? null : price.toDecimalPlaces(10), move, shortfall, jump };
}
