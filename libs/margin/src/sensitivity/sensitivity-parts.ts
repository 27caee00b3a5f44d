import type { RequirementParts } from '../requirement-parts';
import { compareText } from '../arrange-portfolio';
import type { ValuedPosition } from '../instrument-valuation';
import { netBook, type SensitivityBook } from './sensitivity-book';
import type { SensitivityParameters } from './sensitivity-parameters';
import { computeNetRisk } from './sensitivity-risk';

/**
 * Takes a SENSITIVITY requirement apart: an underlying contributes the delta and the vegas of each of its contracts; how
 * names and buckets correlate is decided anew for every combination.
 *
 * @param positions     in the order of the sources of the book; none where sensitivities were given
 * @param input.held    quantities of the sources
 * @param input.toBase  base currency per USD
 */
export function takeSensitivityApart(
  book: SensitivityBook,
  positions: readonly ValuedPosition[],
  input: { readonly held: ArrayLike<number>; readonly parameters: SensitivityParameters; readonly toBase: number },
): RequirementParts {
  const { held, parameters, toBase } = input;
  const placesOf = new Map<string, number[]>();
  positions.forEach(({ contract }, place) => {
    const { underlying } = contract.instrument;
    placesOf.set(underlying, [...(placesOf.get(underlying) ?? []), place]);
  });
  const ids = [...placesOf.keys()].sort(compareText);
  return {
    parts: ids.map((underlying) => ({
      underlying,
      figures: Float64Array.from(
        (placesOf.get(underlying) as number[]).flatMap(
          (place) => book.entries[place]?.map(({ amount }) => amount) ?? [],
        ),
      ),
    })),
    maintenanceOf: (figures) => {
      const entries = [...book.entries];
      ids.forEach((underlying, index) => {
        let next = 0;
        for (const place of placesOf.get(underlying) as number[])
          entries[place] = (book.entries[place] ?? []).map((entry) => {
            const amount = (figures[index] as Float64Array)[next] as number;
            next += 1;
            return { ...entry, amount };
          });
      });
      return computeNetRisk(netBook({ ...book, entries }, held), parameters).total * toBase;
    },
  };
}
