import { RequirementStore, type StoredRequirement, type TenantTransaction } from '@ballast/persistence';
import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from './batch-read';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';

export type { StoredRequirement } from '@ballast/persistence';

/** Which requirement of an account: the latest at an instant, or the latest of all. */
export interface RequirementQuestion {
  readonly accountId: string;
  readonly asOf?: Instant | undefined;
}

/** Finds the latest requirement of accounts, of many with one statement per instant asked for. */
@Injectable()
export class ReadRequirement implements BatchRead<RequirementQuestion, StoredRequirement | null> {
  constructor(private readonly requirements: RequirementStore) {}

  async executeMany(
    session: ReadSession,
    questions: readonly RequirementQuestion[],
  ): Promise<readonly (StoredRequirement | null)[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = new Map<string, Map<string, StoredRequirement>>();
    for (const [instant, group] of groupBy(questions, ({ asOf }) => String(asOf))) {
      const accountIds = group.map(({ accountId }) => accountId);
      const asOf = group[0]?.asOf;
      const read = (tx: TenantTransaction) =>
        asOf === undefined
          ? this.requirements.findNewest(tx, accountIds)
          : this.requirements.findLatest(tx, accountIds, { asOf });
      found.set(instant, await session.read(read));
    }
    return questions.map(({ accountId, asOf }) => found.get(String(asOf))?.get(accountId) ?? null);
  }
}
