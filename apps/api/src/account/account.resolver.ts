import { ListAccounts, ReadAccount } from '@ballast/use-cases';
import { Args, Context, ID, Info, Int, Query, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, keepConnectionPage, pageArguments } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { given } from '../graphql/given';
import { costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { AccountFilter, AccountOrder } from './account.input';
import { Account, AccountConnection } from './account.model';

@Resolver(() => Account)
export class AccountResolver {
  constructor(
    private readonly readAccount: ReadAccount,
    private readonly listAccounts: ListAccounts,
  ) {}

  @Query(() => Account, {
    nullable: true,
    description:
      'One account of the firm, by identifier or by code; NOT_FOUND when the caller may not see it or it does not exist.',
  })
  account(
    @Context() { loaders }: RequestContext,
    @Args('id', { type: () => ID, nullable: true, description: 'Opaque identifier; give this or the code.' })
    id?: string,
    @Args('code', {
      type: () => String,
      nullable: true,
      description: "The firm's short name; give this or the identifier.",
    })
    code?: string,
  ): Promise<Account> {
    return loaders.load(this.readAccount, { id: id ?? undefined, code: code ?? undefined });
  }

  @Query(() => AccountConnection, {
    description: 'Accounts the caller may see; by default the one nearest to trouble first.',
    complexity: costOfPage(50),
  })
  async accounts(
    @Context() { session, loaders }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('orderBy', {
      type: () => AccountOrder,
      nullable: true,
      defaultValue: { field: 'BUFFER_RATIO', direction: 'ASC' },
      description: 'What comes first; the smallest buffer ratio when absent.',
    })
    orderBy: AccountOrder | null,
    @Args('filter', {
      type: () => AccountFilter,
      nullable: true,
      description: 'Which accounts to list; all when absent.',
    })
    filter?: AccountFilter,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<Account>> {
    const page = pageArguments(first ?? 50, after);
    const wanted = given(filter);
    const order = { ...(orderBy ?? { field: 'BUFFER_RATIO', direction: 'ASC' }) } as const;
    const rows = await loaders.load(this.listAccounts, { ...page, filter: wanted, orderBy: order });
    const total = isSelected(info, 'totalCount') ? await this.listAccounts.count(session, wanted) : undefined;
    return keepConnectionPage(rows, page, total);
  }
}
