import type { ExchangeCalendar, Instant, Methodology } from '@ballast/domain';
import type { MarginCall } from './margin-call';
import { type MarginCallDeadlines, marginCallDeadlines } from './margin-call-due';
import type { MarginCallTerms } from './margin-call-terms';

/** A call as far as its deadlines go. */
export interface DatedMarginCall extends Pick<MarginCall, 'state' | 'raisedAt' | 'dueAt' | 'escalatesAt'> {
  /** When the record learnt of it: later than `raisedAt` where its figures waited for a person. */
  readonly knownAt: Instant;
}

/**
 * Finds the deadlines that an open call would have by another version of its calendar. Those it was raised with stand: they
 * were told to the client, and fees, status and escalation follow them.
 *
 * @param input.before  the version that its deadlines were counted by
 * @param input.after   the other version
 * @returns null where no deadline that is still to come moves, and for calls that await nothing
 */
export function movedDeadlines(input: {
  readonly call: DatedMarginCall;
  readonly before: ExchangeCalendar;
  readonly after: ExchangeCalendar;
  readonly terms: MarginCallTerms;
  readonly methodology: Methodology;
}): MarginCallDeadlines | null {
  const { call, before, after, terms, methodology } = input;
  const isDueAhead = ['RAISED', 'ACKNOWLEDGED', 'PARTLY_MET'].includes(call.state);
  if (!isDueAhead && call.state !== 'OVERDUE') return null;
  const countedBy = (calendar: ExchangeCalendar, raisedAt: Instant) =>
    marginCallDeadlines(calendar, terms, { raisedAt, methodology });
  const starts = [call.raisedAt, call.knownAt];
  const since = starts.find((start) => isSame(countedBy(before, start), call)) ?? call.raisedAt;
  const [was, is] = [countedBy(before, since), countedBy(after, since)];
  const moves = isDueAhead ? !isSame(was, is) : was.escalatesAt !== is.escalatesAt;
  return moves ? is : null;
}

type Deadlines = Pick<MarginCallDeadlines, 'dueAt' | 'escalatesAt'>;

function isSame(left: Deadlines, right: Deadlines): boolean {
  return left.dueAt === right.dueAt && left.escalatesAt === right.escalatesAt;
}
