import type { InstrumentQuote, OptionInstrument } from '@ballast/domain';
import type { ForwardToExpiry } from './forward-to-expiry';

/**
 * Tells whether the mark or the ask of an option lies below its intrinsic value by more than half a basis point of the
 * forward: whoever could buy there would gain without risk, so the price is stale or wrong.
 *
 * Intrinsic: European e^(−rT)·max(0, ±(F − K)); American the larger of that and max(0, ±(S − K)); inverse max(0, ±(F − K))/F.
 *
 * @param spot  [quote currency]; null when unknown
 */
export function isBelowIntrinsic(
  option: OptionInstrument,
  quote: InstrumentQuote,
  market: { readonly carry: ForwardToExpiry; readonly spot: number | null },
): boolean {
  const { carry, spot } = market;
  const sign = option.right === 'call' ? 1 : -1;
  const strike = option.strike.toNumber();
  const atExpiry = Math.max(0, sign * (carry.forward - strike));
  const isInverse = option.settlement === 'inverse';
  let intrinsic = isInverse ? atExpiry / carry.forward : atExpiry * carry.discountFactor;
  if (option.exercise === 'american' && spot !== null) intrinsic = Math.max(intrinsic, sign * (spot - strike));
  const tolerance = 5e-5 * (isInverse ? 1 : Math.abs(carry.forward));
  return [quote.mark, quote.ask].some((price) => price !== null && price.toNumber() < intrinsic - tolerance);
}
