import { type BufferObservation as StoredObservation, WatchBuffers } from '@ballast/use-cases';
import { Args, Context, ID, Resolver, Subscription } from '@nestjs/graphql';
import { BufferStatus } from '../graphql/enums';
import { openStream } from '../subscription/open-stream';
import type { SubscriptionContext } from '../subscription/subscription-context';
import { BufferObservation } from './buffer-observation.model';
import { toBufferObservation } from './to-buffer-observation';

@Resolver()
export class BufferChangedResolver {
  constructor(private readonly watchBuffers: WatchBuffers) {}

  @Subscription(() => BufferObservation, {
    description:
      'The new observation of every watched account when a run ends, whole or PARTIAL, in order of the account, and of the accounts whose held figures somebody confirms. A slow reader gets the newest of each account; those between are in bufferHistory.',
    resolve: ({ bufferChanged }: { readonly bufferChanged: StoredObservation }) => toBufferObservation(bufferChanged),
  })
  bufferChanged(
    @Context() context: SubscriptionContext,
    @Args('accountIds', {
      type: () => [ID],
      nullable: true,
      description: 'Only these accounts, at most 1000; all the caller may see when absent.',
    })
    accountIds?: string[] | null,
    @Args('statusAtLeast', {
      type: () => BufferStatus,
      nullable: true,
      description: 'Only accounts at this step of the ladder or a worse one; INDETERMINATE is the worst.',
    })
    statusAtLeast?: keyof typeof BufferStatus | null,
    @Args('afterRunId', {
      type: () => ID,
      nullable: true,
      description:
        'Run of the last observation seen: begins with the newest observation of each account that later runs made.',
    })
    afterRunId?: string | null,
  ) {
    return openStream(context, 'bufferChanged', () =>
      this.watchBuffers.open(context.principal, {
        accountIds: accountIds ?? undefined,
        statusAtLeast: statusAtLeast ?? undefined,
        afterRunId: afterRunId ?? undefined,
      }),
    );
  }
}
