import { marginCallCalendar, type MarginCallDeadlines, movedDeadlines } from '@ballast/buffer';
import type { ExchangeCalendar, Instant } from '@ballast/domain';
import {
  AccountStore,
  CalendarStore,
  MarginCallStore,
  type StoredMarginCall,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { MarginCallTermsReader } from './margin-call-terms-reader';

type Calendars = ReadonlyMap<string, ExchangeCalendar>;

/** An open call whose deadlines another version of its calendar would move. */
export interface MovedCall {
  readonly call: StoredMarginCall;
  readonly accountCode: string;
  /** What the deadlines would be; those of the call stand. */
  readonly deadlines: MarginCallDeadlines;
  readonly calendar: Pick<ExchangeCalendar, 'id' | 'version'>;
}

/** Finds open calls whose deadlines follow a calendar that has changed since. */
@Injectable()
export class MovedCallDeadlines {
  constructor(
    private readonly calls: MarginCallStore,
    private readonly accounts: AccountStore,
    private readonly calendars: CalendarStore,
    private readonly terms: MarginCallTermsReader,
  ) {}

  /** Every call in which money is awaited and that a change of calendars moves, in order of the account. */
  async findAll(tx: TenantTransaction, before: Calendars, after: Calendars): Promise<readonly MovedCall[]> {
    return this.moved(tx, await this.calls.findAwaiting(tx), async () => before, after);
  }

  /** Those of the calls that the calendars of now would move from where those known when they were raised put them. */
  async findSince(tx: TenantTransaction, callIds: readonly string[]): Promise<readonly MovedCall[]> {
    const calls = [...(await this.calls.findByIds(tx, callIds)).values()];
    const knownAt = onceByTime((time) => this.calendars.findLatest(tx, time));
    return this.moved(tx, calls, (call) => knownAt(call.knownAt), await this.calendars.findLatest(tx));
  }

  private async moved(
    tx: TenantTransaction,
    calls: readonly StoredMarginCall[],
    beforeOf: (call: StoredMarginCall) => Promise<Calendars>,
    now: Calendars,
  ): Promise<readonly MovedCall[]> {
    const accounts = await this.accounts.findByIds(tx, [...new Set(calls.map(({ accountId }) => accountId))]);
    const termsAt = onceByTime((time) => this.terms.read(tx, time));
    const found: MovedCall[] = [];
    for (const call of calls) {
      const account = accounts.get(call.accountId);
      if (account === undefined) continue;
      const { code: accountCode, methodology } = account;
      const terms = await termsAt(call.raisedAt);
      const name = marginCallCalendar(terms, methodology);
      const [before, after] = [(await beforeOf(call)).get(name), now.get(name)];
      if (before === undefined || after === undefined || before.version === after.version) continue;
      const deadlines = movedDeadlines({ call, before, after, terms, methodology });
      if (deadlines !== null) found.push({ call, accountCode, deadlines, calendar: after });
    }
    return found;
  }
}

/** Calls of one run share their times. */
function onceByTime<Value>(read: (time: Instant) => Promise<Value>): (time: Instant) => Promise<Value> {
  const found = new Map<Instant, Promise<Value>>();
  return (time) => {
    const known = found.get(time) ?? read(time);
    found.set(time, known);
    return known;
  };
}

/** Reads what the calendars of now would make of the deadlines of calls; null where nothing moves. */
@Injectable()
export class ReadMovedDeadlines implements BatchRead<string, MarginCallDeadlines | null> {
  constructor(private readonly moved: MovedCallDeadlines) {}

  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly (MarginCallDeadlines | null)[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = await session.read((tx) => this.moved.findSince(tx, ids));
    const byId = new Map(found.map(({ call, deadlines }) => [call.id, deadlines]));
    return ids.map((id) => byId.get(id) ?? null);
  }
}
