import { type FirmControls, parseFirmControls } from '@ballast/buffer';
import { formatInstant, instantOf } from '@ballast/domain';
import { FirmControlsStore, RequirementStore, type StoredRequirement } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from './batch-read';
import { momentKey, type MomentQuestion } from './moment-question';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';

export type { StoredRequirement } from '@ballast/persistence';

/** Which requirement of an account: the latest of all, the one known at an instant, or as believed at another. `now` decides what is STALE, too. */
export interface RequirementQuestion extends MomentQuestion {
  readonly accountId: string;
}

/** An answer is STALE when its run is older than this many cadences. */
const staleCadences = 2;

/**
 * Finds the requirement of accounts, of many with one statement per instant asked for.
 *
 * History that was loaded after its own time was not known then; where nothing was known at `asOf`, what was learnt later
 * about that time is the answer. A question with `knownAt` is exact in both times.
 */
@Injectable()
export class ReadRequirement implements BatchRead<RequirementQuestion, StoredRequirement | null> {
  constructor(
    private readonly requirements: RequirementStore,
    private readonly controls: FirmControlsStore,
  ) {}

  async executeMany(
    session: ReadSession,
    questions: readonly RequirementQuestion[],
  ): Promise<readonly (StoredRequirement | null)[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = new Map<string, Map<string, StoredRequirement>>();
    for (const [key, group] of groupBy(questions, momentKey)) found.set(key, await this.findGroup(session, group));
    return questions.map((question) => found.get(momentKey(question))?.get(question.accountId) ?? null);
  }

  /** Questions about one moment. */
  private async findGroup(
    session: ReadSession,
    questions: readonly RequirementQuestion[],
  ): Promise<Map<string, StoredRequirement>> {
    const [question] = questions;
    if (question === undefined) return new Map();
    const { asOf, knownAt, now } = question;
    const ids = questions.map(({ accountId }) => accountId);
    const isPast = asOf !== undefined && asOf < now;
    return session.read(async (tx) => {
      const known = knownAt ?? (isPast ? asOf : undefined);
      const found =
        asOf === undefined && known === undefined
          ? await this.requirements.findNewest(tx, ids)
          : await this.requirements.findLatest(tx, ids, { asOf, knownAt: known });
      if (isPast && knownAt === undefined) {
        const missing = ids.filter((id) => !found.has(id));
        for (const [id, learntLater] of await this.requirements.findLatest(tx, missing, { asOf }))
          found.set(id, learntLater);
      }
      const moment = instantOf(Math.min(asOf ?? now, knownAt ?? now, now));
      const stored = await this.controls.findInEffect(tx, { asOf: moment, knownAt: known });
      const controls = parseFirmControls(stored?.controls ?? {}, moment);
      const isStale = ({ knownAt: since }: StoredRequirement) => moment - since > staleCadences * controls.cadenceMs;
      const stale = [...found].filter(([, requirement]) => isStale(requirement)).map(([id]) => id);
      // Read again as plain rows: what is shown from texts has no members to copy.
      for (const [id, plain] of await this.requirements.findLatest(tx, stale, { asOf, knownAt: known }))
        found.set(id, markStale(plain, controls));
      return found;
    });
  }
}

/** A run that is too old says so; what is HELD or INDETERMINATE stays what it is and tells its age as a reason. */
function markStale(requirement: StoredRequirement, controls: FirmControls): StoredRequirement {
  const { quality } = requirement;
  const reason = `STALE: no run since ${formatInstant(requirement.knownAt)}, which is more than twice the cadence of ${controls.cadenceMs} ms`;
  return {
    ...requirement,
    quality: quality === 'OK' || quality === 'DEGRADED' ? 'STALE' : quality,
    qualityReasons: [...requirement.qualityReasons, reason],
  };
}
