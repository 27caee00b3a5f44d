// Haircut schedules: our own table, the tables of two clearing houses, and concentration limits beside them.
import {
  checkHaircutSchedule,
  type ConcentrationLimit,
  DomainError,
  type HaircutRule,
  type HaircutSchedule,
} from '@ballast/domain';
import {
  type CellReader,
  CellRefusal,
  choiceCell,
  currencyCell,
  identifierCell,
  nonNegativeDecimalCell,
  numberCell,
} from './cell';
import { clearingHouseFormat, type ClearingHouseRow } from './clearing-house-haircuts';
import { splitRecords } from './delimited-text';
import { type FileProblem, FileRefusal, refuseFile } from './file-refusal';
import { readTable, type SourceFile, type TableContent, type TableFormat, type TableRow } from './table';
import { decodeText } from './text-gate';

/** A schedule as its files state it, whole. */
export interface HaircutContent {
  readonly schedule: HaircutSchedule;
  readonly rows: number;
  readonly warnings: readonly string[];
}

/** How haircut files are to be read. */
export interface HaircutFileTerms {
  /** Name of the schedule. */
  readonly name: string;
  /** Which of several vintages of a clearing house's file; needed exactly when the file holds several. */
  readonly vintage?: string;
}

const fractionCell: CellReader<number> = (text) => {
  const value = numberCell(text);
  if (!(value >= 0 && value <= 1)) throw new CellRefusal('expected a fraction 0…1; 5 % is 0.05');
  return value;
};

const yearsCell: CellReader<number> = (text) => {
  const value = numberCell(text);
  if (!(value >= 0 && value <= 200)) throw new CellRefusal('expected 0…200 years');
  return value;
};

export const haircutFormat: TableFormat<HaircutRule> = {
  columns: [
    { name: 'assetClass' },
    { name: 'rating', optional: true },
    { name: 'minimumYears', optional: true, number: true },
    { name: 'maximumYears', optional: true, number: true },
    { name: 'haircut', number: true },
  ],
  toRecord: (cells) => {
    const rating = cells.optional('rating', identifierCell);
    const minimumYears = cells.optional('minimumYears', yearsCell);
    const maximumYears = cells.optional('maximumYears', yearsCell);
    return {
      assetClass: cells.required('assetClass', identifierCell),
      haircut: cells.required('haircut', fractionCell),
      ...(rating === undefined ? {} : { rating }),
      ...(minimumYears === undefined ? {} : { minimumYears }),
      ...(maximumYears === undefined ? {} : { maximumYears }),
    };
  },
};

export const limitFormat: TableFormat<ConcentrationLimit> = {
  columns: [
    { name: 'scope' },
    { name: 'target' },
    { name: 'share', optional: true, number: true },
    { name: 'amount', optional: true },
    { name: 'currency', optional: true },
    { name: 'excessHaircut', optional: true, number: true },
  ],
  toRecord: (cells) => {
    const share = cells.optional('share', fractionCell);
    const amount = cells.optional('amount', nonNegativeDecimalCell);
    const currency = cells.optional('currency', currencyCell);
    if ((amount === undefined) !== (currency === undefined))
      cells.refuse('currency', 'amount and currency go together');
    if (share === undefined && amount === undefined) cells.refuse('share', 'expected a share, an amount, or both');
    return {
      scope: cells.required('scope', choiceCell(['asset', 'class'])),
      target: cells.required('target', targetCell),
      excessHaircut: cells.optional('excessHaircut', fractionCell) ?? 1,
      ...(share === undefined ? {} : { share }),
      ...(amount === undefined || currency === undefined ? {} : { amount: { amount, currency } }),
    };
  },
};

const targetCell: CellReader<string> = (text) => (text === '*' ? text : identifierCell(text));

/**
 * Reads a haircut schedule from one file, or two: haircuts, and concentration limits, told apart by their headers.
 * Haircuts come in our own columns or in those of a clearing house's table.
 *
 * @throws FileRefusal naming every bad row, buckets that overlap, a vintage that is missing, or a file that is neither
 */
export function readHaircutFiles(sources: readonly SourceFile[], terms: HaircutFileTerms): HaircutContent {
  let rules: TableContent<HaircutRule> | undefined;
  let limits: TableContent<ConcentrationLimit> | undefined;
  for (const source of sources) {
    if (headerOf(source).includes('scope')) {
      if (limits !== undefined) refuseFile({ file: source.name, reason: 'a second file of concentration limits' });
      limits = readTable(source, limitFormat);
    } else {
      if (rules !== undefined) refuseFile({ file: source.name, reason: 'a second file of haircuts' });
      rules = readRules(source, terms);
    }
  }
  if (rules === undefined)
    return refuseFile({ file: sources[0]?.name ?? '', reason: 'no file of haircuts; limits alone are no schedule' });
  const schedule: HaircutSchedule = {
    name: terms.name,
    rules: rules.rows.map(({ value }) => value),
    limits: limits?.rows.map(({ value }) => value) ?? [],
  };
  checkAsWhole(schedule, rules, limits);
  return {
    schedule,
    rows: rules.rows.length + (limits?.rows.length ?? 0),
    warnings: [...rules.warnings, ...(limits?.warnings ?? [])],
  };
}

function readRules(source: SourceFile, { vintage }: HaircutFileTerms): TableContent<HaircutRule> {
  if (!headerOf(source).includes('haircut_pct')) {
    if (vintage !== undefined) refuseFile({ file: source.name, reason: 'this format holds no vintages' });
    return readTable(source, haircutFormat);
  }
  const content = readTable(source, clearingHouseFormat);
  const vintages = [...new Set(content.rows.map(({ value }) => value.vintage))];
  if (vintage === undefined && vintages.length > 1) {
    const names = vintages.map((name) => JSON.stringify(name ?? '')).join(', ');
    refuseFile({ file: source.name, column: 'vintage', reason: `the file holds ${names}; say which by --vintage` });
  }
  const chosen = content.rows.filter(({ value }) => vintage === undefined || value.vintage === vintage);
  if (chosen.length === 0)
    refuseFile({
      file: source.name,
      column: 'vintage',
      value: vintage ?? '',
      reason: 'the file holds no such vintage',
    });
  return { ...content, rows: chosen.map(({ line, value }) => ({ line, value: ruleOf(value) })) };
}

function ruleOf({ vintage: _vintage, ...rule }: ClearingHouseRow): HaircutRule {
  return rule;
}

/** A fault of the schedule as a whole is told with the line of the row that brings it in. */
function checkAsWhole(
  schedule: HaircutSchedule,
  rules: TableContent<HaircutRule>,
  limits: TableContent<ConcentrationLimit> | undefined,
): void {
  try {
    checkHaircutSchedule(schedule);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const place = /^(rules|limits)\[(\d+)\]/.exec(error.field ?? '');
    const content = place?.[1] === 'limits' ? (limits ?? rules) : rules;
    const row = content.rows[Number(place?.[2] ?? 0)] as TableRow<unknown> | undefined;
    const problem: FileProblem = {
      file: content.file,
      ...(row === undefined ? {} : { line: row.line }),
      reason: error.message,
    };
    throw new FileRefusal([problem]);
  }
}

function headerOf(source: SourceFile): readonly string[] {
  const { text } = decodeText(source.bytes, source.name);
  if (/^\s*[[{]/.test(text))
    return /"haircut_pct"\s*:/.test(text) ? ['haircut_pct'] : /"scope"\s*:/.test(text) ? ['scope'] : [];
  const firstLine = text.slice(0, text.search(/[\r\n]|$/));
  return (
    splitRecords({ text: firstLine, firstLine: 1, hasQuotes: firstLine.includes('"') }, source.name)[0]?.cells ?? []
  );
}
