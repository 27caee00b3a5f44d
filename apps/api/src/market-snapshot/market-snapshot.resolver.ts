import type {
  Instant,
  InstrumentQuote as DomainQuote,
  UnderlyingQuote as DomainUnderlyingQuote,
} from '@ballast/domain';
import { type MarketSnapshotHeader, ReadMarketSnapshot, UseCaseError } from '@ballast/use-cases';
import { Args, Context, Info, ID, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { pageSizeDescription } from '../graphql/page-size';
import { costOfList, costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { FxRate, InstrumentQuoteConnection, MarketSnapshot, UnderlyingQuote } from './market-snapshot.model';

@Resolver(() => MarketSnapshot)
export class MarketSnapshotResolver {
  constructor(private readonly readSnapshot: ReadMarketSnapshot) {}

  @Query(() => MarketSnapshot, {
    nullable: true,
    description:
      'One market snapshot of the firm: by its identifier, or the newest one at an instant, now when none is given; null while there is none.',
  })
  async marketSnapshot(
    @Context() { session, loaders, now }: RequestContext,
    @Args('id', { type: () => ID, nullable: true, description: 'Opaque identifier; the latest snapshot when absent.' })
    id?: string,
    @Args('asOf', {
      type: () => DateTimeScalar,
      nullable: true,
      description:
        'The newest snapshot up to this instant, as it was known then; of a time about which nothing was known yet, what was learnt later. Not together with `id`.',
    })
    asOf?: Instant,
    @Args('knownAt', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Only snapshots the record knew by this instant; `asOf` when absent. Not together with `id`.',
    })
    knownAt?: Instant,
  ): Promise<MarketSnapshotHeader | null> {
    if (id != null && (asOf != null || knownAt != null))
      throw new UseCaseError('BAD_USER_INPUT', 'id: names one snapshot; leave out asOf and knownAt', 'id');
    if (id == null)
      return this.readSnapshot.newest(session, { asOf: asOf ?? undefined, knownAt: knownAt ?? undefined, now });
    const header = await loaders.load(this.readSnapshot, id);
    if (header === null) throw new UseCaseError('NOT_FOUND', 'no such market snapshot');
    return header;
  }

  @ResolveField()
  contentHash(@Parent() { hash }: MarketSnapshotHeader): string {
    return hash;
  }

  @ResolveField(() => [UnderlyingQuote], {
    description: 'State of every underlying, by identifier.',
    complexity: costOfList(10),
  })
  async underlyings(
    @Parent() { id }: MarketSnapshotHeader,
    @Context() { session }: RequestContext,
  ): Promise<readonly DomainUnderlyingQuote[]> {
    const { underlyings } = await this.readSnapshot.states(session, id);
    return [...underlyings.values()];
  }

  @ResolveField(() => [FxRate], {
    description: 'Exchange rates used to convert between currencies.',
    complexity: costOfList(5),
  })
  async fx(@Parent() { id }: MarketSnapshotHeader, @Context() { session }: RequestContext): Promise<readonly FxRate[]> {
    const { fx } = await this.readSnapshot.states(session, id);
    return fx;
  }

  @ResolveField(() => InstrumentQuoteConnection, {
    description: 'Quotes of contracts, by instrument identifier; a page may hold fewer rows than asked for.',
    complexity: costOfPage(50),
  })
  async quotes(
    @Parent() { id, instrumentCount }: MarketSnapshotHeader,
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('underlying', {
      type: () => ID,
      nullable: true,
      description: 'Only contracts on this underlying; all when absent.',
    })
    underlying?: string,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<DomainQuote>> {
    const page = pageArguments(first ?? 50, after);
    const question = { snapshotId: id, underlying: underlying ?? undefined, ...page };
    const rows = await this.readSnapshot.quotes(session, question);
    if (!isSelected(info, 'totalCount')) return toConnectionPage(rows, page, (quote) => quote);
    const total =
      underlying == null
        ? instrumentCount
        : await this.readSnapshot.countQuotes(session, { snapshotId: id, underlying });
    return toConnectionPage(rows, page, (quote) => quote, total);
  }
}
