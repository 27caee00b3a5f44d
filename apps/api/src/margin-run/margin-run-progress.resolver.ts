import { instantOf } from '@ballast/domain';
import { WatchMarginRun } from '@ballast/use-cases';
import { Args, Context, ID, Resolver, Subscription } from '@nestjs/graphql';
import { openStream } from '../subscription/open-stream';
import type { SubscriptionContext } from '../subscription/subscription-context';
import { MarginRunProgress } from './margin-run-progress.model';

@Resolver()
export class MarginRunProgressResolver {
  constructor(private readonly watchRun: WatchMarginRun) {}

  @Subscription(() => MarginRunProgress, {
    description: 'How far a run is, now and at every step, until it ends; then the stream ends too.',
  })
  marginRunProgress(
    @Context() context: SubscriptionContext,
    @Args('runId', { type: () => ID, description: "The run to watch, of the caller's firm." }) runId: string,
  ) {
    const now = () => instantOf(Date.now());
    return openStream(context, 'marginRunProgress', () => this.watchRun.open(context.principal, runId, now));
  }
}
