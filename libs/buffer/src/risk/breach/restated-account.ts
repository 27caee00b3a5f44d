import { DomainError } from '@ballast/domain';
import { currencyRate } from '@ballast/margin';
import { expm1, PricingInputError } from '@ballast/pricing';
import { measureState, type ModelBuffer, type PreparedState, prepareState } from '../../analysis/account-state';
import { shiftState } from '../../analysis/shift-state';
import { movingUnderlyings, splitByUnderlying } from '../valuation/account-parts';

/** An account in the currency its own coin is quoted in. */
export interface RestatedAccount {
  readonly prepared: PreparedState;
  /** Units of that currency per unit of the base currency now. */
  readonly rate: number;
}

/** Difference that rounding explains, relative to the size of equity and requirement. */
const tolerance = 1e-9;

/**
 * States an account whose base currency is a coin in the currency that coin is quoted in, so that its underlyings can be
 * taken apart: whether equity covers the requirement does not depend on the currency both are counted in.
 *
 * That holds where neither FX haircuts nor amounts in the base currency enter, which is measured: both statements are
 * compared now and after moves of one and three standard deviations of the underlyings, all up, all down and in turns.
 *
 * @param deviations  of the log moves, in the order of the moving underlyings
 * @returns null where nothing would be gained, or the two differ
 * @throws DomainError as shiftState
 */
export function restateInQuoteCurrency(prepared: PreparedState, deviations: ArrayLike<number>): RestatedAccount | null {
  const { portfolio, snapshot, rules } = prepared;
  const { baseCurrency } = portfolio;
  const to = snapshot.underlyings.get(baseCurrency)?.currency;
  if (to === undefined || to === baseCurrency || rules.houseRules.length > 0 || isApart(prepared)) return null;
  const collateral = portfolio.collateral.map((holding) => ({
    ...holding,
    currency: holding.currency ?? baseCurrency,
  }));
  const restated = prepareState({ portfolio: { ...portfolio, baseCurrency: to, collateral }, snapshot }, rules);
  if (!isApart(restated)) return null;
  const same = movesToCompare(movingUnderlyings(prepared), deviations).every((byUnderlying) => {
    const [own, other] = [prepared, restated].map((state) => measureUnder(state, byUnderlying));
    if (own == null || other == null) return false;
    const scale = Math.abs(other.figures.equity) + other.figures.maintenance;
    const differs = (first: number, second: number) => !(Math.abs(first * own.rate - second) <= tolerance * scale);
    return (
      !differs(own.figures.equity, other.figures.equity) && !differs(own.figures.maintenance, other.figures.maintenance)
    );
  });
  if (!same) return null;
  return { prepared: restated, rate: currencyRate(snapshot, { from: baseCurrency, to }) };
}

function isApart(prepared: PreparedState): boolean {
  return splitByUnderlying(prepared).every(({ underlyingIds }) => underlyingIds.length === 1);
}

type Moves = Readonly<Record<string, { readonly spot: number }>>;

function movesToCompare(ids: readonly string[], deviations: ArrayLike<number>): readonly Moves[] {
  const signs = [() => 1, () => -1, (index: number) => 1 - 2 * (index % 2), (index: number) => 2 * (index % 2) - 1];
  const moved = (scaleOf: (index: number) => number): Moves =>
    Object.fromEntries(ids.map((id, index) => [id, { spot: expm1(scaleOf(index) * (deviations[index] as number)) }]));
  return [moved(() => 0), ...[1, 3].flatMap((scale) => signs.map((signOf) => moved((index) => scale * signOf(index))))];
}

/** Figures after moves, and units of the quote currency of the base coin per unit of the base currency there. */
function measureUnder(
  prepared: PreparedState,
  byUnderlying: Moves,
): { readonly figures: ModelBuffer; readonly rate: number } | null {
  try {
    const { state } = shiftState(prepared, { byUnderlying });
    const measure = measureState(prepareState(state, prepared.rules));
    if (measure.status === 'indeterminate') return null;
    const { baseCurrency } = prepared.portfolio;
    const to = state.snapshot.underlyings.get(baseCurrency)?.currency ?? baseCurrency;
    return { figures: measure.figures, rate: currencyRate(state.snapshot, { from: baseCurrency, to }) };
  } catch (error) {
    if (error instanceof PricingInputError || error instanceof DomainError) return null;
    throw error;
  }
}
