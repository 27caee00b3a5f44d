import type { InstrumentQuote, QuoteFlag } from '@ballast/domain';
import type { ValuationModel } from './option-terms';

/** Flags of a volatility that no feed stated: the snapshot implied, interpolated or carried it on, under a lognormal model. */
const derivedFlags: ReadonlySet<QuoteFlag> = new Set<QuoteFlag>([
  'Q_NO_IV',
  'IV_RANGE',
  'FALLBACK_SURFACE',
  'FALLBACK_LAST_GOOD',
  'FALLBACK_CONSERVATIVE',
]);

/**
 * The volatility of a quote as a model may use it: the quoted one, in the model's own unit [1/√year; price units per √year
 * for bachelier]. A volatility that was derived under a lognormal model says nothing to the normal one, which takes the
 * price instead: 120 % a year is not 1.20 a year.
 *
 * @returns null = the price has to tell
 */
export function quotedVolatility(quote: InstrumentQuote | undefined, model: ValuationModel): number | null {
  const volatility = quote?.impliedVolatility ?? null;
  if (quote === undefined || volatility === null || model !== 'bachelier') return volatility;
  return quote.flags.some((flag) => derivedFlags.has(flag)) ? null : volatility;
}

/** The flags of a quote whose volatility is from now on that of the contract's own model. */
export function flagsOfOwnVolatility(flags: readonly QuoteFlag[]): readonly QuoteFlag[] {
  return flags.filter((flag) => !derivedFlags.has(flag));
}
