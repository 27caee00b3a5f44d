import type { RequirementParts } from '../requirement-parts';
import type { NettedCommodity } from './commodity-state';
import type { SpanBook } from './span-book';
import { chargeCommodities, netCommodities } from './span-figures';

/**
 * Takes a SPAN-style requirement apart: a commodity contributes its netted losses per scenario, in total and per group of
 * months scanned on its own, its net delta per month and in total, its exposure add-on and the value of its full price
 * scan. Which spreads form is decided anew for every combination.
 *
 * @param quantities  net contracts, commodity by commodity in the order of the book
 */
export function takeSpanApart(book: SpanBook, quantities: Float64Array): RequirementParts {
  const netted = netCommodities(book, quantities);
  const held = netted.filter(({ commodity }) => commodity.contracts.length > 0);
  const placeOf = new Map(held.map((own, place) => [own, place]));
  const rows = held.map(rowsOf);
  return {
    parts: held.map((own) => ({ underlying: own.commodity.id, figures: figuresOf(own) })),
    maintenanceOf: (figures) => {
      const combined = netted.map((own) => {
        const place = placeOf.get(own);
        if (place === undefined) return own;
        const given = figures[place] as Float64Array;
        return withFigures(own, given, (rows[place] as ReturnType<typeof rowsOf>)(given));
      });
      return chargeCommodities(book, combined).maintenance;
    },
  };
}

function figuresOf({ commodity, losses, apart, netByMonth, netDelta, exposure }: NettedCommodity): Float64Array {
  const rows = [...losses, ...apart.flatMap((group) => [...group])];
  return Float64Array.of(...rows, ...netByMonth.values(), netDelta, exposure, commodity.scanRangePerDelta);
}

/** Views of the rows of losses, kept for an array that is written and read many times. */
function rowsOf(own: NettedCommodity): (figures: Float64Array) => readonly Float64Array[] {
  const width = own.losses.length;
  const count = 1 + own.apart.length;
  let [known, rows]: [Float64Array | undefined, readonly Float64Array[]] = [undefined, []];
  return (figures) => {
    if (figures !== known)
      [known, rows] = [
        figures,
        Array.from({ length: count }, (_, row) => figures.subarray(row * width, (row + 1) * width)),
      ];
    return rows;
  };
}

function withFigures(
  own: NettedCommodity,
  figures: Float64Array,
  [losses, ...apart]: readonly Float64Array[],
): NettedCommodity {
  const width = own.losses.length;
  let next = width * (1 + own.apart.length);
  const netByMonth = new Map<string, number>();
  for (const month of own.netByMonth.keys()) {
    netByMonth.set(month, figures[next] as number);
    next += 1;
  }
  return {
    ...own,
    losses: losses as Float64Array,
    apart,
    netByMonth,
    netDelta: figures[next] as number,
    exposure: figures[next + 1] as number,
    commodity: { ...own.commodity, scanRangePerDelta: figures[next + 2] as number },
  };
}
