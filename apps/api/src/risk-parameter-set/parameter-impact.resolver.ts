import {
  type ParameterImpact as StoredImpact,
  ReadParameterImpact,
  type RiskParameterSet as StoredSet,
} from '@ballast/use-cases';
import { Args, Context, Info, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import {
  ParameterImpact,
  ParameterImpactRow,
  ParameterImpactRowConnection,
  ParameterImpactTotal,
} from './parameter-impact.model';
import { RiskParameterSet } from './risk-parameter-set.model';
import { toParameterImpactRow, toParameterImpactTotal } from './to-parameter-impact';

/** The impact report of a parameter set. */
@Resolver(() => RiskParameterSet)
export class ParameterSetImpactResolver {
  constructor(private readonly readImpact: ReadParameterImpact) {}

  @ResolveField(() => ParameterImpact, {
    nullable: true,
    description:
      'What the set would do to every account, computed when it was proposed; null without a report and for callers that may not read the firm.',
  })
  impact(@Parent() { id }: StoredSet, @Context() { loaders }: RequestContext): Promise<StoredImpact | null> {
    return loaders.load(this.readImpact, id);
  }
}

/** The accounts of an impact report. */
@Resolver(() => ParameterImpact)
export class ParameterImpactResolver {
  constructor(private readonly readImpact: ReadParameterImpact) {}

  @ResolveField()
  totals(@Parent() { totals }: StoredImpact): readonly ParameterImpactTotal[] {
    return totals.map(toParameterImpactTotal);
  }

  @ResolveField(() => ParameterImpactRowConnection, {
    description: 'Every account of the firm, largest move first; accounts of other methodologies do not move.',
    complexity: costOfPage(50),
  })
  async accounts(
    @Parent() { parameterSetId }: StoredImpact,
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<ParameterImpactRow>> {
    const page = pageArguments(first ?? 50, after);
    const rows = await this.readImpact.list(session, { parameterSetId, ...page });
    const total = isSelected(info, 'totalCount') ? await this.readImpact.count(session, parameterSetId) : undefined;
    return toConnectionPage(rows, page, toParameterImpactRow, total);
  }
}
