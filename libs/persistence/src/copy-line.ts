/**
 * Writes one row as a line of COPY's text form: cells split by tabs, `\N` for null, and the characters that mean something
 * to COPY escaped.
 *
 * @example
 * copyLine(['a\tb', null]) // 'a\\tb\t\\N\n'
 */
export function copyLine(cells: readonly (string | number | null)[]): string {
  let line = '';
  let separator = '';
  for (const cell of cells) {
    line += separator + (cell === null ? '\\N' : typeof cell === 'number' ? cell : escapeCell(cell));
    separator = '\t';
  }
  return `${line}\n`;
}

const meaningful = /[\\\t\n\r]/;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

function escapeCell(text: string): string {
  return meaningful.test(text) ? text.replaceAll(/[\\\t\n\r]/g, (character) => escapes[character] as string) : text;
}
