import { type BufferHistoryRequest, BufferHistoryStore, type BufferObservation, type Page } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { UseCaseError } from '../caller/use-case-error';

export type { BufferObservation } from '@ballast/persistence';

/** Reads how equity stood against requirement over time. */
@Injectable()
export class ReadBufferHistory {
  constructor(private readonly history: BufferHistoryStore) {}

  /** @throws UseCaseError 'BAD_USER_INPUT' when the period ends before it starts; PersistenceError for a foreign cursor */
  async execute(session: ReadSession, request: BufferHistoryRequest): Promise<Page<BufferObservation>> {
    requirePermission(session.principal, 'read-accounts');
    if (request.to < request.from) throw new UseCaseError('BAD_USER_INPUT', 'to: lies before from', 'to');
    return session.read((tx) => this.history.findPage(tx, request));
  }

  /** How many rows all pages have. */
  async count(session: ReadSession, request: BufferHistoryRequest): Promise<number> {
    requirePermission(session.principal, 'read-accounts');
    return session.read((tx) => this.history.count(tx, request));
  }
}
