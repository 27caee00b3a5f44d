import type { ScenarioLoss } from '@ballast/margin';
import { RequirementStore, type StoredRequirement } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { RequirementExplanations } from './requirement-explanations';
import { UseCaseError } from '../caller/use-case-error';

type Vector = readonly ScenarioLoss[];

/** Reads the scenario vectors of requirements that the same session has read; where none is stored, computes it again. */
@Injectable()
export class ReadScenarios implements BatchRead<StoredRequirement, Vector> {
  /** Vectors never change; they are kept as long as the requirement they belong to, which only its readers hold. */
  private readonly known = new WeakMap<StoredRequirement, Vector>();

  constructor(
    private readonly requirements: RequirementStore,
    private readonly explanations: RequirementExplanations,
  ) {}

  readonly keyOf = ({ id }: StoredRequirement): string => id;

  async executeMany(
    session: ReadSession,
    requirements: readonly StoredRequirement[],
  ): Promise<readonly (Vector | Error)[]> {
    requirePermission(session.principal, 'read-accounts');
    const missing = requirements.filter((requirement) => !this.known.has(requirement));
    if (missing.length > 0) await this.find(session, missing);
    return requirements.map(
      (requirement) => this.known.get(requirement) ?? new UseCaseError('NOT_FOUND', 'no such requirement'),
    );
  }

  private async find(session: ReadSession, requirements: readonly StoredRequirement[]): Promise<void> {
    await session.read(async (tx) => {
      const stored = await this.requirements.findScenarios(tx, requirements);
      const rest = requirements.filter(({ id }) => !stored.has(id));
      const explained = rest.length === 0 ? null : await this.explanations.find(tx, rest);
      for (const requirement of requirements) {
        const vector = stored.get(requirement.id) ?? explained?.get(requirement.id)?.scenarios;
        if (vector !== undefined) this.known.set(requirement, vector);
      }
    });
  }
}
