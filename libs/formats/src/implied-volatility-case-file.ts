// Input rows and output columns of `ballast implied-volatility`.
import type { OptionRight } from '@ballast/domain';
import { CaseHeader } from './case-header';
import { choiceCell, numberCell } from './cell';
import type { DelimitedRecord } from './delimited-text';
import type { ColumnRule } from './table-header';

/** One price to invert. */
export interface ImpliedVolatilityCase {
  readonly model: 'black76' | 'bachelier';
  readonly right: OptionRight;
  readonly forward: number;
  readonly strike: number;
  readonly yearsToExpiry: number;
  readonly discountFactor: number;
  readonly price: number;
}

export const impliedVolatilityCaseColumns: readonly ColumnRule[] = [
  { name: 'id', optional: true },
  { name: 'model', optional: true },
  { name: 'right' },
  { name: 'forward' },
  { name: 'strike' },
  { name: 'yearsToExpiry' },
  { name: 'discountFactor' },
  { name: 'price' },
];

/** Columns the output adds to those of the input. */
export const impliedVolatilityResultColumns = ['status', 'volatility', 'error'] as const;

const modelCell = choiceCell(['black76', 'bachelier']);
const rightCell = choiceCell(['call', 'put']);

/** @throws FileRefusal naming the unknown, missing or repeated columns */
export function impliedVolatilityCaseHeader(record: DelimitedRecord, file: string): CaseHeader {
  return new CaseHeader(record, impliedVolatilityCaseColumns, file);
}

/** Reads one row; an absent or empty `model` is black76. @throws CaseRefusal */
export function readImpliedVolatilityCase(header: CaseHeader, cells: readonly string[]): ImpliedVolatilityCase {
  header.requireWidth(cells);
  return {
    model: header.optional(cells, 'model', modelCell) ?? 'black76',
    right: header.required(cells, 'right', rightCell),
    forward: header.required(cells, 'forward', numberCell),
    strike: header.required(cells, 'strike', numberCell),
    yearsToExpiry: header.required(cells, 'yearsToExpiry', numberCell),
    discountFactor: header.required(cells, 'discountFactor', numberCell),
    price: header.required(cells, 'price', numberCell),
  };
}
