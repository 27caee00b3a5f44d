// Stress outcomes and reverse stress as text a person reads.
import type { ReversePointOutput, ReverseSearchOutput, ReverseStressOutput, StressOutput } from './stress-file';
import { reportColumns, reportSections } from './report-lines';

const missing = '—';

/** Writes every scenario with its loss, what is left, and the moves that exhaust the buffer. */
export function formatStressReport(output: StressOutput): string {
  const { before, scenarios, reverse } = output;
  const rows = scenarios.map(({ name, profit, after, uncoveredLoss, state }) => [
    name,
    profit ?? missing,
    after?.equity ?? missing,
    after?.maintenanceRequirement ?? missing,
    after?.buffer ?? missing,
    uncoveredLoss ?? missing,
    after?.status ?? state,
  ]);
  const notes = scenarios.flatMap(({ name, reasons, unmoved, unmatched, normalModel }) => [
    ...reasons.map((reason) => `${name}: ${reason}`),
    ...(unmoved.length === 0 ? [] : [`${name}: says nothing about ${unmoved.join(', ')}`]),
    ...(unmatched.length === 0
      ? []
      : [`${name}: names ${unmatched.join(', ')}, which this account does not depend on`]),
    ...(normalModel.length === 0 ? [] : [`${name}: options on ${normalModel.join(', ')} by the normal model`]),
  ]);
  return reportSections([
    reportColumns([
      [`${before.methodology}, ${before.currency}`, 'profit', 'equity', 'maintenance', 'buffer', 'owed', 'status'],
      [
        'now',
        '',
        before.equity ?? missing,
        before.maintenanceRequirement ?? missing,
        before.buffer ?? missing,
        '',
        before.status,
      ],
      ...rows,
    ]),
    [
      `Largest loss: ${output.largestLoss ?? missing}`,
      `Smallest buffer: ${output.smallestBuffer ?? missing}`,
      `Library ${output.libraryVersion}`,
    ],
    notes,
    unverifiedLines(scenarios),
    ...(reverse === null ? [] : reverseSections(reverse)),
    before.qualityReasons,
  ]);
}

/** What of the scenarios nobody here could check. */
function unverifiedLines(scenarios: StressOutput['scenarios']): readonly string[] {
  const lines = scenarios.flatMap(({ name, figures }) =>
    figures
      .filter(({ verification }) => verification !== 'COMPUTED')
      .map(({ what, verification, source }) => `  ${name}: ${what}; ${verification.toLowerCase()}, ${source}`),
  );
  return lines.length === 0 ? [] : ['Figures not recomputed from reference data', ...lines];
}

function reverseSections(reverse: ReverseStressOutput): readonly (readonly string[])[] {
  const { state, factors, byUnderlying, parallel, horizonDays } = reverse;
  if (state === 'BREACHED') return [['Reverse stress: the buffer is gone already']];
  if (state === 'INDETERMINATE') return [];
  const side = (point: ReversePointOutput | null, place: number) => {
    const move = point?.moves[place];
    return move === undefined ? 'none' : `${percent(move.move)} (${move.deviations.toFixed(2)} σ)`;
  };
  return [
    [`Moves that exhaust the buffer, σ over ${horizonDays} trading day${horizonDays === 1 ? '' : 's'}`],
    reportColumns([
      ['Underlying', 'σ per year', 'from', 'down', 'up'],
      ...factors.map(({ underlying, volatility, source }, place) => [
        underlying,
        percent(volatility).slice(1),
        source.toLowerCase().replace('_', ' '),
        side(byUnderlying[place]?.down ?? null, place),
        side(byUnderlying[place]?.up ?? null, place),
      ]),
    ]),
    parallel === null
      ? []
      : [`All together: down ${side(parallel.down, 0)}, up ${side(parallel.up, 0)} of ${factors[0]?.underlying ?? ''}`],
    searchLines('Smallest move', reverse.smallest),
    searchLines('Most likely move', reverse.mostLikely),
  ];
}

function searchLines(title: string, search: ReverseSearchOutput | null): readonly string[] {
  if (search === null) return [];
  const { point, settled, evaluations } = search;
  const effort = `${evaluations} markets${settled ? '' : ', ended by the budget'}`;
  if (point === null) return [`${title}: none found (${effort})`];
  const { norm, mahalanobis, buffer, moves } = point;
  return [
    `${title}: norm ${norm.toFixed(3)}, Mahalanobis ${mahalanobis?.toFixed(3) ?? missing}, buffer there ${buffer ?? missing} (${effort})`,
    ...moves.map(
      ({ underlying, move, deviations, price }) =>
        `  ${underlying} ${percent(move)} (${deviations.toFixed(2)} σ) to ${Number(price).toFixed(4)}`,
    ),
  ];
}

function percent(value: number): string {
  return `${value < 0 ? '' : '+'}${(100 * value).toFixed(2)} %`;
}
