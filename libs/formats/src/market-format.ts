// Which market format a file is in, told by its header, and the reading of a set of market files.
import { splitRecords } from './delimited-text';
import { readDeribitFile } from './deribit-file';
import { refuseFile } from './file-refusal';
import { parseJsonDocument } from './json-document';
import { type LeanTerms, readLeanFile } from './lean-file';
import type { MarketContent } from './market-content';
import {
  forwardFormat,
  quoteFormat,
  readForwardFile,
  readQuoteFile,
  readUnderlyingFile,
  underlyingFormat,
} from './market-file';
import type { SourceFile } from './table';
import { decodeText } from './text-gate';

/** `quotes`, `underlyings` and `forwards` are our own; the other two describe a whole chain in one file. */
export const marketFormats = ['quotes', 'underlyings', 'forwards', 'deribit', 'lean'] as const;
export type MarketFormat = (typeof marketFormats)[number];

const namesByFormat: readonly (readonly [MarketFormat, readonly string[]])[] = [
  ['deribit', ['instrument_name', 'mark_price', 'expiry_datetime', 'futures_price', 'index_price']],
  ['lean', ['#expiry', 'strike', 'right', 'close', 'implied_volatility']],
  ['underlyings', underlyingFormat.columns.map(({ name }) => name)],
  ['quotes', quoteFormat.columns.map(({ name }) => name)],
  ['forwards', forwardFormat.columns.map(({ name }) => name)],
];

/**
 * Tells the format of a market file: the one whose columns the header shares most of. A header that misses a column
 * or has one too many is still told, so that the reader can name the column.
 *
 * @throws FileRefusal when the header shares less than half of the columns of every format
 */
export function detectMarketFormat(source: SourceFile): MarketFormat {
  const names = headerOf(source);
  let best: { format: MarketFormat; share: number } | undefined;
  for (const [format, expected] of namesByFormat) {
    const share = expected.filter((name) => names.includes(name)).length / expected.length;
    if (share > (best?.share ?? 0)) best = { format, share };
  }
  if (best !== undefined && best.share >= 0.5) return best.format;
  const reason = `the header fits none of the formats ${marketFormats.join(', ')}; state one with --format`;
  return refuseFile({ file: source.name, line: 1, value: names.join(','), reason });
}

/**
 * Reads one chain file (Deribit, LEAN), or the quotes, underlyings and forwards of our own format together.
 *
 * @throws FileRefusal, also when a chain file is mixed with others, a part comes twice, or quotes come without underlyings
 */
export function readMarketFiles(
  sources: readonly SourceFile[],
  options: { readonly format?: MarketFormat; readonly lean?: LeanTerms } = {},
): MarketContent {
  const parts = sources.map((source) => ({ source, format: options.format ?? detectMarketFormat(source) }));
  const chain = parts.find(({ format }) => format === 'deribit' || format === 'lean');
  if (chain !== undefined) {
    if (parts.length > 1) refuseFile({ file: chain.source.name, reason: `a ${chain.format} file is imported alone` });
    return chain.format === 'deribit' ? readDeribitFile(chain.source) : readLeanFile(chain.source, options.lean);
  }
  const partOf = (format: MarketFormat): SourceFile | undefined => {
    const [first, second] = parts.filter((part) => part.format === format);
    if (second !== undefined)
      refuseFile({ file: second.source.name, reason: `a second file of ${format}; import one at a time` });
    return first?.source;
  };
  const [quoteSource, underlyingSource, forwardSource] = [partOf('quotes'), partOf('underlyings'), partOf('forwards')];
  if (quoteSource === undefined || underlyingSource === undefined) {
    const file = sources[0]?.name ?? 'market';
    return refuseFile({ file, reason: 'a market needs a file of quotes and a file of underlyings' });
  }
  const quotes = readQuoteFile(quoteSource);
  const underlyings = readUnderlyingFile(underlyingSource);
  const forwards = forwardSource === undefined ? { rows: [], warnings: [] } : readForwardFile(forwardSource);
  return {
    files: sources.map(({ name }) => name),
    instruments: [],
    quotes: quotes.rows,
    underlyings: underlyings.rows,
    forwards: forwards.rows,
    rowCount: quotes.rows.length + underlyings.rows.length + forwards.rows.length,
    warnings: [...quotes.warnings, ...underlyings.warnings, ...forwards.warnings],
  };
}

function headerOf(source: SourceFile): readonly string[] {
  const { text } = decodeText(source.bytes, source.name);
  if (/^\s*[[{]/.test(text)) {
    const document = parseJsonDocument(text, source.name);
    const first = document.type === 'array' ? document.items[0] : undefined;
    return first?.type === 'object' ? [...first.members.keys()] : [];
  }
  const end = text.indexOf('\n');
  const line = end < 0 ? text : text.slice(0, end + 1);
  const hasQuotes = line.includes('"');
  return splitRecords({ text: line, firstLine: 1, hasQuotes }, source.name)[0]?.cells ?? [];
}
