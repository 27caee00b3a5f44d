import type { Instrument } from '@ballast/domain';
import { type InstrumentFilter, InstrumentStore, type Page } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

/** Finds contracts of the caller's firm: many by identifier at once, or a page of a filtered list. */
@Injectable()
export class ReadInstruments implements BatchRead<string, Instrument | null> {
  constructor(private readonly instruments: InstrumentStore) {}

  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly (Instrument | null)[]> {
    requirePermission(session.principal, 'read-reference');
    const found = await session.read((tx) => this.instruments.findByIds(tx, ids));
    return ids.map((id) => found.get(id) ?? null);
  }

  async list(
    session: ReadSession,
    query: { readonly filter: InstrumentFilter; readonly first: number; readonly after: string | undefined },
  ): Promise<Page<Instrument>> {
    requirePermission(session.principal, 'read-reference');
    return session.read((tx) => this.instruments.findPage(tx, query));
  }

  async count(session: ReadSession, filter: InstrumentFilter): Promise<number> {
    requirePermission(session.principal, 'read-reference');
    return session.read((tx) => this.instruments.count(tx, filter));
  }
}
