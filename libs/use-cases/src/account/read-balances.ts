import type { CashBalance } from '@ballast/domain';
import { BalanceStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from '../question/batch-read';
import { momentAsked, momentKey, type MomentQuestion } from '../question/moment-question';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

/** Whose cash, at which moment. */
export interface BalanceQuestion extends MomentQuestion {
  readonly accountId: string;
}

/**
 * Reads cash balances of accounts, of many with a constant number of statements per moment. A past moment shows what was
 * known then; of an account about whose cash nothing was known yet, what was learnt later.
 */
@Injectable()
export class ReadBalances implements BatchRead<BalanceQuestion, readonly CashBalance[]> {
  constructor(private readonly balances: BalanceStore) {}

  async executeMany(
    session: ReadSession,
    questions: readonly BalanceQuestion[],
  ): Promise<readonly (readonly CashBalance[])[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = new Map<string, Map<string, CashBalance[]>>();
    for (const [key, group] of groupBy(questions, momentKey))
      found.set(key, await session.read((tx) => this.findGroup(tx, group)));
    return questions.map((question) => found.get(momentKey(question))?.get(question.accountId) ?? []);
  }

  /** Questions about one moment. */
  private async findGroup(
    tx: TenantTransaction,
    questions: readonly BalanceQuestion[],
  ): Promise<Map<string, CashBalance[]>> {
    const [question] = questions;
    if (question === undefined) return new Map();
    const { validAt, knownAt, isLearntLater } = momentAsked(question);
    const ids = questions.map(({ accountId }) => accountId);
    const found = await this.balances.findAsOf(tx, ids, { validAt, knownAt });
    if (!isLearntLater || knownAt === undefined) return found;
    const missing = ids.filter((id) => !found.has(id));
    const known = await this.balances.findKnownBy(tx, missing, knownAt);
    const unknown = missing.filter((id) => !known.has(id));
    return new Map([...found, ...(await this.balances.findAsOf(tx, unknown, { validAt }))]);
  }
}
