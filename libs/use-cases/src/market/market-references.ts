import { findExpiryOrphan, type Instant, type Instrument, type UnderlyingKind } from '@ballast/domain';
import type { ShareSplit } from '@ballast/market-data';
import { CalendarStore, LifecycleStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { calendarOf } from '../lifecycle/calendar-of';

/** What a firm knows of exchanges and companies that prices are held against. */
@Injectable()
export class MarketReferences {
  constructor(
    private readonly calendars: CalendarStore,
    private readonly lifecycle: LifecycleStore,
  ) {}

  /**
   * Contracts that expire on a day their exchange does not trade, by the calendars known then.
   *
   * @param underlyings  kind and currency of each underlying, by which a calendar is assumed where a contract names none
   * @param knownAt      absent: now
   */
  async findOrphanExpiries(
    transaction: TenantTransaction,
    instruments: Iterable<Instrument>,
    underlyings: ReadonlyMap<string, { readonly kind: UnderlyingKind; readonly currency: string }>,
    knownAt?: Instant,
  ): Promise<ReadonlySet<string>> {
    const calendars = await this.calendars.findLatest(transaction, knownAt);
    const orphans = new Set<string>();
    const isOrphan = new Map<string, boolean>();
    for (const instrument of instruments) {
      if (!('expiry' in instrument)) continue;
      const found = calendarOf(instrument, underlyings.get(instrument.underlying), calendars);
      if (found === undefined) continue;
      const day = `${found.calendar.id} ${instrument.expiry}`;
      const known = isOrphan.get(day) ?? findExpiryOrphan(found.calendar, instrument.expiry) !== null;
      isOrphan.set(day, known);
      if (known) orphans.add(instrument.id);
    }
    return orphans;
  }

  /** Splits in force that took effect after one instant and up to another, oldest first. */
  findSplits(
    transaction: TenantTransaction,
    span: { readonly after: Instant; readonly until: Instant; readonly knownAt?: Instant },
  ): Promise<readonly ShareSplit[]> {
    return this.lifecycle.findSplits(transaction, span);
  }
}
