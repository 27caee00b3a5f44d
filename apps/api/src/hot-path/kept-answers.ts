import type { RecordMoment } from '@ballast/persistence';
import { type CutAnswer, joinWithAges } from './answer-ages';

/** Bounds of what is kept [bytes]. */
export interface KeptBounds {
  readonly total: number;
  /** Share of one firm, so that nobody's answers drive out those of all others. */
  readonly perFirm: number;
}

/** Whose answer it is, and to what. */
export interface AnswerName {
  readonly firmId: string;
  /** Scope, operation and variables: everything an answer depends on but the record and the time. */
  readonly key: string;
}

/** When an answer is the one the record would give. */
export interface AnswerHolds {
  /** What the record showed to every statement the answer was made of. */
  readonly moment: RecordMoment;
  /** Instant of the question [ms since 1970]. */
  readonly from: number;
  /** First instant at which time alone may change it [ms since 1970]. */
  readonly until: number;
}

interface KeptAnswer extends AnswerHolds {
  readonly answer: CutAnswer;
}

interface FirmAnswers {
  readonly answers: Map<string, KeptAnswer>;
  size: number;
}

/** Longest key that is kept. */
const keyMaximum = 1_000;
/** What an entry weighs beside its texts, and what each of its pieces does. */
const entryWeight = 300;
const pieceWeight = 100;

/**
 * Answers that were read in full at one moment of the record, for as long as a witness says that the record shows the same.
 * Answers of an earlier moment go as soon as one of a later moment comes: that moment never returns.
 */
export class KeptAnswers {
  private firms = new Map<string, FirmAnswers>();
  private size = 0;
  private newest: RecordMoment | null = null;

  constructor(private readonly bounds: KeptBounds = { total: 64_000_000, perFirm: 24_000_000 }) {}

  has({ firmId, key }: AnswerName): boolean {
    return this.firms.get(firmId)?.answers.has(key) === true;
  }

  /**
   * @param now  instant of the question [ms since 1970]
   * @param moment  what the record shows, by a statement that began after the question arrived
   * @returns the answer as `joinWithAges` gives it, or null when none is kept that holds
   */
  find({ firmId, key }: AnswerName, now: number, moment: RecordMoment): string | null {
    this.goOn(moment);
    const kept = this.firms.get(firmId)?.answers.get(key);
    if (kept === undefined || !isSame(kept.moment, moment) || now < kept.from || now >= kept.until) return null;
    return joinWithAges(kept.answer, now);
  }

  keep({ firmId, key }: AnswerName, answer: CutAnswer, holds: AnswerHolds): void {
    if (key.length > keyMaximum || !this.goOn(holds.moment)) return;
    const weight = weightOf(key, answer);
    if (weight > this.bounds.perFirm || weight > this.bounds.total) return;
    let firm = this.firms.get(firmId);
    if (firm === undefined) this.firms.set(firmId, (firm = { answers: new Map(), size: 0 }));
    this.drop(firm, key);
    while (firm.size + weight > this.bounds.perFirm) this.dropOldest(firm);
    while (this.size + weight > this.bounds.total) this.dropOldest(this.largest());
    firm.answers.set(key, { ...holds, answer });
    firm.size += weight;
    this.size += weight;
  }

  /** Bytes kept, with what entries weigh beside. */
  get weight(): number {
    return this.size;
  }

  /** Lets answers of earlier moments go. @returns whether this moment is not an earlier one itself */
  private goOn(moment: RecordMoment): boolean {
    if (this.newest !== null && isSame(this.newest, moment)) return true;
    if (this.newest !== null && !isLater(moment, this.newest)) return false;
    this.newest = moment;
    this.firms = new Map();
    this.size = 0;
    return true;
  }

  private largest(): FirmAnswers {
    return [...this.firms.values()].reduce((one, other) => (other.size > one.size ? other : one));
  }

  private dropOldest(firm: FirmAnswers): void {
    const [oldest] = firm.answers.keys();
    if (oldest !== undefined) this.drop(firm, oldest);
  }

  private drop(firm: FirmAnswers, key: string): void {
    const known = firm.answers.get(key);
    if (known === undefined) return;
    firm.answers.delete(key);
    const weight = weightOf(key, known.answer);
    firm.size -= weight;
    this.size -= weight;
  }
}

function weightOf(key: string, { size, pieces }: CutAnswer): number {
  return entryWeight + key.length + size + pieceWeight * pieces.length;
}

function isSame(one: RecordMoment, other: RecordMoment): boolean {
  return one.life === other.life && one.text === other.text;
}

/** Of two moments that differ: the number of transactions that are over only grows. */
function isLater(one: RecordMoment, other: RecordMoment): boolean {
  if (one.life !== other.life) return one.life > other.life;
  const [first, second] = [progressOf(one), progressOf(other)];
  return first.xmax !== second.xmax ? first.xmax > second.xmax : first.running <= second.running;
}

/** `xmin:xmax:running,running … start of the server`. */
function progressOf({ text }: RecordMoment): { readonly xmax: number; readonly running: number } {
  const [, xmax = '', running = ''] = (text.split(' ', 1)[0] as string).split(':');
  return { xmax: Number(xmax), running: running === '' ? 0 : running.split(',').length };
}
