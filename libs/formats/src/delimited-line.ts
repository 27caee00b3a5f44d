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

/**
 * A cell of text for people who open the file with a spreadsheet: one that would begin a formula (`= + - @`, tab, carriage
 * return) gets a `'` before it. Figures are not text and stay as they are.
 *
 * @example
 * guardedTextCell('=1+1') // "'=1+1"
 */
export function guardedTextCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quoteCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
