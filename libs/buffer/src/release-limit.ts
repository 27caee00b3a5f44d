import { currencyScale, Decimal, DomainError, type MarketSnapshot } from '@ballast/domain';
import { currencyRate } from '@ballast/margin';
import type { FirmControls } from './firm-controls';

/** Currency that `releaseAmount` is stated in. */
export const releaseCurrency = 'USD';

/** Decimals of the currencies of countries at most; coins state more. */
const fiatScaleMaximum = 3;

/**
 * States the limits of the release gate in the base currency of accounts (methodology §7.1): the amount named for that
 * currency, else `releaseAmount` US dollars at the rate of the snapshot, rounded down to the currency's scale, so that the
 * gate is never wider than stated. Where no rate connects the two, a missing rate not being 1: the same number of units for
 * a currency, and nothing for a coin, of which so many units would let every move through; there the fraction decides.
 *
 * @returns controls that name the amount for `currency`; the given ones where nothing has to be converted
 */
export function releaseControlsIn(
  controls: FirmControls,
  { currency, snapshot }: { readonly currency: string; readonly snapshot: MarketSnapshot },
): FirmControls {
  if (currency === releaseCurrency || controls.releaseAmountByCurrency[currency] !== undefined) return controls;
  const scale = currencyScale(currency);
  const rate = rateTo(currency, snapshot);
  if (rate === null && scale <= fiatScaleMaximum) return controls;
  const amount = new Decimal(controls.releaseAmount).times(rate ?? 0).toDecimalPlaces(scale, Decimal.ROUND_DOWN);
  const named = { ...controls.releaseAmountByCurrency, [currency]: amount.toNumber() };
  return { ...controls, releaseAmountByCurrency: named };
}

/** Units of a currency that one US dollar is worth; null where no rate connects them. */
function rateTo(currency: string, snapshot: MarketSnapshot): number | null {
  try {
    return currencyRate(snapshot, { from: releaseCurrency, to: currency });
  } catch (failure) {
    if (failure instanceof DomainError && failure.code === 'FX_MISSING') return null;
    throw failure;
  }
}
