import { type Account as DomainAccount, Decimal } from '@ballast/domain';
import { type AccountLifecycleEvent, ReadLifecycleEvents } from '@ballast/use-cases';
import { Args, Context, Info, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { Account } from '../account/account.model';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { toMoney } from '../money/money.model';
import { type LifecycleEvent, LifecycleEventConnection } from './lifecycle-event.model';

/** What happened to the contracts of an account. */
@Resolver(() => Account)
export class LifecycleEventResolver {
  constructor(private readonly readEvents: ReadLifecycleEvents) {}

  @ResolveField(() => LifecycleEventConnection, {
    description: 'Expiries, exercises, corporate actions and dividends that changed the account, the latest first.',
    complexity: costOfPage(20),
  })
  async lifecycleEvents(
    @Parent() { id }: DomainAccount,
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 20, description: pageSizeDescription })
    first: number | null,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<LifecycleEvent>> {
    const page = pageArguments(first ?? 20, after);
    const rows = await this.readEvents.execute(session, { accountId: id, ...page });
    const total = isSelected(info, 'totalCount') ? await this.readEvents.count(session, id) : undefined;
    return toConnectionPage(rows, page, toLifecycleEvent, total);
  }
}

function toLifecycleEvent({ effects, ...event }: AccountLifecycleEvent): LifecycleEvent {
  return {
    ...event,
    positions: effects.filter((effect) => effect.kind === 'position'),
    collateral: effects.flatMap((effect) => {
      if (effect.kind !== 'collateral') return [];
      const [quantityBefore, quantityAfter] = [effect.before, effect.after].map(
        (pledge) => pledge?.quantity ?? new Decimal(0),
      ) as [Decimal, Decimal];
      return [{ asset: effect.asset, quantityBefore, quantityAfter }];
    }),
    cash: effects.flatMap((effect) => (effect.kind === 'cash' ? [toMoney(effect)] : [])),
    notes: effects.flatMap((effect) => (effect.kind === 'note' ? [effect.text] : [])),
  };
}
