import { type ExchangeCalendar, findExpiryOrphan, findMovedExpiry, type Instant } from '@ballast/domain';
import { type CalendarChangeRecord, readCalendarChangeFile, type SourceFile } from '@ballast/formats';
import { CalendarStore, Database, InstrumentStore, LifecycleHoldingReader } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type MovedCall, MovedCallDeadlines } from '../margin-call/moved-call-deadlines';
import { calendarOf } from './calendar-of';
import { describeSource, hashFiles, type ImportContext } from '../import/import-report';

/** A held series that a calendar does not fit. */
export interface OrphanSeries {
  readonly instrumentId: string;
  readonly expiry: Instant;
  readonly accountCount: number;
  /** Says date, calendar and version, and whether the calendar was assumed. */
  readonly reason: string;
}

/** What a change of calendars did. */
export interface CalendarReport {
  readonly calendars: readonly { readonly id: string; readonly version: number; readonly isNew: boolean }[];
  /** Held series whose expiry their calendar does not know as a session. */
  readonly orphans: readonly OrphanSeries[];
  /** Held series that the change fixes at another instant than the one their contracts state, which stays until it is restated. */
  readonly moved: readonly OrphanSeries[];
  /** Open margin calls whose deadlines the change would move; they stand as they were told to the client. */
  readonly calls: readonly MovedCall[];
}

type OpenSeries = Omit<OrphanSeries, 'reason'> & {
  readonly calendar: ExchangeCalendar;
  readonly isAssumed: boolean;
};

/** Makes new versions of exchange calendars and finds the held series and open margin calls that they concern. */
@Injectable()
export class AmendCalendar {
  constructor(
    private readonly database: Database,
    private readonly calendars: CalendarStore,
    private readonly holders: LifecycleHoldingReader,
    private readonly instruments: InstrumentStore,
    private readonly movedCalls: MovedCallDeadlines,
  ) {}

  /**
   * @param at  series that expire after this and are held at it are checked
   * @throws FileRefusal; nothing is stored then
   */
  async execute(context: ImportContext & { readonly at: Instant }, delivery: SourceFile): Promise<CalendarReport> {
    const { rows } = readCalendarChangeFile(delivery);
    const source = describeSource(hashFiles([delivery]));
    const byCalendar = new Map<string, CalendarChangeRecord[]>();
    for (const { value } of rows)
      byCalendar.set(value.calendarId, [...(byCalendar.get(value.calendarId) ?? []), value]);
    return this.database.withTenant({ firmId: context.firmId }, async (tx) => {
      const before = await this.calendars.findLatest(tx);
      const calendars: CalendarReport['calendars'][number][] = [];
      for (const [calendarId, changes] of [...byCalendar].sort(([left], [right]) => (left < right ? -1 : 1))) {
        const amendment = { calendarId, changes, source, recordedBy: context.recordedBy };
        const { calendar, changed } = await this.calendars.amend(tx, amendment);
        calendars.push({ id: calendarId, version: calendar.version, isNew: changed });
      }
      const open = await this.findOpen(tx, context.at);
      const moved = open.flatMap((series) => {
        const known = before.get(series.calendar.id);
        const reason = known === undefined ? null : findMovedExpiry(known, series.calendar, series.expiry);
        return reason === null ? [] : [told(series, reason)];
      });
      const calls = await this.movedCalls.findAll(tx, before, await this.calendars.findLatest(tx));
      return { calendars, orphans: orphansOf(open), moved, calls };
    });
  }

  /** Held series that have not expired and whose expiry is no session of their calendar's newest version. */
  async findOrphans(
    question: { readonly firmId: string; readonly at: Instant },
    scope: Parameters<CalendarStore['findLatest']>[0] = { firmId: question.firmId },
  ): Promise<readonly OrphanSeries[]> {
    return orphansOf(await this.findOpen(scope, question.at));
  }

  private async findOpen(scope: Parameters<CalendarStore['findLatest']>[0], at: Instant): Promise<OpenSeries[]> {
    const series = await this.holders.findOpen(scope, at);
    const instruments = await this.instruments.findByIds(scope, series.map(({ instrumentId }) => instrumentId)); // prettier-ignore
    const underlyings = await this.instruments.findUnderlyings(scope);
    const calendars = await this.calendars.findLatest(scope);
    return series.flatMap(({ instrumentId, expiry, accountCount }) => {
      const instrument = instruments.get(instrumentId);
      const found = instrument && calendarOf(instrument, underlyings.get(instrument.underlying), calendars);
      return found === undefined ? [] : [{ instrumentId, expiry, accountCount, ...found }];
    });
  }
}

function orphansOf(open: readonly OpenSeries[]): OrphanSeries[] {
  return open.flatMap((series) => {
    const orphan = findExpiryOrphan(series.calendar, series.expiry);
    return orphan === null ? [] : [told(series, `${orphan.code}: ${orphan.reason}`)];
  });
}

function told({ instrumentId, expiry, accountCount, isAssumed }: OpenSeries, reason: string): OrphanSeries {
  const words = isAssumed ? `${reason}; calendar assumed from the underlying` : reason;
  return { instrumentId, expiry, accountCount, reason: words };
}
