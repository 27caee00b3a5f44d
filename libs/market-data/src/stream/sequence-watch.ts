import type { Instant } from '@ballast/domain';

/** Numbers that never came, both ends included. */
export interface MissingNumbers {
  readonly from: number;
  readonly to: number;
  /** When the gap was noticed. */
  readonly since: Instant;
}

/**
 * next the number that was due · gap numbers before it are missing · filled one that was missing, late · repeated one that
 * came before · began-anew the source counts from the start again
 */
export type SequenceFinding = 'next' | 'gap' | 'filled' | 'repeated' | 'began-anew';

/** A message with a number. */
export interface WatchedMessage {
  readonly sequence: number;
  readonly at: Instant | null;
  readonly word?: string;
}

/** Gaps that are remembered one by one; of more the oldest are given up. */
const gapsMaximum = 1_000;

/** Numbers in ascending order, each of which came before with another content, that tell of a source that began anew. */
export const repetitionsMaximum = 3;
/** Latest messages without a time whose words are remembered, to know them again. */
const wordsMaximum = 10_000;

/**
 * Watches the numbers by which a source counts its messages. A number that was seen and comes with data newer than all
 * before it is no repetition: the source began anew. Where the source states no times, it is when several numbers in a row
 * say something else than the messages that had them before; what was taken by an earlier process cannot be known again
 * and counts as repeated until a new number came.
 */
export class SequenceWatch {
  private gaps: MissingNumbers[] = [];
  private newest: number;
  private readonly words = new Map<number, string>();
  /** Numbers in a row that nothing explains. */
  private unexplained = { last: Number.NaN, count: 0 };
  private hasAdvanced = false;

  /**
   * @param last    number of the last message that was taken before; null where there was none
   * @param newest  the latest instant that was stated before
   */
  constructor(
    private last: number | null,
    newest: Instant | null = null,
  ) {
    this.newest = newest ?? Number.NEGATIVE_INFINITY;
  }

  /** Number of the newest message. */
  get position(): number | null {
    return this.last;
  }

  /** Gaps that nothing filled, oldest first. */
  get missing(): readonly MissingNumbers[] {
    return this.gaps;
  }

  /**
   * @param message.at    when the source stated it; null where it does not say
   * @param message.word  what it says, where it does not say when
   * @param now           when it came
   */
  observe(message: WatchedMessage, now: Instant): SequenceFinding {
    const finding = this.find(message, now);
    if (finding === 'repeated') return finding;
    this.unexplained = { last: Number.NaN, count: 0 };
    if (finding === 'began-anew') this.words.clear();
    else if (finding !== 'filled') this.hasAdvanced = true;
    this.remember(message);
    return finding;
  }

  /** Gives up gaps that were noticed before an instant: whatever was lost then has been quoted again or is stale by itself. */
  forgetBefore(instant: Instant): void {
    this.gaps = this.gaps.filter(({ since }) => since >= instant);
  }

  private find(message: WatchedMessage, now: Instant): SequenceFinding {
    const { sequence } = message;
    const at = message.at ?? Number.NEGATIVE_INFINITY;
    const isNewest = at > this.newest;
    this.newest = Math.max(this.newest, at);
    const { last } = this;
    if (last === null || sequence === last + 1) {
      this.last = sequence;
      return 'next';
    }
    if (sequence > last) {
      this.gaps.push({ from: last + 1, to: sequence - 1, since: now });
      if (this.gaps.length > gapsMaximum) this.gaps.shift();
      this.last = sequence;
      return 'gap';
    }
    if (this.fill(sequence)) return 'filled';
    if (!isNewest && !this.countsAnew(message)) return 'repeated';
    this.gaps.push({ from: last + 1, to: last + 1, since: now });
    this.last = sequence;
    return 'began-anew';
  }

  private countsAnew({ sequence, at, word }: WatchedMessage): boolean {
    const isKnown = at !== null || (word !== undefined && this.words.get(sequence) === word);
    const { last, count } = this.unexplained;
    if (isKnown || !this.hasAdvanced) this.unexplained = { last: Number.NaN, count: 0 };
    else this.unexplained = { last: sequence, count: sequence === last + 1 ? count + 1 : 1 };
    return this.unexplained.count >= repetitionsMaximum;
  }

  private remember({ sequence, word }: WatchedMessage): void {
    if (word === undefined) return;
    this.words.set(sequence, word);
    const [oldest] = this.words.keys();
    if (this.words.size > wordsMaximum && oldest !== undefined) this.words.delete(oldest);
  }

  private fill(sequence: number): boolean {
    const index = this.gaps.findIndex(({ from, to }) => sequence >= from && sequence <= to);
    const gap = this.gaps[index];
    if (gap === undefined) return false;
    const { from, to, since } = gap;
    const rest = [
      { from, to: sequence - 1, since },
      { from: sequence + 1, to, since },
    ].filter((part) => part.from <= part.to);
    this.gaps.splice(index, 1, ...rest);
    return true;
  }
}
