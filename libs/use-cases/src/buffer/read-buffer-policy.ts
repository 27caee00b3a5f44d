import type { Instant } from '@ballast/domain';
import { BufferPolicyStore, type StoredBufferPolicy } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { publishedLevels } from './set-buffer-policy';

/** Multiples of the maintenance requirement at which the ladder changes step. */
export type BufferPolicyView = Pick<
  StoredBufferPolicy,
  | 'liquidationMultiple'
  | 'marginCallMultiple'
  | 'watchMultiple'
  | 'callTargetMultiple'
  | 'releaseMultiple'
  | 'fxHaircuts'
> & {
  /** Null for the built-in policy. */
  readonly effectiveFrom: Instant | null;
};

/** Whose policy, at which moment. */
export interface BufferPolicyQuestion {
  readonly accountId: string;
  readonly at: Instant;
}

/** Finds the buffer policy in force: the account's own, else the firm's, else the built-in one. */
@Injectable()
export class ReadBufferPolicy implements BatchRead<BufferPolicyQuestion, BufferPolicyView> {
  constructor(private readonly policies: BufferPolicyStore) {}

  async executeMany(
    session: ReadSession,
    questions: readonly BufferPolicyQuestion[],
  ): Promise<readonly BufferPolicyView[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = new Map<string, Map<string, StoredBufferPolicy>>();
    for (const [moment, group] of groupBy(questions, ({ at }) => String(at))) {
      const accountIds = group.map(({ accountId }) => accountId);
      const at = Number(moment) as Instant;
      found.set(moment, await session.read((tx) => this.policies.findInEffect(tx, accountIds, at)));
    }
    return questions.map(
      ({ accountId, at }) => found.get(String(at))?.get(accountId) ?? { ...publishedLevels(at), effectiveFrom: null },
    );
  }
}
