import {
  type AccountFilter,
  type AccountOrder,
  AccountStore,
  type ListedAccount,
  type Page,
  PersistenceError,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

export interface AccountListQuery {
  readonly filter: AccountFilter;
  readonly orderBy: AccountOrder;
  readonly first: number;
  readonly after: string | undefined;
}

/** Lists the accounts the caller may see, one page at a time; several pages are read together. */
@Injectable()
export class ListAccounts implements BatchRead<AccountListQuery, Page<ListedAccount>> {
  constructor(private readonly accounts: AccountStore) {}

  /** Refuses with UseCaseError 'FORBIDDEN', and one page with PersistenceError 'VALUE_REFUSED' for a cursor of another list. */
  async executeMany(
    session: ReadSession,
    queries: readonly AccountListQuery[],
  ): Promise<readonly (Page<ListedAccount> | Error)[]> {
    requirePermission(session.principal, 'read-accounts');
    return session.read(async (tx) => {
      const pages: (Page<ListedAccount> | Error)[] = [];
      for (const query of queries)
        pages.push(
          await this.accounts.findPage(tx, query).catch((failure: unknown) => {
            // Refused before a statement was sent; what Postgres refuses ends the transaction for all.
            if (failure instanceof PersistenceError) return failure;
            throw failure;
          }),
        );
      return pages;
    });
  }

  async count(session: ReadSession, filter: AccountFilter): Promise<number> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.accounts.count(tx, filter));
  }
}
