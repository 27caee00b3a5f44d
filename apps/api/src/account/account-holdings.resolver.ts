import type { Account as DomainAccount, Instant, Position as DomainPosition } from '@ballast/domain';
import {
  type GreeksGroup as GreeksFigures,
  type GreeksGrouping as GroupingName,
  ReadBalances,
  ReadCollateral,
  ReadGreeks,
  ReadPositions,
} from '@ballast/use-cases';
import { Args, Context, Info, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Balance, toBalance } from '../balance/balance.model';
import { CollateralHolding } from '../collateral/collateral-holding.model';
import { toCollateralHolding } from '../collateral/to-collateral-holding';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { costOfList, costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { GreeksGroup, GreeksGrouping } from '../greeks/greeks.model';
import { PositionConnection } from '../position/position.model';
import { Account } from './account.model';

/** What an account holds, and how it reacts to the market. */
@Resolver(() => Account)
export class AccountHoldingsResolver {
  constructor(
    private readonly readPositions: ReadPositions,
    private readonly readBalances: ReadBalances,
    private readonly readCollateral: ReadCollateral,
    private readonly readGreeks: ReadGreeks,
  ) {}

  @ResolveField(() => PositionConnection, {
    description: 'Contracts held, by instrument identifier; every page shows the moment of the first one.',
    complexity: costOfPage(50),
  })
  async positions(
    @Parent() account: DomainAccount,
    @Context() { session, now }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 50, description: pageSizeDescription })
    first: number | null,
    @Args('asOf', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Moment of the positions, as they were known then; now when absent.',
    })
    asOf?: Instant,
    @Args('knownAt', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Positions at `asOf` as the record knew them by this instant; `asOf` itself when absent.',
    })
    knownAt?: Instant,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<DomainPosition>> {
    const page = pageArguments(first ?? 50, after);
    const question = { accountId: account.id, asOf: asOf ?? undefined, knownAt: knownAt ?? undefined, now, ...page };
    const rows = await this.readPositions.execute(session, question);
    const total = isSelected(info, 'totalCount') ? await this.readPositions.count(session, question) : undefined;
    return toConnectionPage(rows, page, (position) => position, total);
  }

  @ResolveField(() => [Balance], {
    description: 'Cash by currency at one moment, now when none is given.',
    complexity: costOfList(3),
  })
  async balances(
    @Parent() account: DomainAccount,
    @Context() { loaders, now }: RequestContext,
    @Args('asOf', {
      type: () => DateTimeScalar,
      nullable: true,
      description:
        'Value time of the balances, as they were known then; of a time about which nothing was known yet, what was learnt later.',
    })
    asOf?: Instant,
    @Args('knownAt', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Only what the record knew by this instant; `asOf` itself when absent.',
    })
    knownAt?: Instant,
  ): Promise<readonly Balance[]> {
    const question = { accountId: account.id, asOf: asOf ?? undefined, knownAt: knownAt ?? undefined, now };
    return (await loaders.load(this.readBalances, question)).map(toBalance);
  }

  @ResolveField(() => [CollateralHolding], {
    description:
      'Assets pledged besides cash and positions at one moment, now when none is given, valued on the market snapshot with the haircuts and limits of that moment.',
    complexity: costOfList(10),
  })
  async collateral(
    @Parent() account: DomainAccount,
    @Context() { loaders, now }: RequestContext,
    @Args('asOf', {
      type: () => DateTimeScalar,
      nullable: true,
      description:
        'Moment of holdings, prices and haircuts, as they were known then; of a time about which nothing was known yet, what was learnt later.',
    })
    asOf?: Instant,
    @Args('knownAt', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Only what the record knew by this instant; `asOf` itself when absent.',
    })
    knownAt?: Instant,
  ): Promise<readonly CollateralHolding[]> {
    const { id: accountId, baseCurrency } = account;
    const question = { accountId, baseCurrency, asOf: asOf ?? undefined, knownAt: knownAt ?? undefined, now };
    return (await loaders.load(this.readCollateral, question)).map(toCollateralHolding);
  }

  @ResolveField(() => [GreeksGroup], {
    description:
      'Position Greeks of what is held now on the latest market snapshot, with the models of the methodology of the account. Empty without positions.',
    complexity: costOfList(20),
  })
  async greeks(
    @Parent() account: DomainAccount,
    @Context() { loaders, now }: RequestContext,
    @Args('by', {
      type: () => GreeksGrouping,
      nullable: true,
      defaultValue: 'UNDERLYING',
      description: 'How contracts are summed.',
    })
    by: GroupingName | null,
  ): Promise<readonly GreeksFigures[]> {
    const { id: accountId, baseCurrency, methodology } = account;
    const question = { accountId, baseCurrency, methodology, by: by ?? 'UNDERLYING', now } as const;
    return (await loaders.load(this.readGreeks, question)) as readonly GreeksFigures[];
  }
}
