import { DomainError, instantOf, type Instant, type Methodology } from '@ballast/domain';
import { prepareHouseMethod } from '@ballast/margin';
import { RiskParameterStore, type RiskParameterSet, type TenantScope } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { MethodInEffect } from '../run/evaluate-account';

/** Name and authors of the set that stands in until a firm proposes its own: the published defaults, nothing overridden. */
export const publishedDefaults = {
  name: 'published defaults',
  proposedBy: 'ballast',
  decidedBy: 'ballast-defaults',
} as const;

/** Finds the parameters a run has to use and prepares the methodologies with them. */
@Injectable()
export class ParameterSetsInEffect {
  constructor(private readonly store: RiskParameterStore) {}

  /**
   * One entry per methodology. A firm that never set parameters gets the published defaults as its first approved set.
   * With `knownAt` the set is the one approved by then.
   * Parameters that the methodology refuses (or misses) are kept as the refusal: its accounts become INDETERMINATE.
   */
  async find(
    scope: TenantScope,
    methodologies: readonly Methodology[],
    asOf: Instant,
    knownAt?: Instant,
  ): Promise<Map<Methodology, MethodInEffect>> {
    const found = new Map<Methodology, MethodInEffect>();
    for (const methodology of [...new Set(methodologies)].sort()) {
      const known = await this.store.findInEffect(scope, { methodology, asOf, knownAt });
      const parameterSet = known ?? (await this.recordDefaults(scope, methodology));
      found.set(methodology, { parameterSet, method: prepareParameterSet(parameterSet, asOf) });
    }
    return found;
  }

  private async recordDefaults(scope: TenantScope, methodology: Methodology): Promise<RiskParameterSet> {
    const { name, proposedBy, decidedBy } = publishedDefaults;
    const effectiveFrom = instantOf(0);
    const proposal = await this.store.propose(scope, { methodology, name, effectiveFrom, parameters: {}, proposedBy });
    return this.store.decide(scope, { id: proposal.id, status: 'APPROVED', decidedBy });
  }
}

/** Prepares a methodology with a stored set; what the methodology refuses is kept as the refusal. */
export function prepareParameterSet(
  parameterSet: Pick<RiskParameterSet, 'methodology' | 'parameters'>,
  asOf: Instant,
): MethodInEffect['method'] {
  try {
    const { methodology, parameters } = parameterSet;
    return prepareHouseMethod({ methodology, parameters, asOf });
  } catch (failure) {
    if (failure instanceof DomainError) return failure;
    throw failure;
  }
}
