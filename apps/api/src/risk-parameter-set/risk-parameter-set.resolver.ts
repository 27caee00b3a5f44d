import type { Methodology as MethodologyName } from '@ballast/domain';
import { ReadRiskParameterSets, type RiskParameterSet as StoredParameterSet } from '@ballast/use-cases';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Methodology } from '../graphql/enums';
import { costOfList } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { flattenParameters } from './flatten-parameters';
import { RiskParameter, RiskParameterSet } from './risk-parameter-set.model';

@Resolver(() => RiskParameterSet)
export class RiskParameterSetResolver {
  constructor(private readonly readParameterSets: ReadRiskParameterSets) {}

  @Query(() => [RiskParameterSet], {
    description: "The firm's parameter sets in every state, newest version first within each methodology.",
    complexity: costOfList(20),
  })
  riskParameterSets(
    @Context() { session }: RequestContext,
    @Args('methodology', {
      type: () => Methodology,
      nullable: true,
      description: 'Only sets of these rules; all when absent.',
    })
    methodology?: MethodologyName,
  ): Promise<readonly StoredParameterSet[]> {
    return this.readParameterSets.list(session, methodology ?? undefined);
  }

  @ResolveField()
  contentHash(@Parent() { hash }: StoredParameterSet): string {
    return hash;
  }

  @ResolveField(() => [RiskParameter], {
    description: 'Values that differ from the published default set of the methodology, by path; empty when none does.',
    complexity: costOfList(30),
  })
  parameters(@Parent() { parameters }: StoredParameterSet): readonly RiskParameter[] {
    return flattenParameters(parameters);
  }
}
