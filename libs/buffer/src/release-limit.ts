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
 * gate is never wider than stated. Where no rate connects the two it is the same number of units. A coin has the same number
 * of units too until the firm names an amount for it: what a coin's account needs moves by a quarter on an ordinary day.
 *
 * @returns controls that name the amount for `currency`; the given ones where nothing has to be converted
 */
export function releaseControlsIn(
  controls: FirmControls,
  { currency, snapshot }: { readonly currency: string; readonly snapshot: MarketSnapshot },
): FirmControls {
  if (currency === releaseCurrency || controls.releaseAmountByCurrency[currency] !== undefined) return controls;
  const scale = currencyScale(currency);
  const rate = scale > fiatScaleMaximum ? null : rateTo(currency, snapshot);
  if (rate === null) return controls;
  const amount = new Decimal(controls.releaseAmount).times(rate).toDecimalPlaces(scale, Decimal.ROUND_DOWN);
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
