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

/** Gaps that are remembered one by one; of more the oldest are given up. */
const gapsMaximum = 1_000;

/**
 * Watches the numbers by which a source counts its messages. A number that was seen and comes with data newer than all
 * before it is no repetition: the source began anew.
 */
export class SequenceWatch {
  private gaps: MissingNumbers[] = [];
  private newest: number;

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
   * @param message.at   when the source stated it; null where it does not say
   * @param now          when it came
   */
  observe(message: { readonly sequence: number; readonly at: Instant | null }, now: Instant): SequenceFinding {
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
    if (!isNewest) return 'repeated';
    this.gaps.push({ from: last + 1, to: last + 1, since: now });
    this.last = sequence;
    return 'began-anew';
  }

  /** Gives up gaps that were noticed before an instant: whatever was lost then has been quoted again or is stale by itself. */
  forgetBefore(instant: Instant): void {
    this.gaps = this.gaps.filter(({ since }) => since >= instant);
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
