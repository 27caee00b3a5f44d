import type { MarginOutput } from '@ballast/file-use-cases';
import { alignColumns } from '../print';

/** Writes a requirement as a person reads it: the figures, the scenario that binds, and the tree that explains it. */
export function marginReport(output: MarginOutput): string {
  const amount = (text: string | null): string => (text === null ? '—' : `${text} ${output.currency}`);
  const { worstScenario } = output;
  const figures: string[][] = [
    ['methodology', output.methodology],
    ['quality', [output.quality, ...output.qualityReasons].join('; ')],
    ['status', output.status],
    ['initial requirement', amount(output.initialRequirement)],
    ['maintenance requirement', amount(output.maintenanceRequirement)],
    ['net option value', amount(output.netOptionValue)],
    ['equity', amount(output.equity)],
    [
      'buffer',
      output.bufferRatio === null ? amount(output.buffer) : `${amount(output.buffer)} (ratio ${output.bufferRatio})`,
    ],
    ['excess', amount(output.excess)],
  ];
  if (worstScenario !== null) {
    const { index, group, label, loss } = worstScenario;
    figures.push(['worst scenario', `${index} of ${group}: ${label}, loss ${loss.toFixed(2)}`]);
  }
  const depthById = new Map<string, number>();
  const tree = output.breakdown.map(({ id, parentId, label, amount: lineAmount, basis }) => {
    const depth = parentId === null ? 0 : (depthById.get(parentId) ?? 0) + 1;
    depthById.set(id, depth);
    return [`${'  '.repeat(depth)}${label}`, lineAmount, basis];
  });
  const greeks = output.greeks.map(({ underlying, delta, gamma, vega, theta }) => [
    underlying,
    ...[delta, gamma, vega, theta].map((value) => value.toPrecision(6)),
  ]);
  const sections = [alignColumns(figures)];
  if (tree.length > 0) sections.push(alignColumns(tree, [1]));
  if (greeks.length > 0)
    sections.push(alignColumns([['Greeks', 'delta', 'gamma', 'vega', 'theta'], ...greeks], [1, 2, 3, 4]));
  if (output.warnings.length > 0) sections.push(output.warnings.map((warning) => `warning: ${warning}\n`).join(''));
  return sections.join('\n');
}
