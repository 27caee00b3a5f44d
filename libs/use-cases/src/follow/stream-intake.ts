import { formatInstant, type Instant, instantOf } from '@ballast/domain';
import { type FileProblem, problemsKeptMaximum, type StreamLine } from '@ballast/formats';
import { compareMoments, keyOfChange, type MarketBook, type MarketChange, type Moment, repetitionsMaximum, SequenceWatch } from '@ballast/market-data'; // prettier-ignore
import { clockSkewMs } from '../market/stated-market';
import type { StreamBatch, StreamCounts } from './follow-report';

/** A line that waits for the next snapshot. */
export interface PendingChange {
  readonly change: MarketChange;
  readonly moment: Moment;
  readonly place: { readonly file: string; readonly line: number };
}

/** Told what is noticed while lines come. */
export interface IntakeListener {
  readonly onRejected: (problem: FileProblem) => void;
  readonly onGap: (reason: string) => void;
}

/**
 * Takes lines as they come and keeps the newest of each contract, underlying, forward and rate: however many come
 * between two snapshots, no more wait than there are names.
 */
export class StreamIntake {
  private pending = new Map<string, PendingChange>();
  /** Handed over and not committed yet: what comes meanwhile is compared with it. */
  private underWay = new Map<string, PendingChange>();
  private readonly totals = { lines: 0, taken: 0, coalesced: 0, repeated: 0, outOfOrder: 0, rejected: 0, heartbeats: 0, gaps: 0 }; // prettier-ignore
  private readonly kept: FileProblem[] = [];
  private files: NonNullable<StreamBatch['file']>[] = [];
  private readonly sequences: SequenceWatch;
  /** Lines whose numbers came before, the latest last: what a source says first when it counts anew. */
  private doubted: { readonly line: StreamLine; readonly now: Instant }[] = [];

  /** @param position  number of the last message that was committed before */
  constructor(
    private readonly book: MarketBook,
    position: number | null,
    private readonly listener: IntakeListener,
  ) {
    this.sequences = new SequenceWatch(position, book.latest());
  }

  get counts(): StreamCounts {
    return this.totals;
  }

  get problems(): readonly FileProblem[] {
    return this.kept;
  }

  /** Number of the newest message. */
  get position(): number | null {
    return this.sequences.position;
  }

  /** Whether something waits for a snapshot. */
  get hasWork(): boolean {
    return this.pending.size > 0 || this.files.length > 0;
  }

  /**
   * @param now  when the lines came
   * @returns whether anything is new; false when every line has a number that came before
   */
  accept({ lines, file }: StreamBatch, now: Instant): boolean {
    let isNew = lines.length === 0;
    for (const line of lines) {
      this.totals.lines += 1;
      if ('problem' in line) this.reject(line.problem);
      else if (!this.isExpected(line, now)) continue;
      else this.acceptLine(line, now);
      isNew = true;
    }
    if (file !== undefined) this.files.push(file);
    return isNew;
  }

  /** Tells that nothing was heard for so long. */
  noteSilence(seconds: number): void {
    this.noteGap(`FEED_GAP: nothing new was heard for ${seconds} s`);
  }

  /** Hands over what waits; `settle` or `restore` tell what became of it. */
  drain(): { readonly changes: readonly PendingChange[]; readonly files: readonly NonNullable<StreamBatch['file']>[] } {
    const drained = { changes: [...this.pending.values()], files: this.files };
    this.underWay = this.pending;
    this.pending = new Map();
    this.files = [];
    return drained;
  }

  /** Notes that what was handed over is committed, but for what turned out to be bad or older than what others said. */
  settle({ rejected, outOfOrder }: { readonly rejected: readonly FileProblem[]; readonly outOfOrder: number }): void {
    this.underWay = new Map();
    this.totals.taken -= rejected.length + outOfOrder;
    this.totals.outOfOrder += outOfOrder;
    for (const problem of rejected) this.reject(problem);
  }

  /** Takes back what could not be committed; what came meanwhile and is newer goes on top of it. */
  restore({ files }: ReturnType<StreamIntake['drain']>): void {
    for (const [key, change] of this.underWay) {
      const waiting = this.pending.get(key);
      if (waiting !== undefined) this.totals.coalesced += 1;
      this.pending.set(key, waiting === undefined ? change : merged(change, waiting));
    }
    this.underWay = new Map();
    this.files = [...files, ...this.files];
  }

  /**
   * What is to be said of a snapshot made now: messages are missing, so a price may be older than it looks.
   *
   * @param since  gaps noticed before are over: what was lost then was quoted again or is stale by its age
   */
  openGaps(since: Instant): readonly string[] {
    this.sequences.forgetBefore(since);
    const { missing } = this.sequences;
    const [first] = missing;
    if (first === undefined) return [];
    const count = missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
    return [`FEED_GAP: ${count} messages are missing, the first is number ${first.from}`];
  }

  private acceptLine(line: StreamLine, now: Instant): void {
    const { statement, file } = line;
    if (statement.kind === 'heartbeat') {
      this.totals.heartbeats += 1;
      return;
    }
    const at = line.at ?? now;
    if (at > now + clockSkewMs) {
      const reason = `Q_FUTURE: later than now, it is ${formatInstant(now)}`;
      return this.reject({ file, line: line.line, column: 'timestamp', value: formatInstant(at), reason });
    }
    const moment = { at: instantOf(at), sequence: line.sequence };
    this.keep({ change: statement, moment, place: { file, line: line.line } });
  }

  private reject(problem: FileProblem): void {
    this.totals.rejected += 1;
    if (this.kept.length < problemsKeptMaximum) this.kept.push(problem);
    this.listener.onRejected(problem);
  }

  private keep(next: PendingChange): void {
    const key = keyOfChange(next.change);
    const waiting = this.pending.get(key);
    const stated = waiting ?? this.underWay.get(key);
    // A snapshot of others may have brought something newer than what waits.
    const order = Math.min(...[stated?.moment, this.book.momentOf(next.change)].map((known) => known === undefined ? 1 : compareMoments(next.moment, known))); // prettier-ignore
    if (order < 0) {
      this.totals.outOfOrder += 1;
      return;
    }
    // Of one instant and without a number the last word counts, unless it is the same word.
    const isSame = stated === undefined ? this.book.says(next.change) : saySame(stated.change, next.change);
    if (order === 0 && isSame) {
      this.totals.repeated += 1;
      return;
    }
    this.totals.taken += 1;
    if (waiting !== undefined) this.totals.coalesced += 1;
    this.pending.set(key, waiting === undefined ? next : merged(waiting, next));
  }

  private isExpected(line: StreamLine, now: Instant): boolean {
    const { sequence, at } = line;
    if (sequence === null) return true;
    const before = this.sequences.position;
    const word = at === null ? { word: JSON.stringify(line.statement) } : {};
    const finding = this.sequences.observe({ sequence, at, ...word }, now);
    if (finding === 'repeated') {
      this.totals.repeated += 1;
      this.doubted = [...this.doubted.slice(2 - repetitionsMaximum), { line, now }];
      return false;
    }
    if (finding === 'gap') this.noteGap(`FEED_GAP: messages ${(before ?? 0) + 1} to ${sequence - 1} are missing`);
    if (finding === 'began-anew') this.beginAnew(line, before);
    this.doubted = [];
    return true;
  }

  /** Takes also what was held to be repeated until the source was found to count anew. */
  private beginAnew({ sequence, at }: StreamLine, before: number | null): void {
    const first = at === null ? this.doubted : [];
    this.noteGap(`FEED_GAP: the source began to count anew at ${first[0]?.line.sequence ?? sequence} after ${before}`);
    this.totals.repeated -= first.length;
    for (const { line, now } of first) this.acceptLine(line, now);
  }

  private noteGap(reason: string): void {
    this.totals.gaps += 1;
    this.listener.onGap(reason);
  }
}

/** Two statements of one name as one; of equal moments the later word counts. */
function merged(before: PendingChange, after: PendingChange): PendingChange {
  const [older, newer] = compareMoments(after.moment, before.moment) < 0 ? [after, before] : [before, after];
  return { ...newer, change: onTopOf(older.change, newer.change) };
}

/** What the newer of two statements leaves out was said by the older one. */
function onTopOf(older: MarketChange, newer: MarketChange): MarketChange {
  return { kind: newer.kind, value: { ...older.value, ...newer.value } } as MarketChange;
}

function saySame(left: MarketChange, right: MarketChange): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
