import { type FirmControls, parseFirmControls } from '@ballast/buffer';
import { formatInstant, type Instant, instantOf } from '@ballast/domain';
import {
  FirmControlsStore,
  type RequirementKey,
  RequirementStore,
  type StoredRequirement,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from '../question/batch-read';
import { momentKey, type MomentQuestion } from '../question/moment-question';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

export type { StoredRequirement } from '@ballast/persistence';

/** Which requirement of an account: the latest of all, the one known at an instant, or as believed at another. `now` decides what is STALE, too. */
export interface RequirementQuestion extends MomentQuestion {
  readonly accountId: string;
  /** Key of the newest requirement, where this session has read it; null when there is none. */
  readonly newest?: RequirementKey | null | undefined;
}

/** An answer is STALE when its run is older than this many cadences. */
export const staleCadences = 2;

/**
 * Finds the requirement of accounts, of many with one statement per instant asked for.
 *
 * History that was loaded after its own time was not known then; where nothing was known at `asOf`, what was learnt later
 * about that time is the answer. A question with `knownAt` is exact in both times.
 */
@Injectable()
export class ReadRequirement implements BatchRead<RequirementQuestion, StoredRequirement | null> {
  /** Marked requirements, kept as long as those they are laid over. */
  private readonly stale = new WeakMap<
    StoredRequirement,
    { readonly cadenceMs: number; readonly marked: StoredRequirement }
  >();

  constructor(
    private readonly requirements: RequirementStore,
    private readonly controls: FirmControlsStore,
  ) {}

  readonly keyOf = (question: RequirementQuestion): string => `${question.accountId} ${momentKey(question)}`;

  async executeMany(
    session: ReadSession,
    questions: readonly RequirementQuestion[],
  ): Promise<readonly (StoredRequirement | null)[]> {
    requirePermission(session.principal, 'read-accounts');
    const [first] = questions;
    const isOneMoment = questions.every((each) => first !== undefined && isOfSameMoment(each, first));
    const momentOf = (question: RequirementQuestion) => (isOneMoment ? '' : momentKey(question));
    const found = new Map<string, Map<string, StoredRequirement>>();
    for (const [moment, group] of groupBy(questions, momentOf)) found.set(moment, await this.findGroup(session, group));
    return questions.map((question) => found.get(momentOf(question))?.get(question.accountId) ?? null);
  }

  /** Questions about one moment. */
  private async findGroup(
    session: ReadSession,
    questions: readonly RequirementQuestion[],
  ): Promise<Map<string, StoredRequirement>> {
    const [question] = questions;
    if (question === undefined) return new Map();
    const { asOf, knownAt, now } = question;
    const isPast = asOf !== undefined && asOf < now;
    const ids = questions.map(({ accountId }) => accountId);
    return session.read(async (tx) => {
      const known = knownAt ?? (isPast ? asOf : undefined);
      const found =
        asOf === undefined && known === undefined
          ? await this.findNewest(tx, questions)
          : await this.requirements.findLatest(tx, ids, { asOf, knownAt: known });
      if (isPast && knownAt === undefined) {
        const missing = ids.filter((id) => !found.has(id));
        for (const [id, learntLater] of await this.requirements.findLatest(tx, missing, { asOf }))
          found.set(id, learntLater);
      }
      const moment = instantOf(Math.min(asOf ?? now, knownAt ?? now, now));
      const { inEffect, next } = await this.controls.findAround(tx, { asOf: moment, knownAt: known });
      const controls = parseFirmControls(inEffect?.controls ?? {}, moment);
      const patienceMs = staleCadences * controls.cadenceMs;
      session.noteUntil(heldUntil(question, { moment, next, patienceMs }, [...found.values()]));
      for (const [id, requirement] of found)
        if (moment - requirement.knownAt > patienceMs) found.set(id, this.markStale(requirement, controls));
      return found;
    });
  }

  private async findNewest(
    tx: TenantTransaction,
    questions: readonly RequirementQuestion[],
  ): Promise<Map<string, StoredRequirement>> {
    const unknown = questions.filter(({ newest }) => newest === undefined).map(({ accountId }) => accountId);
    const read = unknown.length === 0 ? [] : await this.requirements.findNewestKeys(tx, unknown);
    return this.requirements.findNewest(tx, [...read, ...questions.flatMap(({ newest }) => newest ?? [])]);
  }

  /** A run that is too old says so; what is HELD or INDETERMINATE stays what it is and tells its age as a reason. */
  private markStale(requirement: StoredRequirement, { cadenceMs }: FirmControls): StoredRequirement {
    const known = this.stale.get(requirement);
    if (known?.cadenceMs === cadenceMs) return known.marked;
    const { quality, qualityReasons, knownAt } = requirement;
    const reason = `STALE: no run since ${formatInstant(knownAt)}, which is more than twice the cadence of ${cadenceMs} ms`;
    // What is shown from texts has getters and no members to copy, so the mark is laid over it.
    const marked = Object.create(requirement, {
      quality: { value: quality === 'OK' || quality === 'DEGRADED' ? 'STALE' : quality, enumerable: true },
      qualityReasons: { value: [...qualityReasons, reason], enumerable: true },
    }) as StoredRequirement;
    this.stale.set(requirement, { cadenceMs, marked });
    return marked;
  }
}

/** Until when questions of one moment have the same answers, as long as no row changes. */
function heldUntil(
  { asOf, knownAt, now }: RequirementQuestion,
  {
    moment,
    next,
    patienceMs,
  }: { readonly moment: Instant; readonly next: Instant | null; readonly patienceMs: number },
  found: readonly StoredRequirement[],
): number {
  // An instant of the future becomes one of the past, and then counts as a bound.
  const passing = [asOf, knownAt].flatMap((given) => (given !== undefined && given >= now ? [given + 1] : []));
  if (moment !== now) return Math.min(...passing, Infinity);
  const ageing = found.map((requirement) => requirement.knownAt + patienceMs + 1).filter((until) => until > now);
  return Math.min(...passing, ...ageing, next ?? Infinity);
}

function isOfSameMoment(one: RequirementQuestion, other: RequirementQuestion): boolean {
  return one.now === other.now && one.asOf === other.asOf && one.knownAt === other.knownAt;
}
