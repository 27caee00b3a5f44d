import type { CashBalance, Instant } from '@ballast/domain';
import { BalanceStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { type BatchRead, groupBy } from './batch-read';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';

/** Whose cash, at which moment. */
export interface BalanceQuestion {
  readonly accountId: string;
  readonly validAt: Instant;
}

/** Reads cash balances of accounts, of many with one statement per moment. */
@Injectable()
export class ReadBalances implements BatchRead<BalanceQuestion, readonly CashBalance[]> {
  constructor(private readonly balances: BalanceStore) {}

  async executeMany(
    session: ReadSession,
    questions: readonly BalanceQuestion[],
  ): Promise<readonly (readonly CashBalance[])[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = new Map<string, Map<string, CashBalance[]>>();
    for (const [moment, group] of groupBy(questions, ({ validAt }) => String(validAt))) {
      const accountIds = group.map(({ accountId }) => accountId);
      const validAt = Number(moment) as Instant;
      found.set(moment, await session.read((tx) => this.balances.findAsOf(tx, accountIds, { validAt })));
    }
    return questions.map(({ accountId, validAt }) => found.get(String(validAt))?.get(accountId) ?? []);
  }
}
