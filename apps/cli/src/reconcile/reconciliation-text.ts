// A reconciliation as text and as JSON.
import { formatInstant } from '@ballast/domain';
import type { Reconciliation, StoredBreak } from '@ballast/use-cases';
import { alignColumns } from '../print';

/** The head as plain JSON. */
export function reconciliationJson(reconciliation: Reconciliation) {
  const { runAsOf, startedAt, ...rest } = reconciliation;
  return { ...rest, runAsOf: formatInstant(runAsOf), startedAt: formatInstant(startedAt) };
}

/** A break as plain JSON: amounts are strings. */
export function breakJson(found: StoredBreak) {
  const { ours, theirs, difference, resolutions, reconciliationId: _, ...rest } = found;
  return {
    ...rest,
    ours: ours?.toFixed() ?? null,
    theirs: theirs?.toFixed() ?? null,
    difference: difference?.toFixed() ?? null,
    resolutions: resolutions.map(({ recordedAt, ...step }) => ({ ...step, recordedAt: formatInstant(recordedAt) })),
  };
}

/** What was compared, in two lines. */
export function reconciliationHead(reconciliation: Reconciliation): string {
  const { id, statementName, runId, runAsOf, accountCount, matchedCount, breakCount, openBreakCount } = reconciliation;
  const warnings = reconciliation.warnings.map((warning) => `warning: ${warning}\n`).join('');
  return (
    `reconciliation ${id}: ${statementName} against run ${runId} as of ${formatInstant(runAsOf)}\n` +
    `${accountCount} accounts, ${matchedCount} values agree, ${breakCount} breaks, ${openBreakCount} open\n${warnings}`
  );
}

/** One page of breaks as a table, the cause of each below it. */
export function breaksText(breaks: readonly StoredBreak[]): string {
  if (breaks.length === 0) return '';
  const heading = ['#', 'account', 'break', 'item', 'ours', 'theirs', 'difference', 'state'];
  const rows = breaks.map((found) => [
    String(found.ordinal),
    found.accountCode,
    found.kind,
    found.item,
    found.ours?.toFixed() ?? '-',
    found.theirs?.toFixed() ?? '-',
    found.difference?.toFixed() ?? '-',
    found.state,
  ]);
  const [head = '', ...lines] = alignColumns([heading, ...rows], [0, 4, 5, 6])
    .trimEnd()
    .split('\n');
  return `${head}\n${lines.map((line, index) => `${line}\n${causeText(breaks[index] as StoredBreak)}`).join('')}`;
}

function causeText({ cause, resolutions }: StoredBreak): string {
  const components = cause.components.map(
    ({ kind, label, ours, recomputed, change }) => `     ${kind} (${label}): ${ours} -> ${recomputed}, ${change}\n`,
  );
  const steps = resolutions.map(({ action, note, recordedBy }) => `     ${action} by ${recordedBy}: ${note}\n`);
  return `     cause: ${cause.summary}\n${components.join('')}${steps.join('')}`;
}
