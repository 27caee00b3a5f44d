// The requirement of a portfolio as text a person reads: figures, why, who contributes, what to watch.
import type { BreakdownLine, MarginOutput } from './margin-output';

/**
 * Writes a margin output as plain text: headline figures, the scenario that binds, the breakdown as an indented tree,
 * contributions by position (largest first), Greeks by underlying and warnings. Amounts keep the currency's scale.
 */
export function formatMarginReport(output: MarginOutput): string {
  const sections = [headline(output)];
  if (output.quality === 'INDETERMINATE') {
    sections.push(['Cannot be valued:', ...output.qualityReasons.map((reason) => `  ${reason}`)]);
  } else {
    sections.push(
      equityLines(output),
      worstLines(output),
      breakdownLines(output.breakdown),
      contributionLines(output),
      greekLines(output),
    );
  }
  if (output.warnings.length > 0) sections.push(['Warnings', ...output.warnings.map((warning) => `  ${warning}`)]);
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const missing = '—';

function headline(output: MarginOutput): string[] {
  const { currency } = output;
  const rows: (readonly [string, string | null])[] = [
    ['Initial requirement', output.initialRequirement],
    ['Maintenance requirement', output.maintenanceRequirement],
    ['Net option value', output.netOptionValue],
    ['Equity', output.equity],
    ['Buffer (equity − maintenance)', output.buffer],
    ['Excess (equity − initial)', output.excess],
  ];
  if (output.callAmount !== null) rows.push(['Margin call', output.callAmount]);
  const ratio = output.bufferRatio === null ? '' : `, buffer ${percentOf(output.bufferRatio)} of maintenance`;
  return [
    `${output.methodology}   ${output.status}${ratio}   quality ${output.quality}`,
    ...aligned(rows.map(([label, amount]) => [label, amount === null ? missing : `${grouped(amount)} ${currency}`])),
  ];
}

/** How equity comes about, where it is more than cash alone. */
function equityLines({ equityComponents, currency, leverage, collateral }: MarginOutput): string[] {
  if (equityComponents.length < 2 && collateral.length === 0) return [];
  const rows = equityComponents.map((line) => [
    line.kind,
    `${grouped(line.amount)} ${currency}`,
    line.currency === currency
      ? ''
      : `${grouped(line.grossAmount)} ${line.currency} at ${line.fxRate}${cutOf(line.fxHaircut)}`,
  ]);
  const pledged = collateral.map((line) => [
    `  ${line.asset}`,
    `${grouped(line.netValue)} ${currency}`,
    [
      `${grouped(line.grossValue)} ${line.currency}`,
      line.haircut === 0 ? '' : `haircut ${percentOf(String(line.haircut))}`,
      line.fxHaircut === 0 ? '' : `FX haircut ${percentOf(String(line.fxHaircut))}`,
      line.limitedBy === null ? '' : `${line.limitedBy} takes ${grouped(line.concentrationExcess)}`,
    ]
      .filter((part) => part !== '')
      .join(', '),
  ]);
  const title = leverage === null ? 'Equity' : `Equity (leverage ${leverage})`;
  return [title, ...aligned([...rows, ...pledged])];
}

function cutOf(haircut: number): string {
  return haircut === 0 ? '' : ` less ${percentOf(String(haircut))}`;
}

function worstLines({ worstScenario, currency }: MarginOutput): string[] {
  if (worstScenario === null) return [];
  const { group, index, label, loss } = worstScenario;
  return [`Worst scenario: ${group} ${index}, ${label}: loss ${grouped(loss.toFixed(2))} ${currency}`];
}

function breakdownLines(breakdown: readonly BreakdownLine[]): string[] {
  if (breakdown.length === 0) return [];
  const depthOf = ({ id }: BreakdownLine) => id.split('.').length;
  const rows = breakdown.map((line) => [
    `${'  '.repeat(depthOf(line) - 1)}${line.label}`,
    grouped(line.amount),
    line.basis,
  ]);
  return ['Breakdown', ...aligned(rows)];
}

const contributionsShown = 20;

function contributionLines({ contributions }: MarginOutput): string[] {
  if (contributions.length === 0) return [];
  const sorted = [...contributions].sort((left, right) => Math.abs(right.euler) - Math.abs(left.euler));
  const rows = sorted
    .slice(0, contributionsShown)
    .map(({ instrument, euler, increment }) => [instrument, grouped(euler.toFixed(2)), grouped(increment.toFixed(2))]);
  const rest = sorted.length - rows.length;
  return [
    'Contribution by position (share that adds up, and what removing it would save)',
    ...aligned([['', 'share', 'removal'], ...rows]),
    ...(rest > 0 ? [`  … and ${rest} smaller`] : []),
  ];
}

function greekLines({ greeks }: MarginOutput): string[] {
  if (greeks.length === 0) return [];
  const rows = greeks.map(({ underlying, delta, gamma, vega, theta }) => [
    underlying,
    ...[delta, gamma, vega / 100, theta / 365].map((value) => grouped(value.toFixed(2))),
  ]);
  return [
    'Greeks by underlying (vega per volatility point, theta per day)',
    ...aligned([['', 'delta', 'gamma', 'vega', 'theta'], ...rows]),
  ];
}

/** Lays rows out in columns: the first to the left, numbers to the right, a fourth and further column of words to the left. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] ?? 0;
      const isWords = column === 0 || !/^[-—]?[\d,.—]*(?: [A-Z0-9]+)?$|^[a-z]+$/.test(cell);
      return isWords ? cell.padEnd(width) : cell.padStart(width);
    });
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

/** Puts a comma between thousands of the whole part. */
function grouped(amount: string): string {
  const [whole = '', fraction] = amount.split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

function percentOf(ratio: string): string {
  return `${(100 * Number(ratio)).toFixed(1)} %`;
}
