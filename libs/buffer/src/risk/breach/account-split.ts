import { computeHouseCharges, computeNetOptionValue, type HouseRule, type RequirementParts } from '@ballast/margin';
import { measureEquity, type PreparedState, valuationOf } from '../../analysis/account-state';
import { inMovedMarket, type MovedAccount } from './buffer-curve';

/** Equity and the requirement of an account, the requirement taken apart by underlying. */
export interface AccountSplit {
  /** [base currency] */
  readonly equity: number;
  readonly requirement: RequirementParts;
  readonly holdsPositions: boolean;
}

/**
 * Measures an account after moves of its underlyings and some days, its requirement taken apart by underlying.
 *
 * @throws DomainError 'NOT_FINITE' where a model has no value
 */
export function splitMoved(prepared: PreparedState, at: MovedAccount): AccountSplit {
  return inMovedMarket(prepared, at, (moved) => {
    const { portfolio, snapshot, rules } = moved;
    const preparation = rules.analysis.prepareBook({ portfolio, snapshot, ...valuationOf(rules) });
    if (preparation.status === 'indeterminate') return null;
    const { positions, takeApart } = preparation.book;
    const equity = measureEquity(moved, portfolio, computeNetOptionValue(positions));
    if (equity === null || !Number.isFinite(equity)) return null;
    const requirement = takeApart();
    if (!requirement.parts.every(({ figures }) => figures.every(Number.isFinite))) return null;
    return { equity, requirement, holdsPositions: positions.length > 0 };
  });
}

/** Whether house rules follow from the requirement as a whole, without the share or delta of an underlying. */
export function isOfTheWhole(rules: readonly HouseRule[]): boolean {
  return rules.every(({ effect, underlying }) => effect.kind !== 'concentration' && underlying === null);
}

/**
 * Adds to a maintenance requirement what house rules of the whole account add.
 *
 * @param rules  as isOfTheWhole accepts them
 */
export function withHouseRules(rules: readonly HouseRule[], maintenance: number, holdsPositions: boolean): number {
  if (rules.length === 0) return maintenance;
  const charges = computeHouseCharges(rules, {
    initial: maintenance,
    maintenance,
    shares: new Map(),
    deltaValues: new Map(),
    holdsPositions,
  });
  return charges.reduce((sum, charge) => sum + charge.maintenance, maintenance);
}
