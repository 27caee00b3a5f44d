import type { Instrument } from '@ballast/domain';
import type { DenseCommodity, DenseSpanBook, DenseSpanInput, SpanColumns } from './dense-span-columns';
import { denseFigures, DenseSpanRows } from './dense-span-rows';
import { createNameDirectory, type NameDirectory, openNameDirectory } from './name-directory';
import type { SpanParameters } from './span-parameters';

/** Columns in memory that the threads of a run have in common; safe to post to another thread, which then sees the same. */
export interface CommonSpanColumns extends SpanColumns {
  /** What became of each contract: one of `rowStates`. */
  readonly states: Int32Array;
  readonly contracts: NameDirectory;
  readonly commodities: NameDirectory;
}

/** How far a row is. `worded`: complete, and its contract has warnings. `left`: its accounts are computed in full. */
const rowStates = { empty: 0, claimed: 1, complete: 2, worded: 3, left: 4 } as const;

const none: readonly string[] = [];

/** How much columns can take, each ≥ 1. */
export interface CommonSpanRoom {
  readonly contracts: number;
  readonly commodities: number;
  readonly scenarios: number;
}

/** Makes columns; memory is taken as rows are written. */
export function createCommonSpanColumns(room: CommonSpanRoom): CommonSpanColumns {
  const { contracts, commodities, scenarios } = room;
  return {
    losses: new Float64Array(new SharedArrayBuffer(8 * contracts * scenarios)),
    figures: new Float64Array(new SharedArrayBuffer(8 * contracts * denseFigures.length)),
    commodityOf: new Int32Array(new SharedArrayBuffer(4 * contracts)),
    rights: new Int8Array(new SharedArrayBuffer(contracts)),
    states: new Int32Array(new SharedArrayBuffer(4 * contracts)),
    contracts: createNameDirectory(contracts),
    commodities: createNameDirectory(commodities),
  };
}

/**
 * Columns that several threads fill and read. A contract is valued by the thread that claims it first; the others go on to the
 * next, and read its row when they are through. Nobody waits: a row that is claimed and not complete by then, because its
 * thread is at it or has died, is valued again, to the same bits.
 */
export class CommonSpanBook implements DenseSpanBook {
  readonly currency: string;
  readonly losses: Float64Array;
  readonly figures: Float64Array;
  readonly commodityOf: Int32Array;
  readonly rights: Int8Array;
  readonly warnings: (readonly string[] | undefined)[] = [];
  /** As this thread met them. */
  withoutRoom = 0;
  readonly indexes: readonly number[];
  private readonly slots: Float64Array[] = [];
  private readonly rows: DenseSpanRows;
  private readonly contractNumber: (id: string) => number;
  private readonly commodityNumber: (id: string) => number;

  /** @throws RangeError when the columns were made for another number of scenarios */
  constructor(
    readonly parameters: SpanParameters,
    input: DenseSpanInput,
    private readonly columns: CommonSpanColumns,
  ) {
    this.currency = input.baseCurrency;
    this.indexes = parameters.scenarios.map(({ index }) => index);
    this.rows = new DenseSpanRows(parameters, input);
    if (columns.losses.length !== columns.states.length * this.rows.width)
      throw new RangeError(`columns for ${this.rows.width} scenarios expected`);
    this.contractNumber = openNameDirectory(columns.contracts);
    this.commodityNumber = openNameDirectory(columns.commodities);
    ({ losses: this.losses, figures: this.figures, commodityOf: this.commodityOf, rights: this.rights } = columns);
  }

  get commodities(): readonly DenseCommodity[] {
    return this.rows.commodities;
  }

  readonly scratch = (slot: number): Float64Array => (this.slots[slot] ??= new Float64Array(this.rows.width));

  readonly place = (instruments: readonly Instrument[]): Int32Array => {
    const { states } = this.columns;
    const { empty, claimed } = rowStates;
    const places = Int32Array.from(instruments, ({ id }) => this.contractNumber(id));
    for (const place of places) if (place < 0) this.withoutRoom += 1;
    instruments.forEach((instrument, index) => {
      const place = places[index] as number;
      if (place >= 0 && Atomics.compareExchange(states, place, empty, claimed) === empty) this.fill(place, instrument);
    });
    instruments.forEach((instrument, index) => {
      const place = places[index] as number;
      if (place >= 0 && !this.has(place, instrument)) places[index] = -1;
    });
    return places;
  };

  /** Whether the row of a contract may be read; completes what another thread left, and what this one needs beside it. */
  private has(place: number, instrument: Instrument): boolean {
    const { states } = this.columns;
    if (Atomics.load(states, place) === rowStates.claimed) this.fill(place, instrument);
    const state = Atomics.load(states, place);
    if (state === rowStates.left) return false;
    if (state === rowStates.worded) this.warnings[place] ??= this.rows.value(instrument)?.warnings ?? none;
    const commodity = this.commodityOf[place] as number;
    if (this.commodities[commodity] === undefined) this.rows.describe(instrument.underlying, commodity);
    return true;
  }

  private fill(place: number, instrument: Instrument): void {
    Atomics.store(this.columns.states, place, this.write(place, instrument));
  }

  private write(place: number, instrument: Instrument): number {
    const contract = this.rows.value(instrument);
    if (contract === null) return rowStates.left;
    const commodity = this.commodityNumber(instrument.underlying);
    if (commodity < 0) {
      this.withoutRoom += 1;
      return rowStates.left;
    }
    try {
      this.rows.write(this, place, contract, commodity);
    } catch {
      return rowStates.left;
    }
    if (contract.warnings.length === 0) return rowStates.complete;
    this.warnings[place] = contract.warnings;
    return rowStates.worded;
  }
}
