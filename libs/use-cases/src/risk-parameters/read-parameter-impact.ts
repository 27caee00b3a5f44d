import {
  type Page,
  type PageRequest,
  type ParameterImpact,
  type NamedImpactRow,
  ParameterImpactStore,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { isPermitted, requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

export type { NamedImpactRow, ParameterImpact, ParameterImpactTotal } from '@ballast/persistence';

/** Reads the impact reports of parameter sets; they show accounts of the whole firm. */
@Injectable()
export class ReadParameterImpact implements BatchRead<string, ParameterImpact | null> {
  constructor(private readonly impacts: ParameterImpactStore) {}

  /** Null where there is no report, or the caller may not read the firm. */
  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly (ParameterImpact | null)[]> {
    const { principal } = session;
    if (!isPermitted(principal, 'read-firm') || principal.accountIds !== undefined) return ids.map(() => null);
    const found = await session.read((tx) => this.impacts.findByIds(tx, ids));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** One page of accounts, largest move first. */
  async list(
    session: ReadSession,
    request: PageRequest & { readonly parameterSetId: string },
  ): Promise<Page<NamedImpactRow>> {
    requirePermission(session.principal, 'read-firm');
    return session.read((tx) => this.impacts.findPage(tx, request));
  }

  /** How many rows all pages have. */
  async count(session: ReadSession, parameterSetId: string): Promise<number> {
    requirePermission(session.principal, 'read-firm');
    return session.read((tx) => this.impacts.count(tx, parameterSetId));
  }
}
