import { compareText } from '../arrange-portfolio';
import type { Sensitivity } from '../portfolio';
import type { SharedContracts } from '../shared-contracts';
import type { CellSensitivity, SensitivityCell } from './cell-sensitivity';
import { netSensitivities, type ProductClassSensitivities } from './net-sensitivities';
import type { SensitivitySource } from './sensitivity-source';

/** Where one amount of a source goes: a name of a bucket, its delta (slot 0) or the vega of a tenor (slot from 1). */
interface Entry {
  readonly cell: number;
  readonly slot: number;
  /** Per contract [USD]. */
  readonly amount: number;
}

interface Cell extends SensitivityCell {
  /** Days of the tenors, ascending. */
  readonly tenors: readonly number[];
}

/** Sensitivities of a portfolio laid out once, so that other quantities of the same contracts are netted quickly. */
export interface SensitivityBook {
  readonly cells: readonly Cell[];
  /** Aligned with the sources. */
  readonly entries: readonly (readonly Entry[])[];
  readonly buckets: readonly string[];
}

/**
 * Lays out the sensitivities of sources by product class, bucket and name, in canonical order.
 *
 * @param shared  net sensitivities of contracts in earlier portfolios, read and added to
 */
export function buildSensitivityBook(
  sources: readonly SensitivitySource[],
  buckets: readonly string[],
  shared?: Pick<SharedContracts, 'netSensitivities'>,
): SensitivityBook {
  const known = shared?.netSensitivities ?? new WeakMap<readonly Sensitivity[], readonly CellSensitivity[]>();
  const nets = sources.map(({ sensitivities }) => {
    const net = known.get(sensitivities) ?? flatten(netSensitivities(sensitivities, buckets));
    known.set(sensitivities, net);
    return net;
  });
  const tenorsByKey = new Map<string, { cell: SensitivityCell; tenors: Set<number> }>();
  for (const { key, cell, vegas } of nets.flat()) {
    const known = tenorsByKey.get(key) ?? { cell, tenors: new Set<number>() };
    vegas.forEach(({ days }) => known.tenors.add(days));
    tenorsByKey.set(key, known);
  }
  const keys = [...tenorsByKey.keys()].sort(compareText);
  const cells = keys.map((key) => {
    const { cell, tenors } = tenorsByKey.get(key) as { cell: SensitivityCell; tenors: Set<number> };
    return { ...cell, tenors: [...tenors].sort((first, second) => first - second) };
  });
  const placeOf = new Map(keys.map((key, place) => [key, place]));
  const entries = nets.map((own) =>
    own.flatMap(({ key, delta, vegas }) => {
      const cell = placeOf.get(key) as number;
      const { tenors } = cells[cell] as Cell;
      return [
        { cell, slot: 0, amount: delta },
        ...vegas.map(({ days, amount }) => ({ cell, slot: 1 + tenors.indexOf(days), amount })),
      ];
    }),
  );
  return { cells, entries, buckets };
}

/** Nets a book in given quantities, in the order of its sources. */
export function netBook(book: SensitivityBook, quantities: ArrayLike<number>): readonly ProductClassSensitivities[] {
  const sums = book.cells.map(({ tenors }) => new Float64Array(1 + tenors.length));
  book.entries.forEach((own, source) => {
    const quantity = quantities[source] as number;
    for (const { cell, slot, amount } of own) {
      const cellSums = sums[cell] as Float64Array;
      cellSums[slot] = (cellSums[slot] as number) + quantity * amount;
    }
  });
  const classes = [...new Set(book.cells.map(({ productClass }) => productClass))].sort(compareText);
  return classes.map((productClass) => ({
    productClass,
    buckets: book.buckets.flatMap((bucket) => {
      const names = book.cells.flatMap((cell, place) =>
        cell.productClass === productClass && cell.bucket === bucket
          ? [
              {
                qualifier: cell.qualifier,
                delta: sums[place]?.[0] as number,
                vegas: cell.tenors.map((days, tenor) => ({ days, amount: sums[place]?.[1 + tenor] as number })),
              },
            ]
          : [],
      );
      return names.length === 0 ? [] : [{ bucket, names }];
    }),
  }));
}

function flatten(classes: readonly ProductClassSensitivities[]): readonly CellSensitivity[] {
  return classes.flatMap(({ productClass, buckets }) =>
    buckets.flatMap(({ bucket, names }) =>
      names.map(({ qualifier, delta, vegas }) => ({
        key: [productClass, bucket, qualifier].join('\u0000'),
        cell: { productClass, bucket, qualifier },
        delta,
        vegas,
      })),
    ),
  );
}
