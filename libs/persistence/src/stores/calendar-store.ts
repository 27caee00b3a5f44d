import {
  amendCalendar,
  type CalendarChange,
  type ExchangeCalendar,
  exchangeCalendars,
  type Instant,
} from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { PersistenceError } from '../persistence-error';
import { toTimestampOrNull } from '../row-values';
import type { TenantScope, TenantTransaction } from '../tenant';
import { knownBy } from './known-time';

interface ChangeRow {
  readonly calendar_id: string;
  readonly version: number;
  readonly date: string;
  readonly change: CalendarChange['change'];
  readonly name: string;
  readonly close: string | null;
}

/** Exchange calendars of a firm: those that come with the product and the versions the firm made of them. */
@Injectable()
export class CalendarStore {
  constructor(private readonly database: Database) {}

  /** The newest version of every calendar that was known at `knownAt` (default: now), by identifier. */
  async findLatest(scope: TenantScope, knownAt?: Instant): Promise<Map<string, ExchangeCalendar>> {
    return this.database.withTenant(scope, (tx) => findVersions(tx, knownAt));
  }

  /**
   * Makes the next version of a calendar. Changes that the newest version holds already make none.
   *
   * @returns the newest version then, and whether it is new
   * @throws PersistenceError 'NOT_FOUND' for an unknown calendar; DomainError as amendCalendar
   */
  async amend(
    scope: TenantScope,
    amendment: {
      readonly calendarId: string;
      readonly changes: readonly CalendarChange[];
      readonly source: string;
      readonly recordedBy: string;
    },
  ): Promise<{ readonly calendar: ExchangeCalendar; readonly changed: boolean }> {
    const { calendarId, changes, source, recordedBy } = amendment;
    return this.database.withTenant(scope, async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 5))', [`${tx.firmId} calendar ${calendarId}`]);
      const current = (await findVersions(tx)).get(calendarId);
      if (current === undefined) throw new PersistenceError('NOT_FOUND', `no calendar ${calendarId}`);
      const amended = amendCalendar(current, changes);
      if (saysTheSame(current, amended)) return { calendar: current, changed: false };
      for (const { date, change, name, close } of changes) {
        await tx.execute(
          `INSERT INTO calendar_changes (firm_id, calendar_id, version, date, change, name, close, source, recorded_by)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [tx.firmId, calendarId, amended.version, date, change, name, close ?? null, source, recordedBy],
        );
      }
      return { calendar: amended, changed: true };
    });
  }
}

async function findVersions(tx: TenantTransaction, knownAt?: Instant): Promise<Map<string, ExchangeCalendar>> {
  const rows = await tx.rows<ChangeRow>(
    `SELECT calendar_id, version, date::text AS date, change, name, close FROM calendar_changes
     WHERE ${knownBy('known_at', '$1')} ORDER BY calendar_id, version, date`,
    [toTimestampOrNull(knownAt)],
  );
  const found = new Map(exchangeCalendars);
  const byVersion = new Map<string, ChangeRow[]>();
  for (const row of rows) {
    const key = `${row.calendar_id} ${row.version}`;
    byVersion.set(key, [...(byVersion.get(key) ?? []), row]);
  }
  for (const group of byVersion.values()) {
    const calendar = found.get((group[0] as ChangeRow).calendar_id);
    if (calendar === undefined) continue;
    const changes = group.map(({ date, change, name, close }) => ({
      date,
      change,
      name,
      ...(close === null ? {} : { close }),
    }));
    found.set(calendar.id, amendCalendar(calendar, changes));
  }
  return found;
}

function saysTheSame(left: ExchangeCalendar, right: ExchangeCalendar): boolean {
  const text = ({ holidays, earlyCloses }: ExchangeCalendar): string =>
    JSON.stringify([[...holidays].sort(), [...earlyCloses].map(([date, { close }]) => [date, close]).sort()]);
  return text(left) === text(right);
}
