import {
  type MarginRun as StoredRun,
  ReadMarginRuns,
  ReadRequirementDetail,
  ReadRiskParameterSets,
  ReadScenarios,
  type RiskParameterSet as StoredParameterSet,
  UseCaseError,
} from '@ballast/use-cases';
import { Args, Context, ID, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { CollateralHolding } from '../collateral/collateral-holding.model';
import { toCountedHolding } from '../collateral/to-collateral-holding';
import { EquityComponent, toEquityComponent } from '../equity-component/equity-component.model';
import { costOfList } from '../graphql/query-cost';
import { ageMsAt } from '../hot-path/answer-ages';
import type { RequestContext } from '../graphql/request-context';
import { MarginRun } from '../margin-run/margin-run.model';
import { toMoney } from '../money/money.model';
import { RiskParameterSet } from '../risk-parameter-set/risk-parameter-set.model';
import { BreakdownNode, MarginRequirement, PositionContribution, ScenarioLoss } from './margin-requirement.model';
import { RequirementHold, toRequirementHold } from './requirement-hold.model';
import type { MarginRequirementParent } from './to-margin-requirement';

@Resolver(() => MarginRequirement)
export class MarginRequirementResolver {
  constructor(
    private readonly readDetail: ReadRequirementDetail,
    private readonly readScenarios: ReadScenarios,
    private readonly readRuns: ReadMarginRuns,
    private readonly readParameterSets: ReadRiskParameterSets,
  ) {}

  @ResolveField()
  ageMs(@Parent() { asOf }: MarginRequirementParent, @Context() { now }: RequestContext): number {
    return ageMsAt(asOf, now);
  }

  @ResolveField(() => RequirementHold, {
    nullable: true,
    description: 'Present when the requirement moved so far that a person had to release it; null otherwise.',
  })
  hold(@Parent() { stored }: MarginRequirementParent): RequirementHold | null {
    return stored.hold === undefined ? null : toRequirementHold(stored.hold);
  }

  @ResolveField(() => MarginRun, {
    nullable: true,
    description: 'Run that found the requirement; null when it came from none.',
  })
  run(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
  ): Promise<StoredRun | null> {
    return loaders.load(this.readRuns, stored.runId);
  }

  @ResolveField(() => RiskParameterSet, { description: 'Parameters the requirement was computed with.' })
  async parameterSet(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
  ): Promise<StoredParameterSet> {
    const set = await loaders.load(this.readParameterSets, stored.parameterSetId);
    if (set === null) throw new UseCaseError('NOT_FOUND', 'no such parameter set');
    return set;
  }

  @ResolveField(() => [ScenarioLoss], {
    description:
      'The whole scenario vector, in the order of the methodology; empty for methodologies without scenarios.',
    complexity: costOfList(16),
  })
  async scenarios(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
    @Args('underlying', {
      type: () => ID,
      nullable: true,
      description: 'Only the scenarios of this group; all when absent.',
    })
    underlying?: string,
  ): Promise<readonly ScenarioLoss[]> {
    const scenarios = await loaders.load(this.readScenarios, stored);
    return underlying == null ? scenarios : scenarios.filter(({ group }) => group === underlying);
  }

  @ResolveField(() => [BreakdownNode], {
    description:
      'Why the requirement is what it is: a tree in pre-order in which children add up to their parent exactly.',
    complexity: costOfList(20),
  })
  async breakdown(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
  ): Promise<readonly BreakdownNode[]> {
    const { breakdown } = await loaders.load(this.readDetail, keyOf(stored));
    return breakdown.map((node) => ({ ...node, amount: toMoney(node.amount) }));
  }

  @ResolveField(() => [PositionContribution], {
    description: 'Share of each position in the maintenance requirement; the Euler shares add up to it.',
    complexity: costOfList(20),
  })
  async contributions(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
  ): Promise<readonly PositionContribution[]> {
    const { contributions } = await loaders.load(this.readDetail, keyOf(stored));
    return contributions;
  }

  @ResolveField(() => [EquityComponent], {
    description: 'What equity consists of, by kind and currency; the amounts add up to it exactly.',
    complexity: costOfList(8),
  })
  async equityComponents(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
  ): Promise<readonly EquityComponent[]> {
    const { equityComponents } = await loaders.load(this.readDetail, keyOf(stored));
    return equityComponents.map(toEquityComponent);
  }

  @ResolveField(() => [CollateralHolding], {
    description: 'Pledged assets as they were counted, with haircut, currency and concentration step by step.',
    complexity: costOfList(10),
  })
  async collateral(
    @Parent() { stored }: MarginRequirementParent,
    @Context() { loaders }: RequestContext,
  ): Promise<readonly CollateralHolding[]> {
    const { collateral } = await loaders.load(this.readDetail, keyOf(stored));
    return collateral.map(toCountedHolding);
  }
}

function keyOf({ accountId, asOf, runId }: MarginRequirementParent['stored']) {
  return { accountId, asOf, runId };
}
