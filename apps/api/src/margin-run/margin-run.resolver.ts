import {
  type MarginRun as StoredRun,
  type MarketSnapshotHeader,
  ReadMarginRuns,
  ReadMarketSnapshot,
  ReadRiskParameterSets,
  type RiskParameterSet as StoredParameterSet,
  UseCaseError,
} from '@ballast/use-cases';
import { Args, Context, ID, Info, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { costOfList, costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { MarketSnapshot } from '../market-snapshot/market-snapshot.model';
import { RiskParameterSet } from '../risk-parameter-set/risk-parameter-set.model';
import { MarginRun, MarginRunConnection } from './margin-run.model';

@Resolver(() => MarginRun)
export class MarginRunResolver {
  constructor(
    private readonly readRuns: ReadMarginRuns,
    private readonly readSnapshot: ReadMarketSnapshot,
    private readonly readParameterSets: ReadRiskParameterSets,
  ) {}

  @Query(() => MarginRun, {
    nullable: true,
    description: 'One run of the firm; NOT_FOUND when there is none of that identifier.',
  })
  marginRun(
    @Context() { session }: RequestContext,
    @Args('id', { type: () => ID, description: 'Opaque identifier of the run.' }) id: string,
  ): Promise<StoredRun> {
    return this.readRuns.find(session, id);
  }

  @Query(() => MarginRunConnection, {
    description: 'Runs of the firm, latest start first.',
    complexity: costOfPage(20),
  })
  async marginRuns(
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 20, description: pageSizeDescription })
    first: number | null,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<StoredRun>> {
    const page = pageArguments(first ?? 20, after);
    const rows = await this.readRuns.list(session, page);
    const total = isSelected(info, 'totalCount') ? await this.readRuns.count(session) : undefined;
    return toConnectionPage(rows, page, (run) => run, total);
  }

  @ResolveField()
  accountsTotal(@Parent() { accountCount }: StoredRun): number {
    return accountCount;
  }

  @ResolveField(() => MarketSnapshot, { description: 'Market data the run evaluated on.' })
  async snapshot(
    @Parent() { snapshotId }: StoredRun,
    @Context() { loaders }: RequestContext,
  ): Promise<MarketSnapshotHeader> {
    const header = await loaders.load(this.readSnapshot, snapshotId);
    if (header === null) throw new UseCaseError('NOT_FOUND', 'no such market snapshot');
    return header;
  }

  @ResolveField(() => [RiskParameterSet], {
    description: 'Parameters the run evaluated with, one set per methodology in use.',
    complexity: costOfList(3),
  })
  parameterSets(
    @Parent() { parameterSets }: StoredRun,
    @Context() { loaders }: RequestContext,
  ): Promise<readonly (StoredParameterSet | null)[]> {
    return Promise.all(parameterSets.map(({ parameterSetId }) => loaders.load(this.readParameterSets, parameterSetId)));
  }
}
