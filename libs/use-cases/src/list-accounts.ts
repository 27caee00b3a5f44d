import type { Account } from '@ballast/domain';
import { type AccountFilter, type AccountOrder, AccountStore, type Page } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';

export interface AccountListQuery {
  readonly filter: AccountFilter;
  readonly orderBy: AccountOrder;
  readonly first: number;
  readonly after: string | undefined;
}

/** Lists the accounts the caller may see, one page at a time. */
@Injectable()
export class ListAccounts {
  constructor(private readonly accounts: AccountStore) {}

  /** @throws UseCaseError 'FORBIDDEN'; PersistenceError 'VALUE_REFUSED' for a cursor of another list */
  async execute(session: ReadSession, query: AccountListQuery): Promise<Page<Account>> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.accounts.findPage(tx, query));
  }

  async count(session: ReadSession, filter: AccountFilter): Promise<number> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.accounts.count(tx, filter));
  }
}
