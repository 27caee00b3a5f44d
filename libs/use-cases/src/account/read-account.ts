import { AccountStore, type ListedAccount } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

/** One account, named by its identifier or by its code. */
export interface AccountName {
  readonly id?: string | undefined;
  readonly code?: string | undefined;
}

/** Finds accounts of the caller's firm, many with one statement. */
@Injectable()
export class ReadAccount implements BatchRead<AccountName, ListedAccount> {
  constructor(private readonly accounts: AccountStore) {}

  readonly keyOf = ({ id, code }: AccountName): string => JSON.stringify([id, code]);

  /**
   * @throws UseCaseError 'NOT_FOUND' in the same words for an unknown account, one of another firm, and one the token does
   *         not show; 'BAD_USER_INPUT' unless exactly one name is given; 'FORBIDDEN'
   */
  async execute(session: ReadSession, name: AccountName): Promise<ListedAccount> {
    const [account] = await this.executeMany(session, [name]);
    if (account === undefined || account instanceof Error) throw account ?? notFound();
    return account;
  }

  async executeMany(session: ReadSession, names: readonly AccountName[]): Promise<readonly (ListedAccount | Error)[]> {
    requirePermission(session.principal, 'read-accounts');
    const ids = names.flatMap(({ id, code }) => (id !== undefined && code === undefined ? [id] : []));
    const codes = names.flatMap(({ id, code }) => (code !== undefined && id === undefined ? [code] : []));
    if (ids.length + codes.length === 0) return names.map(twoNames);
    const found = await session.read((tx) => this.accounts.findListed(tx, { ids, codes }));
    const byId = new Map(found.map((account) => [account.id, account]));
    const byCode = new Map(found.map((account) => [account.code, account]));
    return names.map(({ id, code }) => {
      if ((id === undefined) === (code === undefined)) return twoNames();
      return (id === undefined ? byCode.get(code as string) : byId.get(id)) ?? notFound();
    });
  }
}

function notFound(): UseCaseError {
  return new UseCaseError('NOT_FOUND', 'no such account');
}

function twoNames(): UseCaseError {
  return new UseCaseError('BAD_USER_INPUT', 'give either id or code of the account');
}
