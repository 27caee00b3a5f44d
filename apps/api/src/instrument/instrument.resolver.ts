import { formatInstant, type Instrument as DomainInstrument } from '@ballast/domain';
import { ReadInstruments, UseCaseError } from '@ballast/use-cases';
import { Args, Context, ID, Info, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { given } from '../graphql/given';
import { LocalDateScalar } from '../graphql/local-date.scalar';
import { costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { InstrumentFilter } from './instrument.input';
import { Instrument, InstrumentConnection } from './instrument.model';

@Resolver(() => Instrument)
export class InstrumentResolver {
  constructor(private readonly readInstruments: ReadInstruments) {}

  @Query(() => Instrument, {
    nullable: true,
    description: 'One contract the firm lists; NOT_FOUND when it lists none of that identifier.',
  })
  async instrument(
    @Context() { loaders }: RequestContext,
    @Args('id', { type: () => ID, description: 'Identifier of the contract, for example `BTC-16JAN26-82000-C`.' })
    id: string,
  ): Promise<DomainInstrument> {
    const instrument = await loaders.load(this.readInstruments, id);
    if (instrument === null) throw new UseCaseError('NOT_FOUND', 'no such instrument');
    return instrument;
  }

  @ResolveField(() => LocalDateScalar, {
    nullable: true,
    description: 'Calendar day of the expiry in UTC, by which chains are grouped; null without an expiry.',
  })
  expiryDate(@Parent() instrument: DomainInstrument): string | null {
    return 'expiry' in instrument ? formatInstant(instrument.expiry).slice(0, 10) : null;
  }

  @Query(() => InstrumentConnection, {
    description: 'Contracts the firm lists, by identifier.',
    complexity: costOfPage(50),
  })
  async instruments(
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('filter', {
      type: () => InstrumentFilter,
      nullable: true,
      description: 'Which contracts to list; all when absent.',
    })
    filter?: InstrumentFilter,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<DomainInstrument>> {
    const page = pageArguments(first ?? 50, after);
    const wanted = given(filter);
    const rows = await this.readInstruments.list(session, { ...page, filter: wanted });
    const total = isSelected(info, 'totalCount') ? await this.readInstruments.count(session, wanted) : undefined;
    return toConnectionPage(rows, page, (instrument) => instrument, total);
  }
}
