// Daily prices: `date,<symbol>,…`, one column per symbol.
import { CellRefusal, dateCell, identifierCell, numberCell } from './cell';
import { splitRecords } from './delimited-text';
import { refuseFile } from './file-refusal';
import { readTable, type SourceFile, type TableRow } from './table';
import { decodeText } from './text-gate';

/** Prices of one day. */
export interface PriceHistoryDay {
  /** Calendar date `2026-01-05`. */
  readonly date: string;
  /** One price per symbol [currency/unit], > 0; null where the file has none (a holiday of that market). */
  readonly prices: readonly (number | null)[];
}

/** Daily prices of several symbols, oldest day first. */
export interface PriceHistory {
  readonly file: string;
  readonly symbols: readonly string[];
  readonly days: readonly PriceHistoryDay[];
  readonly warnings: readonly string[];
}

/**
 * Reads daily prices; rows may come in any order, a day may not repeat, a price must be above 0. The column of dates is
 * `date` in any case, as vendors write it.
 *
 * @throws FileRefusal
 */
export function readPriceHistoryFile(source: SourceFile): PriceHistory {
  const { dateColumn, symbols } = columnsOf(source);
  const content = readTable<PriceHistoryDay>(source, {
    columns: [{ name: dateColumn }, ...symbols.map((name) => ({ name }))],
    toRecord: (cells) => ({
      date: cells.required(dateColumn, dateCell),
      prices: symbols.map((symbol) => cells.optional(symbol, positivePriceCell) ?? null),
    }),
    unique: { column: dateColumn, key: (day) => day.date },
  });
  const days = [...content.rows].sort(byDate).map(({ value }) => value);
  return { file: content.file, symbols, days, warnings: content.warnings };
}

function columnsOf(source: SourceFile): { readonly dateColumn: string; readonly symbols: string[] } {
  const { text } = decodeText(source.bytes, source.name);
  const firstLine = text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1).replace(/\r$/, '');
  const [header] = splitRecords({ text: firstLine, firstLine: 1, hasQuotes: firstLine.includes('"') }, source.name);
  const names = header?.cells ?? [];
  const dateColumn = names.find((name) => name.toLowerCase() === 'date') ?? 'date';
  const symbols = names.filter((name) => name !== dateColumn);
  for (const symbol of symbols) {
    try {
      identifierCell(symbol);
    } catch (error) {
      if (error instanceof CellRefusal) {
        refuseFile({ file: source.name, line: 1, column: symbol, reason: `not a symbol: ${error.message}` });
      }
      throw error;
    }
  }
  if (symbols.length === 0) refuseFile({ file: source.name, line: 1, reason: 'no symbol column after date' });
  return { dateColumn, symbols };
}

function positivePriceCell(text: string): number {
  const price = numberCell(text);
  if (price <= 0) throw new CellRefusal('must be greater than 0');
  return price;
}

function byDate(left: TableRow<PriceHistoryDay>, right: TableRow<PriceHistoryDay>): number {
  return left.value.date < right.value.date ? -1 : 1;
}
