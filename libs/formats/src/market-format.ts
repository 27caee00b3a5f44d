// Which market format a file is in, told by its header, and the reading of a set of market files.
import { splitRecords } from './delimited-text';
import { readDeribitFile } from './deribit-file';
import { refuseFile } from './file-refusal';
import { parseJsonDocument } from './json-document';
import { type LeanTerms, readLeanFile } from './lean-file';
import type { MarketContent } from './market-content';
import {
  forwardFormat,
  fxFormat,
  quoteFormat,
  readForwardFile,
  readFxFile,
  readQuoteFile,
  readUnderlyingFile,
  underlyingFormat,
  type UnderlyingRecord,
} from './market-file';
import type { InstrumentQuote } from '@ballast/domain';
import type { SourceFile, TableContent, TableRow } from './table';
import { decodeText } from './text-gate';

/** `quotes`, `underlyings`, `forwards` and `fx` are our own; the other two describe a whole chain in one file. */
export const marketFormats = ['quotes', 'underlyings', 'forwards', 'fx', 'deribit', 'lean'] as const;
export type MarketFormat = (typeof marketFormats)[number];

/** Of foreign formats the columns that no other format has. */
const tellingColumns = {
  deribit: named('instrument_name', 'mark_price', 'expiry_datetime', 'futures_price', 'index_price'),
  lean: named('#expiry', 'strike', 'right', 'close', 'implied_volatility'),
  underlyings: underlyingFormat,
  quotes: { columns: quoteFormat.columns.filter(({ optional }) => optional !== true) },
  forwards: forwardFormat,
  fx: fxFormat,
};

function named(...names: readonly string[]): { readonly columns: readonly { readonly name: string }[] } {
  return { columns: names.map((name) => ({ name })) };
}

/**
 * Tells the format of a file: the one whose columns the header shares most of. A header that misses a column or has one
 * too many is still told, so that the reader can name the column.
 *
 * @throws FileRefusal when the header shares less than half of the columns of every format
 */
export function detectFormat<Name extends string>(
  source: SourceFile,
  formats: Readonly<Record<Name, { readonly columns: readonly { readonly name: string }[] }>>,
): Name {
  const names = headerOf(source);
  let best: { format: Name; share: number } | undefined;
  for (const format of Object.keys(formats) as Name[]) {
    const expected = formats[format].columns;
    const share = expected.filter(({ name }) => names.includes(name)).length / expected.length;
    if (share > (best?.share ?? 0)) best = { format, share };
  }
  if (best !== undefined && best.share >= 0.5) return best.format;
  const reason = `the header fits none of the formats ${Object.keys(formats).join(', ')}; state one with --format`;
  return refuseFile({ file: source.name, line: 1, value: names.join(','), reason });
}

/** Tells the format of a market file. @throws FileRefusal */
export function detectMarketFormat(source: SourceFile): MarketFormat {
  return detectFormat(source, tellingColumns);
}

/**
 * Reads one chain file (Deribit, LEAN), or the quotes, underlyings, forwards and exchange rates of our own format together.
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
  const quoteSource = partOf('quotes');
  const underlyingSource = partOf('underlyings');
  if (quoteSource === undefined || underlyingSource === undefined) {
    const file = sources[0]?.name ?? 'market';
    return refuseFile({ file, reason: 'a market needs a file of quotes and a file of underlyings' });
  }
  const quotes = readQuoteFile(quoteSource);
  const underlyings = readUnderlyingFile(underlyingSource);
  const forwards = readOptional(partOf('forwards'), readForwardFile);
  const fx = readOptional(partOf('fx'), readFxFile);
  const tables = [quotes, underlyings, forwards, fx];
  return {
    files: { quotes: quotes.file, underlyings: underlyings.file, forwards: forwards.file, fx: fx.file },
    instruments: [],
    quotes: quotes.rows,
    underlyings: underlyings.rows,
    forwards: forwards.rows,
    fx: fx.rows,
    rowCount: tables.reduce((sum, { rows }) => sum + rows.length, 0),
    warnings: tables.flatMap(({ warnings }) => warnings),
  };
}

/** What another source says of a market: prices of underlyings, quotes of contracts, or both. */
export interface SecondSource {
  readonly file: string;
  readonly underlyings: readonly TableRow<UnderlyingRecord>[];
  readonly quotes: readonly TableRow<InstrumentQuote>[];
  readonly warnings: readonly string[];
}

/**
 * Reads a file of another source: quotes or underlyings of our own format, or a chain.
 *
 * @throws FileRefusal, also for forwards and exchange rates, which have no second source
 */
export function readSecondSource(source: SourceFile, lean?: LeanTerms): SecondSource {
  const format = detectMarketFormat(source);
  if (format === 'forwards' || format === 'fx') {
    return refuseFile({ file: source.name, reason: `a second source states quotes or underlyings, not ${format}` });
  }
  if (format === 'quotes') {
    const { file, rows, warnings } = readQuoteFile(source);
    return { file, quotes: rows, underlyings: [], warnings };
  }
  if (format === 'underlyings') {
    const { file, rows, warnings } = readUnderlyingFile(source);
    return { file, underlyings: rows, quotes: [], warnings };
  }
  const { quotes, underlyings, warnings } = format === 'deribit' ? readDeribitFile(source) : readLeanFile(source, lean);
  return { file: source.name, quotes, underlyings, warnings };
}

function readOptional<Value>(
  source: SourceFile | undefined,
  read: (source: SourceFile) => TableContent<Value>,
): TableContent<Value> {
  return source === undefined ? { file: '', rows: [], warnings: [] } : read(source);
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
