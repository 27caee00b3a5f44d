// Life-cycle events: `event,type,effectiveAt,instrument,underlying,account,quantity,price,amount,ratio,newUnderlying,reverses`.
import { Decimal, instantOf, type LifecycleEvent, lifecycleEventTypes } from '@ballast/domain';
import {
  type CellReader,
  CellRefusal,
  choiceCell,
  decimalCell,
  identifierCell,
  instantCell,
  nonNegativeDecimalCell,
  positiveDecimalCell,
} from './cell';
import { readTable, type RowCells, type SourceFile, type TableContent, type TableFormat } from './table';

const optionalColumns = [
  'instrument',
  'underlying',
  'account',
  'quantity',
  'price',
  'amount',
  'ratio',
  'newUnderlying',
  'reverses',
] as const;
type OptionalColumn = (typeof optionalColumns)[number];

/** Columns that each type takes beside `event`, `type` and `effectiveAt`; the others must be empty. */
const columnsByType: Readonly<Record<LifecycleEvent['type'], readonly OptionalColumn[]>> = {
  expiry: ['instrument', 'price'],
  exercise: ['instrument', 'account', 'quantity', 'price'],
  assignment: ['instrument', 'account', 'quantity', 'price'],
  lapse: ['instrument', 'account', 'quantity', 'price'],
  'daily-settlement': ['instrument', 'price'],
  dividend: ['underlying', 'amount'],
  split: ['underlying', 'ratio', 'price'],
  'special-dividend': ['underlying', 'amount'],
  'symbol-change': ['underlying', 'newUnderlying'],
  merger: ['underlying', 'newUnderlying', 'ratio', 'amount', 'price'],
  reversal: ['reverses'],
};

interface SplitRatio {
  readonly numerator: number;
  readonly denominator: number;
}

const splitRatioCell: CellReader<SplitRatio> = (text) => {
  const match = /^([1-9]\d{0,5}):([1-9]\d{0,5})$/.exec(text);
  if (match === null) throw new CellRefusal('expected new shares for old ones such as 7:1 or 3:2');
  return { numerator: Number(match[1]), denominator: Number(match[2]) };
};

/** A spin-off needs the value of what is spun off, and deliverables of two shares: it is refused by name, not mistaken. */
const eventTypeCell: CellReader<LifecycleEvent['type']> = (text) => {
  if (text !== 'spin-off') return choiceCell(lifecycleEventTypes)(text);
  throw new CellRefusal(
    'spin-offs are not applied: import the contracts that the clearing house lists, with their deliverable, and new positions',
  );
};

const contractsCell: CellReader<Decimal> = (text) => {
  const quantity = positiveDecimalCell(text);
  if (!quantity.isInteger()) throw new CellRefusal('expected whole contracts');
  return quantity;
};

const format: TableFormat<LifecycleEvent> = {
  columns: [
    { name: 'event' },
    { name: 'type' },
    { name: 'effectiveAt' },
    ...optionalColumns.map((name) => ({ name, optional: true as const })),
  ],
  toRecord: (cells) => {
    const type = cells.required('type', eventTypeCell);
    for (const column of optionalColumns) {
      if (columnsByType[type].includes(column) || cells.optional(column, String) === undefined) continue;
      cells.refuse(column, `must be empty when type is ${type}`);
    }
    return toEvent(type, cells);
  },
  unique: { column: 'event', key: (event) => event.id },
};

function toEvent(type: LifecycleEvent['type'], cells: RowCells): LifecycleEvent {
  const id = cells.required('event', identifierCell);
  if (type === 'reversal') {
    const reversedEventId = cells.required('reverses', identifierCell);
    // It holds since whatever the reversed event says.
    return { id, type, reversedEventId, effectiveAt: cells.optional('effectiveAt', instantCell) ?? instantOf(0) };
  }
  const base = { id, effectiveAt: cells.required('effectiveAt', instantCell) };
  const price = cells.optional('price', decimalCell);
  switch (type) {
    case 'expiry':
    case 'daily-settlement': {
      const instrumentId = cells.required('instrument', identifierCell);
      return { ...base, type, instrumentId, price: cells.required('price', decimalCell) };
    }
    case 'exercise':
    case 'assignment':
    case 'lapse': {
      const account =
        type === 'assignment' ? cells.optional('account', identifierCell) : cells.required('account', identifierCell);
      return {
        ...base,
        type,
        instrumentId: cells.required('instrument', identifierCell),
        quantity: cells.required('quantity', contractsCell),
        ...(account === undefined ? {} : { accountCode: account }),
        ...(price === undefined ? {} : { price }),
      };
    }
    case 'dividend':
      return { ...base, type, underlying: underlyingOf(cells), amount: cells.required('amount', positiveDecimalCell) };
    default:
      return { ...base, type, underlying: underlyingOf(cells), ...corporateAction(type, cells), ...inLieu(cells) };
  }
}

function corporateAction(type: 'split' | 'special-dividend' | 'symbol-change' | 'merger', cells: RowCells) {
  switch (type) {
    case 'split':
      return { action: { kind: type, ...cells.required('ratio', splitRatioCell) } };
    case 'special-dividend':
      return { action: { kind: type, amount: cells.required('amount', positiveDecimalCell) } };
    case 'symbol-change':
      return { action: { kind: type, newUnderlying: cells.required('newUnderlying', identifierCell) } };
    case 'merger': {
      const newUnderlying = cells.optional('newUnderlying', identifierCell);
      const stockRatio = cells.optional('ratio', nonNegativeDecimalCell) ?? new Decimal(0);
      const cashPerShare = cells.optional('amount', nonNegativeDecimalCell) ?? new Decimal(0);
      if (stockRatio.isZero() && cashPerShare.isZero())
        cells.refuse('ratio', 'a merger hands over shares, cash or both');
      if (!stockRatio.isZero() && newUnderlying === undefined) cells.refuse('newUnderlying', 'the value is missing');
      return {
        action: { kind: type, stockRatio, cashPerShare, ...(newUnderlying === undefined ? {} : { newUnderlying }) },
      };
    }
  }
}

function inLieu(cells: RowCells) {
  const cashInLieuPrice = cells.optional('price', positiveDecimalCell);
  return cashInLieuPrice === undefined ? {} : { cashInLieuPrice };
}

function underlyingOf(cells: RowCells): string {
  return cells.required('underlying', identifierCell);
}

/**
 * Reads life-cycle events (CSV or JSON) in the order in which they are applied.
 *
 * @throws FileRefusal
 */
export function readLifecycleEventFile(source: SourceFile): TableContent<LifecycleEvent> {
  return readTable(source, format);
}
