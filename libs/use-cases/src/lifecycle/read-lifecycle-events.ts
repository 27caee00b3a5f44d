import { type AccountLifecycleEvent, LifecycleStore, type Page } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

export type { AccountLifecycleEvent, LifecycleEffect } from '@ballast/persistence';

/** Reads the life-cycle events of an account page by page, the latest first. */
@Injectable()
export class ReadLifecycleEvents {
  constructor(private readonly lifecycle: LifecycleStore) {}

  /** @throws PersistenceError 'VALUE_REFUSED' for a cursor of another list */
  async execute(
    session: ReadSession,
    question: { readonly accountId: string; readonly first: number; readonly after?: string | undefined },
  ): Promise<Page<AccountLifecycleEvent>> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.lifecycle.findPage(tx, question));
  }

  /** How many rows all pages have. */
  async count(session: ReadSession, accountId: string): Promise<number> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.lifecycle.count(tx, accountId));
  }
}
