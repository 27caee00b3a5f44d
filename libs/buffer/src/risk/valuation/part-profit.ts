import { DomainError } from '@ballast/domain';
import { arrangePortfolio, computeNetOptionValue, type NetPosition, type ValuedContract } from '@ballast/margin';
import { PricingInputError } from '@ballast/pricing';
import { unroundedEquity } from '../../analysis/account-state';
import { valueContracts } from '../../analysis/contract-values';
import type { MarketShift } from '../../analysis/market-shift';
import { shiftState } from '../../analysis/shift-state';
import { computeEquity } from '../../equity';
import type { AccountPart } from './account-parts';

/** Profit of a part of an account by full revaluation. */
export interface PartProfit {
  readonly part: AccountPart;
  /**
   * Equity after the relative moves of the part's underlyings − equity now [base currency].
   *
   * @throws DomainError 'NOT_FINITE' where a model has no value
   */
  readonly profitAt: (moves: ArrayLike<number>) => number;
  /** Valued contracts of the part. */
  readonly contracts: ReadonlyMap<string, ValuedContract>;
}

/**
 * Prepares the revaluation of a part: every contract by the model of its methodology at the volatility of its strike,
 * holdings, unrealised profit, coins and collateral as computeEquity counts them.
 *
 * @param days  calendar days that pass as the prices move; 0 = an instantaneous move
 * @throws DomainError 'PRICE_MISSING' when the part cannot be valued now
 */
export function preparePartProfit(part: AccountPart, days: number): PartProfit {
  const { prepared, underlyingIds } = part;
  const contracts = valueContracts(
    prepared,
    prepared.portfolio.positions.map(({ instrument }) => instrument),
  );
  const held = arrangePortfolio(prepared.portfolio, prepared.snapshot);
  const now = equityUnder(part, {}, held);
  return {
    part,
    contracts,
    profitAt: (moves) => {
      const byUnderlying = Object.fromEntries(underlyingIds.map((id, index) => [id, { spot: moves[index] as number }]));
      const after = equityUnder(part, { byUnderlying, days }, held);
      if (Number.isFinite(after)) return after - now;
      const where = underlyingIds.map((id, index) => `${id} ${moves[index] as number}`).join(', ');
      throw new DomainError('NOT_FINITE', `the account has no value after the moves ${where}`);
    },
  };
}

function equityUnder({ prepared }: AccountPart, shift: MarketShift, held: readonly NetPosition[]): number {
  try {
    const { state, contracts } = shiftState(prepared, shift);
    const { portfolio, snapshot } = state;
    const alive = held.filter(({ instrument }) => !('expiry' in instrument) || instrument.expiry >= snapshot.asOf);
    const positions = alive.flatMap(({ instrument, quantity }) => {
      const contract = contracts.get(instrument.id);
      return contract === undefined ? [] : [{ contract, quantity }];
    });
    if (positions.length < alive.length) return NaN;
    const netOptionValue = computeNetOptionValue(positions);
    const valuation = computeEquity({ portfolio, snapshot, netOptionValue, policy: prepared.rules.policy });
    if (valuation.status === 'valued') return unroundedEquity(valuation.parts);
    throw new DomainError('PRICE_MISSING', valuation.reasons.join('; '));
  } catch (error) {
    if (error instanceof PricingInputError) return NaN;
    throw error;
  }
}
