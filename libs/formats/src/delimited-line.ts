// Cells to one line of a CSV file.

/**
 * Writes cells as one line without its line end; a cell with a comma, quote or line end is quoted (RFC 4180).
 *
 * @example
 * formatDelimitedCells(['a,b', '', '1.5']) // '"a,b",,1.5'
 */
export function formatDelimitedCells(cells: readonly string[]): string {
  return cells.map(quoteCell).join(',');
}

/** Writes a float64 in the fewest digits that read back to the same bits; infinities as `Infinity`. */
export function formatNumber(value: number): string {
  return String(value);
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
