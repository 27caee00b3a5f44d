// Instruments: `id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle[,calendar][,delivery][,deliverable][,settlementSession]`.
import { type Deliverable, Decimal, exchangeCalendars, type Instrument } from '@ballast/domain';
import {
  type CellReader,
  CellRefusal,
  choiceCell,
  currencyCell,
  decimalCell,
  identifierCell,
  instantCell,
  nonNegativeDecimalCell,
  positiveDecimalCell,
} from './cell';
import { readTable, type RowCells, type SourceFile, type TableContent, type TableFormat } from './table';

const sessionCell = choiceCell(['am', 'pm']);
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
    { name: 'calendar', optional: true },
    { name: 'delivery', optional: true },
    { name: 'deliverable', optional: true },
    { name: 'settlementSession', optional: true },
  ],
  toRecord: toInstrument,
  unique: { column: 'id', key: (instrument) => instrument.id },
};

/**
 * Reads an instruments file (CSV or JSON). An empty `settlement` is linear, an empty `premiumStyle` of an option is
 * equity; columns that do not apply to the type must be empty. `calendar`, `delivery`, `deliverable` and `settlementSession` may be
 * left out.
 *
 * @throws FileRefusal
 */
export function readInstrumentFile(source: SourceFile): TableContent<Instrument> {
  return readTable(source, instrumentFormat);
}

/** `50 NEW; 1000`: components as quantity and instrument, then the cash within the strike, if any. */
const deliverableCell: CellReader<Deliverable> = (text) => {
  let cash: Decimal | undefined;
  const components: Deliverable['components'][number][] = [];
  for (const part of text.split(';').map((piece) => piece.trim())) {
    const [amount = '', instrumentId, ...rest] = part.split(' ');
    if (rest.length > 0 || cash !== undefined) throw new CellRefusal('expected such as "50 NEW; 1000", the cash last');
    if (instrumentId === undefined) cash = nonNegativeDecimalCell(amount);
    else components.push({ instrumentId: identifierCell(instrumentId), quantity: positiveDecimalCell(amount) });
  }
  if (components.length === 0) throw new CellRefusal('names nothing that is delivered');
  return { components, cash: cash ?? new Decimal(0) };
};

function lifecycleTerms(cells: RowCells): Pick<Instrument, 'calendar' | 'delivery' | 'deliverable'> {
  const calendar = cells.optional('calendar', choiceCell([...exchangeCalendars.keys()]));
  const delivery = cells.optional('delivery', choiceCell(['cash', 'physical']));
  const deliverable = cells.optional('deliverable', deliverableCell);
  return {
    ...(calendar === undefined ? {} : { calendar }),
    ...(delivery === undefined ? {} : { delivery }),
    ...(deliverable === undefined ? {} : { deliverable }),
  };
}

function toInstrument(cells: RowCells): Instrument {
  const type = cells.required('type', choiceCell(['option', 'future', 'perpetual', 'underlying']));
  const base = {
    id: cells.required('id', identifierCell),
    underlying: cells.required('underlying', identifierCell),
    multiplier: cells.required('multiplier', positiveDecimalCell),
    currency: cells.required('currency', currencyCell),
    settlement: cells.optional('settlement', choiceCell(['linear', 'inverse'])) ?? 'linear',
    ...lifecycleTerms(cells),
  } as const;
  const isOpening = cells.optional('settlementSession', sessionCell) === 'am';
  if (isOpening && type !== 'option' && type !== 'future')
    cells.refuse('settlementSession', `am is for options and futures, not for type ${type}`);
  const session = isOpening ? ({ settlementSession: 'am' } as const) : {};
  if (type === 'option') {
    return {
      ...base,
      ...session,
      type,
      right: cells.required('right', choiceCell(['call', 'put'])),
      // Only who knows what the underlying is can tell whether a strike may lie below 0.
      strike: cells.required('strike', decimalCell),
      expiry: cells.required('expiry', instantCell),
      exercise: cells.required('exercise', choiceCell(['european', 'american'])),
      premiumStyle: cells.optional('premiumStyle', choiceCell(['equity', 'futures'])) ?? 'equity',
    };
  }
  const foreign = type === 'future' ? optionColumns : [...optionColumns, 'expiry'];
  for (const column of foreign) {
    if (cells.optional(column, String) !== undefined) cells.refuse(column, `must be empty when type is ${type}`);
  }
  return type === 'future'
    ? { ...base, ...session, type, expiry: cells.required('expiry', instantCell) }
    : { ...base, type };
}
