import type { Instrument } from '@ballast/domain';
import { compareText } from '../arrange-portfolio';
import type { DenseCommodity, DenseSpanBook, DenseSpanInput } from './dense-span-columns';
import { denseFigures, DenseSpanRows } from './dense-span-rows';
import { CommonSpanBook, type CommonSpanColumns } from './common-span-book';
import { isScannedOnly } from './span-method';
import type { SpanParameters } from './span-parameters';

/**
 * Begins the columns of a run.
 *
 * @param columns  those of all threads that work on the run; columns of its own when absent
 * @returns null where spreads or delivery charges tie contracts to each other by more than the sum of their losses
 */
export function openDenseSpanBook(
  parameters: SpanParameters,
  input: DenseSpanInput,
  columns?: CommonSpanColumns,
): DenseSpanBook | null {
  const isSeparable = isScannedOnly({
    commodities: [parameters.default, ...parameters.commodities.values()].map((one) => ({ parameters: one })),
    intercommodity: parameters.intercommodity,
  });
  if (!isSeparable) return null;
  return columns === undefined
    ? new GrowingSpanBook(parameters, input)
    : new CommonSpanBook(parameters, input, columns);
}

class GrowingSpanBook implements DenseSpanBook {
  readonly currency: string;
  losses = new Float64Array(0);
  figures = new Float64Array(0);
  commodityOf = new Int32Array(0);
  rights = new Int8Array(0);
  readonly warnings: (readonly string[])[] = [];
  readonly withoutRoom = 0;
  readonly indexes: readonly number[];
  private readonly slots: Float64Array[] = [];
  private readonly placeOf = new Map<Instrument, number>();
  private readonly commodityNumbers = new Map<string, number>();
  private readonly rows: DenseSpanRows;

  constructor(
    readonly parameters: SpanParameters,
    input: DenseSpanInput,
  ) {
    this.currency = input.baseCurrency;
    this.indexes = parameters.scenarios.map(({ index }) => index);
    this.rows = new DenseSpanRows(parameters, input);
  }

  get commodities(): readonly DenseCommodity[] {
    return this.rows.commodities;
  }

  readonly scratch = (slot: number): Float64Array => (this.slots[slot] ??= new Float64Array(this.rows.width));

  readonly place = (instruments: readonly Instrument[]): Int32Array => {
    this.reserve(instruments.length);
    return Int32Array.from(instruments, (one) => {
      const known = this.placeOf.get(one);
      if (known !== undefined) return known;
      const place = this.add(one);
      this.placeOf.set(one, place);
      return place;
    });
  };

  /** @returns the place of a contract; −1, and it is not added, when it cannot be valued or held */
  private add(instrument: Instrument): number {
    const contract = this.rows.value(instrument);
    if (contract === null) return -1;
    try {
      const place = this.warnings.length;
      this.rows.write(this, place, contract, this.commodityNumber(instrument.underlying));
      this.warnings.push(contract.warnings);
      return place;
    } catch {
      return -1;
    }
  }

  private reserve(more: number): void {
    const needed = this.warnings.length + more;
    if (needed <= this.commodityOf.length) return;
    const capacity = Math.max(needed, 2 * this.commodityOf.length);
    const grown = <Column extends Float64Array | Int32Array | Int8Array>(column: Column, larger: Column): Column => {
      larger.set(column);
      return larger;
    };
    this.losses = grown(this.losses, new Float64Array(capacity * this.rows.width));
    this.figures = grown(this.figures, new Float64Array(capacity * denseFigures.length));
    this.commodityOf = grown(this.commodityOf, new Int32Array(capacity));
    this.rights = grown(this.rights, new Int8Array(capacity));
  }

  private commodityNumber(id: string): number {
    const known = this.commodityNumbers.get(id);
    if (known !== undefined) return known;
    const number = this.commodities.length;
    this.rows.describe(id, number);
    this.commodityNumbers.set(id, number);
    return number;
  }
}

/** Orders places of commodities by identifier, as a portfolio's groups are ordered. */
export function sortCommodities(book: DenseSpanBook, places: number[]): number[] {
  if (places.length < 2) return places;
  const idOf = (place: number): string => (book.commodities[place] as DenseCommodity).id;
  return places.sort((left, right) => compareText(idOf(left), idOf(right)));
}
