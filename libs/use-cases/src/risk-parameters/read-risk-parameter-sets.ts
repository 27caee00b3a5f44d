import type { Methodology } from '@ballast/domain';
import { type RiskParameterSet, RiskParameterStore } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';

export type { RiskParameterSet } from '@ballast/persistence';

/** Reads the risk parameters of the caller's firm: what requirements were computed with. */
@Injectable()
export class ReadRiskParameterSets implements BatchRead<string, RiskParameterSet | null> {
  constructor(private readonly parameters: RiskParameterStore) {}

  async executeMany(session: ReadSession, ids: readonly string[]): Promise<readonly (RiskParameterSet | null)[]> {
    requirePermission(session.principal, 'read-reference');
    const found = await session.read((tx) => this.parameters.findByIds(tx, ids));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** All versions, newest first within each methodology. */
  async list(session: ReadSession, methodology: Methodology | undefined): Promise<readonly RiskParameterSet[]> {
    requirePermission(session.principal, 'read-reference');
    return session.read((tx) => this.parameters.findAll(tx, methodology));
  }
}
