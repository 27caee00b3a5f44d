import type { RequirementDetail, RequirementKey } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { RequirementExplanations } from './requirement-explanations';
import { UseCaseError } from '../caller/use-case-error';

export type { EquityComponent } from '@ballast/buffer';
export type { RequirementDetail, RequirementKey } from '@ballast/persistence';

/** Reads the explanations of requirements: scenario vectors, breakdown trees, contributions. */
@Injectable()
export class ReadRequirementDetail implements BatchRead<RequirementKey, RequirementDetail> {
  constructor(private readonly explanations: RequirementExplanations) {}

  async executeMany(session: ReadSession, keys: readonly RequirementKey[]): Promise<readonly RequirementDetail[]> {
    requirePermission(session.principal, 'read-accounts');
    const found = await session.read((tx) => this.explanations.find(tx, keys));
    return keys.map(({ runId, accountId }) => {
      const detail = found.get(`${runId}.${accountId}`);
      if (detail === undefined) throw new UseCaseError('NOT_FOUND', 'no such requirement');
      return detail;
    });
  }
}
