// Daily option chains in the format of the LEAN engine: the first row is the underlying.
import { Decimal, type ExerciseStyle, type Instant, type Instrument, type InstrumentQuote } from '@ballast/domain';
import {
  CellRefusal,
  choiceCell,
  identifierCell,
  nonNegativeDecimalCell,
  nonNegativeNumberCell,
  positiveDecimalCell,
} from './cell';
import { refuseFile } from './file-refusal';
import type { MarketContent } from './market-content';
import type { UnderlyingRecord } from './market-file';
import { newYorkInstant } from './new-york-time';
import { formatOsiSymbol } from './osi-symbol';
import { readTable, type RowCells, type SourceFile, type TableRow } from './table';
import type { ColumnRule } from './table-header';
import { tradedCounts } from './traded-counts';

/** What the file does not say. Absent fields are taken from the file's name, for example `goog_20151224.csv`. */
export interface LeanTerms {
  readonly underlyingId?: string;
  /** Trading day `2015-12-24`. */
  readonly date?: string;
  /** European for the cash-settled index classes listed below, American otherwise. */
  readonly exercise?: ExerciseStyle;
  /** Price of the underlying, for a chain without its row [currency/unit]. */
  readonly underlyingPrice?: Decimal;
  /** Continuously compounded financing rate and dividend yield [1/year]. */
  readonly rate?: number;
  readonly dividendYield?: number;
}

/** Cash-settled European index classes of the US exchanges. */
const europeanIndexClasses = [
  'SPX',
  'SPXW',
  'XSP',
  'NDX',
  'NDXP',
  'RUT',
  'RUTW',
  'VIX',
  'DJX',
  'XEO',
  'MRUT',
  'MXEA',
  'MXEF',
];
const unusedColumns = ['open', 'high', 'low', 'delta', 'gamma', 'vega', 'theta', 'rho'];
/** Contracts open, and contracts traded on the day. */
const countColumns = { openInterest: 'open_interest', volume: 'volume' } as const;
const columns: readonly ColumnRule[] = [
  { name: '#expiry' },
  { name: 'strike' },
  { name: 'right' },
  { name: 'close' },
  { name: 'implied_volatility' },
  ...[...Object.values(countColumns), ...unusedColumns].map((name) => ({ name, optional: true as const })),
];

interface LeanOption {
  readonly instrument: Instrument;
  readonly quote: InstrumentQuote;
}

type LeanRow = LeanOption | UnderlyingRecord;

interface Chain {
  readonly underlyingId: string;
  readonly exercise: ExerciseStyle;
  readonly quotedAt: Instant;
  readonly terms: LeanTerms;
}

/**
 * Reads a LEAN chain: options named by unpadded OSI symbol, multiplier 100, USD, expiring at 16:00 New York of the
 * expiry date, marked at the closing price of 16:00 New York of the trading day.
 *
 * A chain may lack the row of the underlying: its price is then the stated one, or null and a warning.
 *
 * The format holds no bid and ask. A volatility of 0 is LEAN's way to write "none found" and becomes null. When no
 * rate or yield is given, 0 is used and every quote carries RATE_MISSING or DIV_MISSING.
 *
 * @throws FileRefusal
 */
export function readLeanFile(source: SourceFile, terms: LeanTerms = {}): MarketContent {
  const { underlyingId, date } = identity(source.name, terms);
  const exercise = terms.exercise ?? (europeanIndexClasses.includes(underlyingId) ? 'european' : 'american');
  const quotedAt = newYorkInstant(date, { hour: 16, minute: 0 });
  const chain = { underlyingId, exercise, quotedAt, terms };
  const { rows, warnings } = readTable<LeanRow>(source, {
    columns,
    toRecord: (cells) => (isUnderlyingRow(cells) ? toUnderlying(cells, chain) : toOption(cells, chain)),
    unique: { column: 'strike', key: (row) => ('instrument' in row ? row.instrument.id : row.underlyingId) },
  });
  const options = rows.filter((row): row is TableRow<LeanOption> => 'instrument' in row.value);
  const stated = rows.find((row): row is TableRow<UnderlyingRecord> => 'underlyingId' in row.value);
  const place = { file: source.name, line: 2 };
  if (options.length === 0) refuseFile({ ...place, reason: 'the chain holds no option' });
  if (stated !== undefined && stated !== rows[0]) {
    refuseFile({ ...place, line: stated.line, reason: 'the row of the underlying must be the first' });
  }
  const priceKnown = stated !== undefined || terms.underlyingPrice !== undefined;
  const noPrice = `${source.name}: no row of the underlying; its price is unknown unless stated (--underlying-price)`;
  return {
    files: { quotes: source.name, underlyings: source.name, forwards: source.name, fx: '' },
    fx: [],
    instruments: options.map(({ line, value }) => ({ line, value: value.instrument })),
    quotes: options.map(({ line, value }) => ({ line, value: value.quote })),
    underlyings: [stated ?? { line: 2, value: underlyingRecord(terms.underlyingPrice ?? null, chain) }],
    forwards: [],
    rowCount: rows.length,
    warnings: priceKnown ? warnings : [...warnings, noPrice],
  };
}

function identity(file: string, terms: LeanTerms): { readonly underlyingId: string; readonly date: string } {
  const match = /(?:^|[\\/])([A-Za-z0-9.]+)_(\d{4})(\d{2})(\d{2})\.csv$/.exec(file);
  const underlyingId = terms.underlyingId ?? match?.[1]?.toUpperCase();
  const date = terms.date ?? (match === null ? undefined : `${match[2]}-${match[3]}-${match[4]}`);
  if (underlyingId === undefined || date === undefined) {
    const reason =
      'the underlying and the day are neither in the name (goog_20151224.csv) nor stated (--underlying, --date)';
    return refuseFile({ file, reason });
  }
  return { underlyingId, date };
}

function isUnderlyingRow(cells: RowCells): boolean {
  return ['#expiry', 'strike', 'right'].every((column) => cells.optional(column, String) === undefined);
}

function toUnderlying(cells: RowCells, chain: Chain): UnderlyingRecord {
  return underlyingRecord(cells.required('close', positiveDecimalCell), chain);
}

function underlyingRecord(price: Decimal | null, chain: Chain): UnderlyingRecord {
  return {
    underlyingId: chain.underlyingId,
    kind: europeanIndexClasses.includes(chain.underlyingId) ? 'broad-index' : 'equity',
    currency: 'USD',
    price,
    rate: chain.terms.rate ?? 0,
    dividendYield: chain.terms.dividendYield ?? 0,
    quotedAt: chain.quotedAt,
  };
}

function toOption(cells: RowCells, chain: Chain): LeanOption {
  const right = cells.required('right', choiceCell(['C', 'P'])) === 'C' ? 'call' : 'put';
  const strike = cells.required('strike', positiveDecimalCell);
  const expiryDate = cells.required('#expiry', compactDateCell);
  const id = formatOsiSymbol({ root: identifierCell(chain.underlyingId), expiryDate, right, strike });
  const volatility = cells.optional('implied_volatility', nonNegativeNumberCell) ?? 0;
  return {
    instrument: {
      id,
      type: 'option',
      underlying: chain.underlyingId,
      right,
      strike,
      expiry: newYorkInstant(expiryDate, { hour: 16, minute: 0 }),
      exercise: chain.exercise,
      multiplier: new Decimal(100),
      currency: 'USD',
      settlement: 'linear',
      premiumStyle: 'equity',
    },
    quote: {
      instrumentId: id,
      bid: null,
      ask: null,
      mark: cells.optional('close', nonNegativeDecimalCell) ?? null,
      impliedVolatility: volatility === 0 ? null : volatility,
      ...tradedCounts(cells, countColumns),
      quotedAt: chain.quotedAt,
      flags: [
        ...(chain.terms.rate === undefined ? (['RATE_MISSING'] as const) : []),
        ...(chain.terms.dividendYield === undefined ? (['DIV_MISSING'] as const) : []),
      ],
    },
  };
}

/** A date such as `20151231`. */
function compactDateCell(text: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  const date = match === null ? '' : `${match[1]}-${match[2]}-${match[3]}`;
  const instant = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== date) {
    throw new CellRefusal('expected an existing date such as 20151231');
  }
  return date;
}
