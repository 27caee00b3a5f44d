import { formatInstant } from '@ballast/domain';
import type { AppliedLifecycleEvent, CalendarReport, ExpiryReport, LifecycleFileReport } from '@ballast/use-cases';
import { alignColumns } from '../print';

/** A report in both forms. */
export interface LifecycleText {
  readonly json: unknown;
  readonly text: string;
  readonly warnings: readonly string[];
  /** Something remains to be done: exit code 5. */
  readonly isOpen: boolean;
}

/** What `lifecycle expire` did. */
export function expiryReport(
  { processed, unprocessed }: ExpiryReport,
  place: { readonly firm: string; readonly at: string },
): LifecycleText {
  const open = unprocessed.map(({ instrumentId, expiry, accountCount, reason }) => {
    return { instrument: instrumentId, expiry: formatInstant(expiry), accounts: accountCount, reason };
  });
  const done = processed.map((event) => ({
    ...eventJson(event),
    instrument: event.instrumentId,
    price: event.price.toFixed(),
  }));
  const lines = [
    ...done.map((row) => [row.instrument, `settled at ${row.price}`, `${row.accounts} accounts`, cashText(row.cash)]),
    ...open.map((row) => [row.instrument, 'UNPROCESSED', `${row.accounts} accounts`, row.reason]),
  ];
  const text = lines.length === 0 ? 'no expired series is held\n' : alignColumns(lines);
  return { json: { ...place, processed: done, unprocessed: open }, text, warnings: [], isOpen: open.length > 0 };
}

/** What `lifecycle apply` did. */
export function eventReport({ files, rows, events, warnings }: LifecycleFileReport, firm: string): LifecycleText {
  const done = events.map(eventJson);
  const text = alignColumns(
    done.map((row) => [
      row.event,
      row.type,
      row.isNew ? `${row.accounts} accounts` : 'applied before',
      cashText(row.cash),
    ]),
  );
  const stored = done.filter(({ isNew }) => isNew).length;
  return { json: { firm, files, rows, stored, unchanged: rows - stored, events: done }, text, warnings, isOpen: false };
}

interface CalendarRow {
  readonly instrument: string;
  readonly expiry: string;
  readonly accounts: number;
  readonly reason: string;
}

/** What `lifecycle calendar` did. */
export function calendarReport({ calendars, orphans, moved, calls }: CalendarReport, firm: string): LifecycleText {
  const [orphaned, displaced] = [orphans, moved].map((series) =>
    series.map(({ instrumentId, expiry, accountCount, reason }) => {
      return { instrument: instrumentId, expiry: formatInstant(expiry), accounts: accountCount, reason };
    }),
  ) as [CalendarRow[], CalendarRow[]];
  const found = [...orphaned, ...displaced];
  const called = calls.map(({ call, accountCode, deadlines, calendar }) => ({
    call: call.id,
    account: accountCode,
    dueAt: formatInstant(call.dueAt),
    escalatesAt: formatInstant(call.escalatesAt),
    wouldBeDueAt: formatInstant(deadlines.dueAt),
    wouldEscalateAt: formatInstant(deadlines.escalatesAt),
    reason: `due as told, though ${calendar.id} version ${calendar.version} would make it ${formatInstant(deadlines.dueAt)}, escalated ${formatInstant(deadlines.escalatesAt)}`,
  }));
  const text = alignColumns([
    ...calendars.map(({ id, version, isNew }) => [id, `version ${version}`, isNew ? 'new' : 'unchanged', '']),
    ...found.map((row) => [row.instrument, row.expiry, `${row.accounts} accounts`, row.reason]),
    ...called.map((row) => [`call ${row.call}`, row.dueAt, row.account, row.reason]),
  ]);
  return {
    json: { firm, calendars, orphans: orphaned, moved: displaced, calls: called },
    text,
    warnings: [],
    isOpen: found.length + called.length > 0,
  };
}

function eventJson(event: AppliedLifecycleEvent) {
  return {
    event: event.id,
    type: event.type,
    effectiveAt: formatInstant(event.effectiveAt),
    isNew: event.isNew,
    accounts: event.accounts,
    positionsChanged: event.positionsChanged,
    collateralChanged: event.collateralChanged,
    cash: Object.fromEntries([...event.cash].sort().map(([currency, amount]) => [currency, amount.toFixed()])),
  };
}

function cashText(cash: Readonly<Record<string, string>>): string {
  return Object.entries(cash)
    .map(([currency, amount]) => `${amount} ${currency}`)
    .join(', ');
}
