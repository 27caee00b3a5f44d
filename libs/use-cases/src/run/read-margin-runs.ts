import { type MarginRun, MarginRunStore, type Page } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

export type { MarginRun } from '@ballast/persistence';

/** Reads margin runs: those behind requirements the caller sees, and for readers of the firm any of them. */
@Injectable()
export class ReadMarginRuns implements BatchRead<string, MarginRun | null> {
  constructor(private readonly runs: MarginRunStore) {}

  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly (MarginRun | null)[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = await session.read((tx) => this.runs.findByIds(tx, ids));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** @throws UseCaseError 'NOT_FOUND', 'FORBIDDEN' */
  async find(session: ReadSession, id: string): Promise<MarginRun> {
    requirePermission(session.principal, 'read-firm');
    const run = await session.read((tx) => this.runs.findById(tx, id));
    if (run === null) throw new UseCaseError('NOT_FOUND', 'no such margin run');
    return run;
  }

  async list(
    session: ReadSession,
    page: { readonly first: number; readonly after: string | undefined },
  ): Promise<Page<MarginRun>> {
    requirePermission(session.principal, 'read-firm');
    return session.read((tx) => this.runs.findPage(tx, page));
  }

  async count(session: ReadSession): Promise<number> {
    requirePermission(session.principal, 'read-firm');
    return session.read((tx) => this.runs.count(tx));
  }
}
