import type { Account } from '@ballast/domain';
import { AccountStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { requirePermission } from './principal';
import type { ReadSession } from './read-session';
import { UseCaseError } from './use-case-error';

/** One account, named by its identifier or by its code. */
export interface AccountName {
  readonly id?: string | undefined;
  readonly code?: string | undefined;
}

/** Finds one account of the caller's firm. */
@Injectable()
export class ReadAccount {
  constructor(private readonly accounts: AccountStore) {}

  /**
   * @throws UseCaseError 'NOT_FOUND' in the same words for an unknown account, one of another firm, and one the token does
   *         not show; 'BAD_USER_INPUT' unless exactly one name is given; 'FORBIDDEN'
   */
  async execute(session: ReadSession, { id, code }: AccountName): Promise<Account> {
    requirePermission(session.principal, 'read-accounts');
    if ((id === undefined) === (code === undefined))
      throw new UseCaseError('BAD_USER_INPUT', 'give either id or code of the account');
    const account = await session.read(async (tx) =>
      id !== undefined ? this.accounts.findById(tx, id) : this.accounts.findByCode(tx, code as string),
    );
    if (account === null) throw new UseCaseError('NOT_FOUND', 'no such account');
    return account;
  }
}
