import type { InstrumentQuote, QuoteFlag } from '@ballast/domain';

/** Findings that a source states itself; all others are found anew with every snapshot. */
const statedFlags: readonly QuoteFlag[] = ['RATE_MISSING', 'DIV_MISSING', 'SYNTHETIC_FORWARD'];

/** A stored quote without what only its own snapshot could say of it. */
export function settledQuote(quote: InstrumentQuote): InstrumentQuote {
  const isTrusted = !quote.flags.some((flag) => isFallback(flag) && flag !== 'FALLBACK_ONE_SIDED');
  return {
    ...quote,
    impliedVolatility: isTrusted ? quote.impliedVolatility : null,
    flags: quote.flags.filter(isStated),
  };
}

/** Whether a flag tells that a value stands in for one that was missing. */
export function isFallback(flag: QuoteFlag): boolean {
  return flag.startsWith('FALLBACK_');
}

function isStated(flag: QuoteFlag): boolean {
  return statedFlags.includes(flag);
}

/** Of the findings on an underlying those that its source stated, as the member they are kept under. */
export function keptFlags(flags: readonly QuoteFlag[]): { readonly flags?: readonly QuoteFlag[] } {
  const kept = flags.filter(isStated);
  return kept.length === 0 ? {} : { flags: kept };
}
