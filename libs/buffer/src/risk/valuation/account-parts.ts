import { type CollateralHolding, type Instrument, movedBy } from '@ballast/domain';
import type { Portfolio } from '@ballast/margin';
import type { PreparedState } from '../../analysis/account-state';

/** What of an account depends on some underlyings and on nothing else that moves. */
export interface AccountPart {
  /** In the order of identifiers; several only where their values cannot be told apart. */
  readonly underlyingIds: readonly string[];
  readonly prepared: PreparedState;
}

/**
 * Splits an account by underlying: the profit of a market move is the sum over the parts, because a contract depends on
 * the price of its own underlying alone and exchange rates stay. Coins held as cash or collateral belong to the part of
 * the coin. Where the account is stated in a coin, or a contract pays in another underlying's coin, its underlyings stay
 * together in one part.
 *
 * @returns in the order of identifiers; without what no underlying moves
 */
export function splitByUnderlying(prepared: PreparedState): readonly AccountPart[] {
  const { portfolio, snapshot } = prepared;
  const ids = movingUnderlyings(prepared);
  const isCoin = (currency: string) => snapshot.underlyings.has(currency);
  const together =
    isCoin(portfolio.baseCurrency) ||
    portfolio.positions.some(({ instrument }) => paysInAnotherCoin(instrument, isCoin)) ||
    (portfolio.sensitivities !== undefined && portfolio.sensitivities.length > 0);
  if (together && ids.length > 1) return [{ underlyingIds: ids, prepared }];
  return ids.map((id) => ({
    underlyingIds: [id],
    prepared:
      ids.length === 1 ? prepared : { ...prepared, portfolio: restrictTo(portfolio, id, snapshot.underlyings.size) },
  }));
}

/** Underlyings whose move changes what the account is worth: of held contracts, and coins held as cash or collateral. */
export function movingUnderlyings({ portfolio, snapshot }: PreparedState): readonly string[] {
  const { underlyings } = snapshot;
  const only = underlyings.size === 1 ? [...underlyings.keys()] : [];
  const ids = new Set([
    ...portfolio.positions.filter(({ quantity }) => !quantity.isZero()).map(({ instrument }) => instrument.underlying),
    ...portfolio.collateral.flatMap((holding) => (holding.riskCancelling === true ? only : [movedBy(holding)])),
    ...portfolio.cash.filter(({ amount }) => !amount.isZero()).map(({ currency }) => currency),
  ]);
  return [...ids].filter((id) => underlyings.has(id)).sort();
}

function paysInAnotherCoin({ currency, underlying }: Instrument, isCoin: (currency: string) => boolean): boolean {
  return isCoin(currency) && currency !== underlying;
}

function restrictTo(portfolio: Portfolio, id: string, count: number): Portfolio {
  const belongs = (holding: CollateralHolding) =>
    movedBy(holding) === id || (count === 1 && holding.riskCancelling === true);
  return {
    ...portfolio,
    positions: portfolio.positions.filter(({ instrument }) => instrument.underlying === id),
    cash: portfolio.cash.filter(({ currency }) => currency === id),
    collateral: portfolio.collateral.filter(belongs),
  };
}
