// Haircut tables of clearing houses: `asset,maturity_bucket,haircut_pct[,vintage]`, percentages.
import { Decimal, type HaircutRule } from '@ballast/domain';
import { type CellReader, CellRefusal, identifierCell, nameCell, nonNegativeDecimalCell } from './cell';
import type { TableFormat } from './table';

/** A row of such a table as a rule, and the vintage it belongs to. */
export interface ClearingHouseRow extends HaircutRule {
  readonly vintage?: string;
}

const hundred = new Decimal(100);

const percentCell: CellReader<Decimal> = (text) => {
  const percent = nonNegativeDecimalCell(text);
  if (percent.greaterThan(100)) throw new CellRefusal('expected a percentage 0…100');
  return percent.div(hundred);
};

/** `any`, `<1y`, `1-5y`, `>15y`: calendar years to maturity, the lower bound included, the upper one not. */
export const maturityBucketCell: CellReader<Pick<HaircutRule, 'minimumYears' | 'maximumYears'>> = (text) => {
  if (text === 'any') return {};
  const match = /^(?:<(\d{1,3}(?:\.\d+)?)|(\d{1,3}(?:\.\d+)?)-(\d{1,3}(?:\.\d+)?)|>(\d{1,3}(?:\.\d+)?))y$/.exec(text);
  if (match === null) throw new CellRefusal('expected any, <1y, 1-5y or >15y');
  const [, below, from, until, above] = match;
  if (below !== undefined) return { minimumYears: 0, maximumYears: Number(below) };
  if (above !== undefined) return { minimumYears: Number(above) };
  return { minimumYears: Number(from), maximumYears: Number(until) };
};

/**
 * An asset class, and what a note in brackets takes off after the schedule: `Canadian Govt (plus extra 3% after
 * schedule)` is `Canadian Govt` with 3 % of the value that the schedule leaves. Other notes stay part of the name.
 */
const assetCell: CellReader<{ readonly assetClass: string; readonly extra: Decimal }> = (text) => {
  const note = /^(.*\S)\s*\(plus extra (\d{1,2}(?:\.\d+)?)% after schedule\)$/.exec(text);
  if (note === null) return { assetClass: identifierCell(text), extra: new Decimal(0) };
  return { assetClass: identifierCell(note[1] ?? ''), extra: new Decimal(note[2] ?? '0').div(hundred) };
};

export const clearingHouseFormat: TableFormat<ClearingHouseRow> = {
  columns: [
    { name: 'vintage', optional: true },
    { name: 'asset' },
    { name: 'maturity_bucket' },
    { name: 'haircut_pct' },
  ],
  toRecord: (cells) => {
    const { assetClass, extra } = cells.required('asset', assetCell);
    const haircut = cells.required('haircut_pct', percentCell);
    const kept = new Decimal(1).minus(haircut).times(new Decimal(1).minus(extra));
    const vintage = cells.optional('vintage', nameCell);
    return {
      assetClass,
      ...cells.required('maturity_bucket', maturityBucketCell),
      haircut: new Decimal(1).minus(kept).toNumber(),
      ...(vintage === undefined ? {} : { vintage }),
    };
  },
};
