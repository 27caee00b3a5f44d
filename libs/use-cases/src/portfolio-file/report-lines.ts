// Layout of reports a person reads: sections apart, columns aligned.

/** Joins sections by an empty line; empty ones disappear. */
export function reportSections(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** Aligns rows: the first column to the left, the others to the right. */
export function reportColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

/** A number with separated thousands and two decimals; a dash where there is none. */
export function reportNumber(value: number | null, decimals = 2): string {
  if (value === null) return '—';
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** A fraction in per cent. */
export function reportPercent(value: number, decimals = 2): string {
  return `${(100 * value).toFixed(decimals)} %`;
}
