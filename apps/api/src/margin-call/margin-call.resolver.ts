import type { Account as DomainAccount } from '@ballast/domain';
import { ReadCalledAccounts, ReadMarginCallEvents, ReadMarginCalls, ReadMovedDeadlines } from '@ballast/use-cases';
import { Args, Context, Info, Int, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Account } from '../account/account.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import type { ConnectionPage } from '../graphql/connection.model';
import { given } from '../graphql/given';
import { pageSizeDescription } from '../graphql/page-size';
import { costOfList, costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { MarginCallFilter } from './margin-call.input';
import { MarginCall, MarginCallConnection, MarginCallDeadlines, MarginCallEvent } from './margin-call.model';
import { toMarginCall, toMarginCallEvent } from './to-margin-call';

@Resolver(() => MarginCall)
export class MarginCallResolver {
  constructor(
    private readonly readCalls: ReadMarginCalls,
    private readonly readEvents: ReadMarginCallEvents,
    private readonly readAccounts: ReadCalledAccounts,
    private readonly readDeadlines: ReadMovedDeadlines,
  ) {}

  @Query(() => MarginCallConnection, {
    description: 'Margin calls of the accounts the caller may see, the last raised first.',
    complexity: costOfPage(50),
  })
  async marginCalls(
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('filter', { type: () => MarginCallFilter, nullable: true, description: 'Which calls; all when absent.' })
    filter?: MarginCallFilter,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<MarginCall>> {
    const page = pageArguments(first ?? 50, after);
    const wanted = given(filter);
    const found = await this.readCalls.execute(session, { ...page, filter: wanted });
    const total = isSelected(info, 'totalCount') ? await this.readCalls.count(session, wanted) : undefined;
    return toConnectionPage(found, page, toMarginCall, total);
  }

  @ResolveField(() => [MarginCallEvent], {
    description: 'Every step so far, oldest first.',
    complexity: costOfList(10),
  })
  async events(@Parent() { id }: MarginCall, @Context() { loaders }: RequestContext): Promise<MarginCallEvent[]> {
    return (await loaders.load(this.readEvents, id)).map(toMarginCallEvent);
  }

  @ResolveField(() => MarginCallDeadlines, {
    nullable: true,
    description:
      'Deadlines by the calendar as it is known now, where its changes since the call was raised would move one that is still to come; null otherwise. `dueAt` and `escalatesAt` stand: fees, status and escalation follow those.',
    complexity: 20,
  })
  deadlinesByCalendarOfNow(
    @Parent() { id }: MarginCall,
    @Context() { loaders }: RequestContext,
  ): Promise<MarginCallDeadlines | null> {
    return loaders.load(this.readDeadlines, id);
  }

  @ResolveField(() => Account, { description: 'Who owes it.' })
  account(@Parent() { accountId }: MarginCall, @Context() { loaders }: RequestContext): Promise<DomainAccount> {
    return loaders.load(this.readAccounts, accountId);
  }
}

/** Margin calls of one account. */
@Resolver(() => Account)
export class AccountMarginCallResolver {
  constructor(private readonly readCalls: ReadMarginCalls) {}

  @ResolveField(() => MarginCallConnection, {
    description: 'Demands for money on the account, the last raised first; at most one of them is open.',
    complexity: costOfPage(20),
  })
  async marginCalls(
    @Parent() { id }: DomainAccount,
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 20, description: pageSizeDescription })
    first: number | null,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<MarginCall>> {
    const page = pageArguments(first ?? 20, after);
    const filter = { accountIds: [id] };
    const found = await this.readCalls.execute(session, { ...page, filter });
    const total = isSelected(info, 'totalCount') ? await this.readCalls.count(session, filter) : undefined;
    return toConnectionPage(found, page, toMarginCall, total);
  }
}
