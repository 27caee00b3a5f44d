// Instruments: `id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle`.
import type { Instrument } from '@ballast/domain';
import { choiceCell, currencyCell, identifierCell, instantCell, positiveDecimalCell } from './cell';
import { readTable, type RowCells, type SourceFile, type TableContent, type TableFormat } from './table';

const optionColumns = ['right', 'strike', 'exercise', 'premiumStyle'];

export const instrumentFormat: TableFormat<Instrument> = {
  columns: [
    { name: 'id' },
    { name: 'type' },
    { name: 'underlying' },
    { name: 'right' },
    { name: 'strike' },
    { name: 'expiry' },
    { name: 'exercise' },
    { name: 'multiplier' },
    { name: 'currency' },
    { name: 'settlement' },
    { name: 'premiumStyle' },
  ],
  toRecord: toInstrument,
  unique: { column: 'id', key: (instrument) => instrument.id },
};

/**
 * Reads an instruments file (CSV or JSON). An empty `settlement` is linear, an empty `premiumStyle` of an option is
 * equity; columns that do not apply to the type must be empty.
 *
 * @throws FileRefusal
 */
export function readInstrumentFile(source: SourceFile): TableContent<Instrument> {
  return readTable(source, instrumentFormat);
}

function toInstrument(cells: RowCells): Instrument {
  const type = cells.required('type', choiceCell(['option', 'future', 'perpetual', 'underlying']));
  const base = {
    id: cells.required('id', identifierCell),
    underlying: cells.required('underlying', identifierCell),
    multiplier: cells.required('multiplier', positiveDecimalCell),
    currency: cells.required('currency', currencyCell),
    settlement: cells.optional('settlement', choiceCell(['linear', 'inverse'])) ?? 'linear',
  } as const;
  if (type === 'option') {
    return {
      ...base,
      type,
      right: cells.required('right', choiceCell(['call', 'put'])),
      strike: cells.required('strike', positiveDecimalCell),
      expiry: cells.required('expiry', instantCell),
      exercise: cells.required('exercise', choiceCell(['european', 'american'])),
      premiumStyle: cells.optional('premiumStyle', choiceCell(['equity', 'futures'])) ?? 'equity',
    };
  }
  const foreign = type === 'future' ? optionColumns : [...optionColumns, 'expiry'];
  for (const column of foreign) {
    if (cells.optional(column, String) !== undefined) cells.refuse(column, `must be empty when type is ${type}`);
  }
  return type === 'future' ? { ...base, type, expiry: cells.required('expiry', instantCell) } : { ...base, type };
}
