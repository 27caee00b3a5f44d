import type { Instrument, MarketSnapshot, QuoteFlag } from '@ballast/domain';

/**
 * Findings after which a figure is no longer one of good data. The others (Q_LOCKED, Q_ZERO_BID, Q_ONE_SIDED, Q_WIDE,
 * Q_NO_IV, Q_DUP, SYNTHETIC_FORWARD) tell how a price was quoted; where they forced a fallback, its flag is here.
 */
export const degradingFlags: ReadonlySet<QuoteFlag> = new Set<QuoteFlag>([
  'Q_STALE', 'Q_FUTURE', 'Q_OUT_OF_ORDER', 'Q_CROSSED', 'Q_SPIKE', 'Q_NONPOS', 'Q_NO_QUOTE', 'IV_RANGE', 'IV_ARB_BUTTERFLY',
  'IV_ARB_CALENDAR', 'IV_PARITY', 'PRICE_BELOW_INTRINSIC', 'RATE_MISSING', 'DIV_MISSING', 'FX_MISSING', 'FX_TRIANGLE', 'CAL_ORPHAN',
  'FALLBACK_ONE_SIDED', 'FALLBACK_SECOND_SOURCE', 'FALLBACK_SURFACE', 'FALLBACK_LAST_GOOD', 'FALLBACK_CONSERVATIVE',
]); // prettier-ignore

/** How many findings are named one by one; the rest is counted. */
const namedMaximum = 20;

/**
 * Lists what is wrong with the data an account depends on: the quotes of the contracts it holds and of their
 * underlyings, and the prices of what it has pledged. Findings on anything else do not concern it.
 *
 * @param pledged  collateral that is valued at the market's price, by the name of its underlying
 * @returns `FLAG: identifier` in order of flag and identifier, each once; empty = the data is good
 */
export function findDataFindings(
  snapshot: MarketSnapshot,
  held: Iterable<Instrument>,
  pledged: Iterable<string> = [],
): readonly string[] {
  const findings = new Set<string>();
  const note = (flags: readonly QuoteFlag[] | undefined, id: string): void => {
    for (const flag of flags ?? []) if (degradingFlags.has(flag)) findings.add(`${flag}: ${id}`);
  };
  for (const instrument of held) {
    const quote = snapshot.instruments.get(instrument.id);
    // A volatility, or the price of the underlying held as such, needs no quote of its own.
    const needsQuote = instrument.type !== 'underlying' && quote?.impliedVolatility == null;
    note(
      quote?.flags.filter((flag) => flag !== 'Q_NO_QUOTE' || needsQuote),
      instrument.id,
    );
    note(snapshot.underlyings.get(instrument.underlying)?.flags, instrument.underlying);
  }
  for (const asset of pledged) note(snapshot.underlyings.get(asset)?.flags, asset);
  const ordered = [...findings].sort();
  if (ordered.length <= namedMaximum) return ordered;
  const rest = ordered.length - namedMaximum;
  return [...ordered.slice(0, namedMaximum), `MORE_FINDINGS: ${rest} further findings on the data of this account`];
}
