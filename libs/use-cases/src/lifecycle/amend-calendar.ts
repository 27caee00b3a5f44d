import { findExpiryOrphan, type Instant } from '@ballast/domain';
import { type CalendarChangeRecord, readCalendarChangeFile, type SourceFile } from '@ballast/formats';
import { CalendarStore, Database, InstrumentStore, LifecycleHoldingReader } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { calendarOf } from './calendar-of';
import { describeSource, hashFiles, type ImportContext } from '../import/import-report';

/** A held series whose expiry its calendar does not know as a session. */
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
  readonly orphans: readonly OrphanSeries[];
}

/** Makes new versions of exchange calendars and finds the held series that they leave without a session. */
@Injectable()
export class AmendCalendar {
  constructor(
    private readonly database: Database,
    private readonly calendars: CalendarStore,
    private readonly holders: LifecycleHoldingReader,
    private readonly instruments: InstrumentStore,
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
      const calendars: CalendarReport['calendars'][number][] = [];
      for (const [calendarId, changes] of [...byCalendar].sort(([left], [right]) => (left < right ? -1 : 1))) {
        const amendment = { calendarId, changes, source, recordedBy: context.recordedBy };
        const { calendar, changed } = await this.calendars.amend(tx, amendment);
        calendars.push({ id: calendarId, version: calendar.version, isNew: changed });
      }
      return { calendars, orphans: await this.findOrphans({ firmId: context.firmId, at: context.at }, tx) };
    });
  }

  /** Held series that have not expired and whose expiry is no session of their calendar's newest version. */
  async findOrphans(
    question: { readonly firmId: string; readonly at: Instant },
    scope: Parameters<CalendarStore['findLatest']>[0] = { firmId: question.firmId },
  ): Promise<readonly OrphanSeries[]> {
    const series = await this.holders.findOpen(scope, question.at);
    const instruments = await this.instruments.findByIds(scope, series.map(({ instrumentId }) => instrumentId)); // prettier-ignore
    const underlyings = await this.instruments.findUnderlyings(scope);
    const calendars = await this.calendars.findLatest(scope);
    return series.flatMap(({ instrumentId, expiry, accountCount }) => {
      const instrument = instruments.get(instrumentId);
      const found = instrument && calendarOf(instrument, underlyings.get(instrument.underlying), calendars);
      const orphan = found && findExpiryOrphan(found.calendar, expiry);
      if (orphan == null) return [];
      const reason =
        found?.isAssumed === true ? `${orphan.reason}; calendar assumed from the underlying` : orphan.reason;
      return [{ instrumentId, expiry, accountCount, reason: `${orphan.code}: ${reason}` }];
    });
  }
}
