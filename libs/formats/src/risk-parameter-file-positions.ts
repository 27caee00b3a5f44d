// Positions against a risk-parameter file: by identity columns, or by the file's own contract identifier.
import type { Decimal, OptionRight } from '@ballast/domain';
import { type CellReader, CellRefusal, choiceCell, decimalCell, identifierCell } from './cell';
import { type ContractSelection, formatContractMonth, plainNumber, riskContractTypes } from './risk-parameter-file';
import type { RiskContractType } from './risk-parameter-file';
import { type RowCells, readTable, type SourceFile, type TableContent, type TableFormat } from './table';

/** A contract as a position names it. */
export type RiskPositionContract =
  | { readonly by: 'id'; readonly instrument: string }
  | {
      readonly by: 'terms';
      readonly exchange: string;
      readonly commodity: string;
      readonly type: RiskContractType;
      readonly underlyingMonth: string | null;
      readonly optionMonth: string | null;
      readonly right: OptionRight | null;
      readonly strike: string | null;
    };

/** A position of the file. */
export interface RiskPositionRecord {
  /** Empty where the file has no account column. */
  readonly account: string;
  readonly contract: RiskPositionContract;
  /** Long > 0, short < 0 [contracts]. */
  readonly quantity: Decimal;
}

const monthCell: CellReader<string> = (text) => {
  const month = formatContractMonth(text);
  if (month === null) throw new CellRefusal('expected a contract month such as 202509, 2025-09 or 20250925');
  return month;
};

const strikeCell: CellReader<string> = (text) => {
  decimalCell(text);
  return plainNumber(text) as string;
};

const typeCell: CellReader<RiskContractType> = (text) => choiceCell(riskContractTypes)(text.toUpperCase());

const rights: Readonly<Record<string, OptionRight>> = { C: 'call', CALL: 'call', P: 'put', PUT: 'put' };
const rightCell: CellReader<OptionRight> = (text) => {
  const right = rights[text.toUpperCase()];
  if (right === undefined) throw new CellRefusal('expected call or put');
  return right;
};

const quantityMaximum = 1e10;
const quantityCell: CellReader<Decimal> = (text) => {
  const quantity = decimalCell(text);
  if (quantity.abs().greaterThan(quantityMaximum)) throw new CellRefusal('more than 10 000 000 000 contracts');
  return quantity;
};

const termColumns = ['exchange', 'commodity', 'type', 'underlyingMonth', 'optionMonth', 'right', 'strike'] as const;

export const riskPositionFormat: TableFormat<RiskPositionRecord> = {
  columns: [
    ...termColumns.map((name) => ({ name, optional: true }) as const),
    { name: 'instrument', optional: true },
    { name: 'quantity' },
    { name: 'account', optional: true },
  ],
  toRecord: (cells) => ({
    account: cells.optional('account', identifierCell) ?? '',
    contract: readContract(cells),
    quantity: cells.required('quantity', quantityCell),
  }),
};

/** Reads a positions file; rows of one account and contract are added up later. @throws FileRefusal */
export function readRiskPositionFile(source: SourceFile): TableContent<RiskPositionRecord> {
  return readTable(source, riskPositionFormat);
}

function readContract(cells: RowCells): RiskPositionContract {
  const instrument = cells.optional('instrument', identifierCell);
  if (instrument !== undefined) {
    for (const column of termColumns)
      if (cells.optional(column, (text) => text) !== undefined)
        cells.refuse(column, 'the contract is named by instrument already');
    return { by: 'id', instrument };
  }
  const type = cells.required('type', typeCell);
  const terms = {
    by: 'terms',
    exchange: cells.required('exchange', identifierCell),
    commodity: cells.required('commodity', identifierCell),
    type,
    underlyingMonth: cells.optional('underlyingMonth', monthCell) ?? null,
    optionMonth: cells.optional('optionMonth', monthCell) ?? null,
  } as const;
  if (isOptionType(type)) {
    if (terms.optionMonth === null) cells.refuse('optionMonth', 'the value is missing; options have a month');
    return { ...terms, right: cells.required('right', rightCell), strike: cells.required('strike', strikeCell) };
  }
  for (const column of ['right', 'strike', 'optionMonth'] as const)
    if (cells.optional(column, (text) => text) !== undefined) cells.refuse(column, `a ${type} has none`);
  if (type !== 'PHY' && terms.underlyingMonth === null)
    cells.refuse('underlyingMonth', 'the value is missing; futures have a month');
  return { ...terms, right: null, strike: null };
}

/** Options on futures, physicals and combinations. */
export function isOptionType(type: RiskContractType): boolean {
  return type === 'OOF' || type === 'OOP' || type === 'OOC';
}

/** Says a contract as a position names it. */
export function describePositionContract(contract: RiskPositionContract): string {
  if (contract.by === 'id') return contract.instrument;
  const { exchange, commodity, type, underlyingMonth, optionMonth, right, strike } = contract;
  return [exchange, commodity, type, underlyingMonth, optionMonth, right, strike]
    .filter((part) => part !== null)
    .join(' ');
}

/** Builds what a reader asks while it streams: is this contract one of the positions? */
export function selectContracts(positions: readonly RiskPositionRecord[]): ContractSelection {
  const products = new Set<string>();
  const terms = new Set<string>();
  const ids = new Set<string>();
  for (const { contract } of positions) {
    if (contract.by === 'id') {
      ids.add(contract.instrument);
      continue;
    }
    products.add(`${contract.exchange}|${contract.commodity}`);
    const month = contract.optionMonth ?? contract.underlyingMonth ?? '';
    terms.add(termsKey(contract.exchange, contract.commodity, contract.type, month, contract.right, contract.strike));
  }
  return {
    hasProduct: (exchange, product, family) =>
      ids.size > 0 || products.has(`${exchange}|${product}`) || products.has(`${exchange}|${family}`),
    has: ({ exchange, product, family, contractId, type, month, right, strike }) =>
      (ids.size > 0 && contractIds(exchange, family, contractId).some((id) => ids.has(id))) ||
      (terms.size > 0 &&
        [product, family].some((code) =>
          [month, ''].some((stated) => terms.has(termsKey(exchange, code, type, stated, right, strike))),
        )),
  };
}

/** The ways an `instrument` cell may name a contract: alone, within its family, within its exchange and family. */
export function contractIds(exchange: string, family: string, contractId: string): readonly string[] {
  return [contractId, `${family}/${contractId}`, `${exchange}/${family}/${contractId}`];
}

function termsKey(
  exchange: string,
  product: string,
  type: string,
  month: string,
  right: string | null,
  strike: string | null,
): string {
  return `${exchange}|${product}|${type}|${month}|${right ?? ''}|${strike ?? ''}`;
}
