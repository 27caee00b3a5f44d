// Text and JSON to standard output.
import { once } from 'node:events';

/** Writes text and waits until it is taken. */
export async function printText(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}

/** Writes a value as one JSON document. */
export function printJson(value: unknown): Promise<void> {
  return printText(`${JSON.stringify(value, null, 2)}\n`);
}

/** Sets rows in columns two blanks apart; the columns named in `right` are set to the right. */
export function alignColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  const lines = rows.map((row) =>
    row
      .map((cell, index) =>
        right.includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}
