// Statements of a clearing house or prime broker: `account,record,id,quantity,price,amount,currency`, or activity XML.
import type {
  AccountStatement,
  CashBalance,
  Decimal,
  Money,
  StatedCollateral,
  StatedFigures,
  StatedPosition,
  Statement,
  StatementSection,
} from '@ballast/domain';
import { isActivityFile, readActivityFile } from './activity-file';
import { type CellReader, CellRefusal, choiceCell, currencyCell, decimalCell, identifierCell } from './cell';
import { readStatementSymbol } from './statement-symbol';
import { readTable, type RowCells, type SourceFile, type TableFormat } from './table';

/** What one row of a statement is about. */
export const statementRecords = [
  'position',
  'cash',
  'collateral',
  'initial-requirement',
  'maintenance-requirement',
  'equity',
  'collateral-value',
] as const;
export type StatementRecord = (typeof statementRecords)[number];

type Row =
  | { readonly record: 'position'; readonly accountCode: string; readonly position: StatedPosition }
  | { readonly record: 'cash'; readonly accountCode: string; readonly cash: CashBalance }
  | { readonly record: 'collateral'; readonly accountCode: string; readonly collateral: StatedCollateral }
  | {
      readonly record: Exclude<StatementRecord, 'position' | 'cash' | 'collateral'>;
      readonly accountCode: string;
      readonly amount: Money;
    };

const quantityMaximum = 1e15;

const quantityCell: CellReader<Decimal> = (text) => {
  const quantity = decimalCell(text);
  if (quantity.abs().greaterThan(quantityMaximum)) throw new CellRefusal('more than 1 000 000 000 000 000 units');
  return quantity;
};

const format: TableFormat<Row> = {
  columns: [
    { name: 'account' },
    { name: 'record' },
    { name: 'id', optional: true },
    { name: 'quantity', optional: true },
    { name: 'price', optional: true },
    { name: 'amount', optional: true },
    { name: 'currency', optional: true },
  ],
  toRecord: (cells) => {
    const record = cells.required('record', choiceCell(statementRecords));
    const accountCode = cells.required('account', identifierCell);
    if (record === 'position') return { record, accountCode, position: positionOf(cells) };
    if (record === 'collateral') return { record, accountCode, collateral: collateralOf(cells) };
    for (const column of ['id', 'quantity', 'price'])
      if (cells.optional(column, (text) => text) !== undefined)
        cells.refuse(column, `a row of ${record} has an amount and a currency only`);
    const amount = {
      amount: cells.required('amount', decimalCell),
      currency: cells.required('currency', currencyCell),
    };
    if (record === 'cash') return { record, accountCode, cash: amount };
    const isRequirement = record === 'initial-requirement' || record === 'maintenance-requirement';
    if (isRequirement && amount.amount.isNegative()) cells.refuse('amount', 'a requirement is not negative');
    return { record, accountCode, amount };
  },
  unique: { column: 'record', key: keyOf },
};

function positionOf(cells: RowCells): StatedPosition {
  const symbol = cells.required('id', readStatementSymbol);
  const quantity = cells.required('quantity', quantityCell);
  const price = cells.optional('price', decimalCell);
  if (cells.optional('amount', (text) => text) !== undefined)
    cells.refuse('amount', 'a position has a quantity and a price; leave the amount empty');
  return { ...symbol, quantity, ...(price === undefined ? {} : { price }) };
}

function collateralOf(cells: RowCells): StatedCollateral {
  const asset = cells.required('id', identifierCell);
  const quantity = cells.optional('quantity', quantityCell);
  const price = cells.optional('price', decimalCell);
  const value = cells.optional('amount', decimalCell);
  const valueCurrency = cells.optional('currency', currencyCell);
  if (quantity === undefined && value === undefined) cells.refuse('quantity', 'a quantity or an amount is needed');
  return {
    asset,
    ...(quantity === undefined ? {} : { quantity }),
    ...(price === undefined ? {} : { price }),
    ...(value === undefined ? {} : { value }),
    ...(value === undefined || valueCurrency === undefined ? {} : { valueCurrency }),
  };
}

function keyOf(row: Row): string {
  const what =
    row.record === 'position'
      ? row.position.instrumentId
      : row.record === 'collateral'
        ? row.collateral.asset
        : row.record === 'cash'
          ? row.cash.currency
          : '';
  return [row.accountCode, row.record, what].filter((part) => part !== '').join(', ');
}

/**
 * Reads a statement: our CSV (or its JSON form), or the activity XML of a broker, told by its first character.
 *
 * @throws FileRefusal naming every bad row, or line and column of bad XML
 */
export function readStatementFile(source: SourceFile): Statement {
  if (isActivityFile(source.bytes)) return readActivityFile(source);
  const rows = readTable(source, format).rows.map(({ value }) => value);
  const sections = new Set<StatementSection>();
  for (const { record } of rows) {
    if (record === 'position') sections.add('positions');
    if (record === 'cash' || record === 'collateral') sections.add(record);
  }
  const codes = [...new Set(rows.map(({ accountCode }) => accountCode))].sort();
  const byAccount = new Map<string, Row[]>(codes.map((code) => [code, []]));
  for (const row of rows) byAccount.get(row.accountCode)?.push(row);
  const accounts = [...byAccount].map(([code, own]) => statementOf(code, own));
  return { format: 'csv', date: null, sections, coversFirm: true, accounts };
}

const figureByRecord = {
  'initial-requirement': 'initialRequirement',
  'maintenance-requirement': 'maintenanceRequirement',
  equity: 'equity',
  'collateral-value': 'collateralValue',
} as const;

function statementOf(accountCode: string, rows: readonly Row[]): AccountStatement {
  const figures: { -readonly [Key in keyof StatedFigures]: StatedFigures[Key] } = {};
  for (const row of rows) if ('amount' in row) figures[figureByRecord[row.record]] = row.amount;
  return {
    accountCode,
    positions: rows.flatMap((row) => (row.record === 'position' ? [row.position] : [])),
    cash: rows.flatMap((row) => (row.record === 'cash' ? [row.cash] : [])),
    collateral: rows.flatMap((row) => (row.record === 'collateral' ? [row.collateral] : [])),
    figures,
  };
}
