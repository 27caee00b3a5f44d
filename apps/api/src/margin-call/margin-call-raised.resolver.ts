import type { Instant } from '@ballast/domain';
import { type StoredMarginCall, WatchMarginCalls } from '@ballast/use-cases';
import { Args, Context, ID, Resolver, Subscription } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { openStream } from '../subscription/open-stream';
import type { SubscriptionContext } from '../subscription/subscription-context';
import { MarginCall } from './margin-call.model';
import { toMarginCall } from './to-margin-call';

@Resolver()
export class MarginCallRaisedResolver {
  constructor(private readonly watchCalls: WatchMarginCalls) {}

  @Subscription(() => MarginCall, {
    description:
      'Every demand for money that a run raises, when the run has ended, or that the confirmation of held figures raises. After a break inside the service the ones raised meanwhile follow; a demand comes at least once and its id tells a repetition.',
    resolve: ({ marginCallRaised }: { readonly marginCallRaised: StoredMarginCall }) => toMarginCall(marginCallRaised),
  })
  marginCallRaised(
    @Context() context: SubscriptionContext,
    @Args('accountIds', {
      type: () => [ID],
      nullable: true,
      description: 'Only these accounts, at most 1000; all the caller may see when absent.',
    })
    accountIds?: string[] | null,
    @Args('since', {
      type: () => DateTimeScalar,
      nullable: true,
      description:
        'Begins with all demands that became known after this instant, oldest first, then those of runs that ended after it and that raised them before.',
    })
    since?: Instant | null,
  ) {
    return openStream(context, 'marginCallRaised', () =>
      this.watchCalls.open(context.principal, { accountIds: accountIds ?? undefined, since: since ?? undefined }),
    );
  }
}
