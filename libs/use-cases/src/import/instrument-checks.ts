import { canonicalJson, findExpiryOrphan, findLateExpiry, type Instrument } from '@ballast/domain';
import type { TableRow } from '@ballast/formats';
import { CalendarStore, InstrumentStore, type TenantTransaction, type Underlying } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { calendarOf } from '../lifecycle/calendar-of';
import type { ImportProblems } from './import-report';

/** Contracts of a file that the firm does not know yet, with their lines. */
export interface NewContracts {
  readonly file: string;
  readonly rows: readonly TableRow<Instrument>[];
  /** Underlyings of the firm and of the file, by identifier. */
  readonly underlyings: ReadonlyMap<string, Pick<Underlying, 'kind' | 'currency'>>;
}

/** Checks contracts before they are added: an expiry that is no session, and one contract under two names. */
@Injectable()
export class InstrumentChecks {
  constructor(
    private readonly calendars: CalendarStore,
    private readonly instruments: InstrumentStore,
  ) {}

  /** Underlyings of the firm, by identifier. */
  findUnderlyings(tx: TenantTransaction): Promise<ReadonlyMap<string, Underlying>> {
    return this.instruments.findUnderlyings(tx);
  }

  /**
   * Refuses a strike at or below 0 unless on a future, an expiry that is no session of the calendar its contract names, and
   * an option or future whose terms the firm has under another identifier: netted apart, a long and a short of the same
   * contract would both be margined. An expiry off the calendar that is only assumed is a warning, because the assumption
   * may be what is wrong; so is one after an early close, because the file may know of hours that the calendar does not.
   *
   * @returns warnings; refusals go to `problems`
   */
  async check(tx: TenantTransaction, contracts: NewContracts, problems: ImportProblems): Promise<readonly string[]> {
    refuseStrikes(contracts, problems);
    const known = await this.instruments.findByIds(
      tx,
      contracts.rows.map(({ value }) => value.id),
    );
    const rows = contracts.rows.filter(({ value }) => !known.has(value.id));
    if (rows.length === 0) return [];
    await this.refuseTwins(tx, { ...contracts, rows }, problems);
    return this.checkExpiries(tx, { ...contracts, rows }, problems);
  }

  private async checkExpiries(
    tx: TenantTransaction,
    { file, rows, underlyings }: NewContracts,
    problems: ImportProblems,
  ): Promise<readonly string[]> {
    const calendars = await this.calendars.findLatest(tx);
    const assumed = new Map<string, string[]>();
    const late = new Map<string, string[]>();
    for (const { line, value } of rows) {
      if (!('expiry' in value)) continue;
      const found = calendarOf(value, underlyings.get(value.underlying), calendars);
      if (found === undefined) continue;
      const lateness = findLateExpiry(found.calendar, value.expiry);
      if (lateness !== null) late.set(lateness, [...(late.get(lateness) ?? []), value.id]);
      const orphan = findExpiryOrphan(found.calendar, value.expiry);
      if (orphan === null) continue;
      const reason = `CAL_ORPHAN: ${orphan.reason}`;
      if (!found.isAssumed) {
        const stated = new Date(value.expiry).toISOString();
        problems.add({ file, line, column: 'expiry', value: stated, reason });
      } else assumed.set(reason, [...(assumed.get(reason) ?? []), value.id]);
    }
    const named = 'name their calendar if another one holds';
    return [
      ...[...assumed].map(([reason, ids]) => `${firstOf(ids)}: ${reason}; ${named}, else every run flags them`),
      ...[...late].map(([reason, ids]) => `${firstOf(ids)}: ${reason}; they are valued up to the stated expiry`),
    ];
  }

  private async refuseTwins(
    tx: TenantTransaction,
    { file, rows }: NewContracts,
    problems: ImportProblems,
  ): Promise<void> {
    const named = new Map<string, string>();
    const series = rows.flatMap(({ value }) => ('expiry' in value ? [value] : []));
    for (const known of await this.instruments.findSeries(tx, series)) {
      // What a corporate action made may equal a contract that was listed afterwards.
      if (known.adjustedFrom === undefined) named.set(termsOf(known), known.id);
    }
    for (const { line, value } of rows) {
      if (!('expiry' in value)) continue;
      const terms = termsOf(value);
      const twin = named.get(terms);
      if (twin === undefined) named.set(terms, value.id);
      else
        problems.add({
          file,
          line,
          column: 'id',
          value: value.id,
          reason: `the same contract as ${twin}, under another name`,
        });
    }
  }
}

function firstOf([first, ...others]: readonly string[]): string {
  return others.length === 0 ? `${first}` : `${first} and ${others.length} more`;
}

/** Prices of a future can fall below 0, and so can strikes on it; nothing else has such a strike. */
function refuseStrikes({ file, rows, underlyings }: NewContracts, problems: ImportProblems): void {
  for (const { line, value } of rows) {
    if (value.type !== 'option' || value.strike.greaterThan(0)) continue;
    const kind = underlyings.get(value.underlying)?.kind;
    if (kind === 'future') continue;
    const reason = kind === undefined ? 'must be greater than 0' : `must be greater than 0 when kind is ${kind}`;
    problems.add({ file, line, column: 'strike', value: value.strike.toFixed(), reason });
  }
}

/** Everything that makes a contract what it is: all but its name, and where its sessions are looked up. */
function termsOf(instrument: Instrument): string {
  const { id: _, calendar: __, adjustedFrom: ___, ...terms } = instrument;
  return canonicalJson(terms);
}
