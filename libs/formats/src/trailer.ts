// The last line of a file that says what the file holds.
import { type ControlTotals, parseControlTotals } from './control-totals';
import { refuseFile } from './file-refusal';

/**
 * Reads the cells of a trailer such as `#control,rows=3,quantity=498`; empty cells, with which spreadsheets fill a line,
 * are left out.
 *
 * @param sumNames  columns whose sum it may announce
 * @throws FileRefusal
 */
export function readTrailer(
  cells: readonly string[],
  sumNames: readonly string[],
  place: { readonly file: string; readonly line: number },
): ControlTotals {
  const totals = cells.slice(1).filter((cell) => cell !== '');
  try {
    return parseControlTotals(totals, sumNames);
  } catch (error) {
    return refuseFile({ ...place, value: cells.join(','), reason: (error as Error).message });
  }
}
