import type { FxRate, Instant, InstrumentQuote, UnderlyingQuote } from '@ballast/domain';
import type { MarketContent } from '@ballast/formats';

/** A market that nobody read from a file; what has no time of its own holds for the instant of the market. */
export interface MarketStatement {
  readonly underlyings: readonly (Omit<UnderlyingQuote, 'quotedAt'> & { readonly quotedAt?: Instant | undefined })[];
  readonly quotes: readonly (Omit<InstrumentQuote, 'quotedAt' | 'flags'> & {
    readonly quotedAt?: Instant | undefined;
    readonly flags?: InstrumentQuote['flags'];
  })[];
  readonly fx: readonly FxRate[];
}

/** A market in the form in which files are read; places in the lists stand for lines. */
export function contentOf({ underlyings, quotes, fx }: MarketStatement, asOf: Instant): MarketContent {
  const rowOf = <Value>(value: Value, line: number) => ({ line, value });
  return {
    files: { quotes: '', underlyings: '', forwards: '', fx: '' },
    instruments: [],
    underlyings: underlyings.map(({ forwards: _, quotedAt = asOf, ...state }, line) =>
      rowOf({ ...state, quotedAt }, line),
    ),
    quotes: quotes.map(({ quotedAt = asOf, flags = [], ...quote }, line) => rowOf({ ...quote, quotedAt, flags }, line)),
    forwards: underlyings
      .flatMap(({ underlyingId, forwards }) => forwards.map((forward) => ({ underlyingId, ...forward })))
      .map(rowOf),
    fx: fx.map(rowOf),
    rowCount: underlyings.length + quotes.length + fx.length,
    warnings: [],
  };
}
