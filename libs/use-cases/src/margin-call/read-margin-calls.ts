import type { Account } from '@ballast/domain';
import {
  AccountStore,
  type MarginCallFilter,
  MarginCallStore,
  type Page,
  type StoredMarginCall,
  type StoredMarginCallEvent,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

export type { MarginCallCloseReason, MarginCallEventKind, MarginCallState } from '@ballast/buffer';
export type { MarginCallFilter, StoredMarginCall, StoredMarginCallEvent } from '@ballast/persistence';

/** Reads margin calls page by page, the last raised first. */
@Injectable()
export class ReadMarginCalls {
  constructor(private readonly calls: MarginCallStore) {}

  /** @throws PersistenceError 'VALUE_REFUSED' for a cursor of another list */
  async execute(
    session: ReadSession,
    question: { readonly filter: MarginCallFilter; readonly first: number; readonly after?: string | undefined },
  ): Promise<Page<StoredMarginCall>> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.calls.findPage(tx, question));
  }

  async count(session: ReadSession, filter: MarginCallFilter): Promise<number> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.calls.count(tx, filter));
  }
}

/** Reads the steps of margin calls, each list oldest first, by the identifier of the call. */
@Injectable()
export class ReadMarginCallEvents implements BatchRead<string, readonly StoredMarginCallEvent[]> {
  constructor(private readonly calls: MarginCallStore) {}

  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly StoredMarginCallEvent[][]> {
    requirePermission(session.principal, 'read-accounts');
    const found = await session.read((tx) => this.calls.findEvents(tx, ids));
    return ids.map((id) => found.get(id) ?? []);
  }
}

/** Reads the accounts of margin calls by identifier. */
@Injectable()
export class ReadCalledAccounts implements BatchRead<string, Account> {
  constructor(private readonly accounts: AccountStore) {}

  /** @throws UseCaseError 'NOT_FOUND' for an account that is not there */
  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly Account[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = await session.read((tx) => this.accounts.findByIds(tx, ids));
    return ids.map((id) => {
      const account = found.get(id);
      if (account === undefined) throw new UseCaseError('NOT_FOUND', 'no such account');
      return account;
    });
  }
}
