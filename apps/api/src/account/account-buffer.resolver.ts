import type { Account as DomainAccount, Instant } from '@ballast/domain';
import { type ListedAccount, ReadBufferHistory, ReadBufferPolicy, ReadRequirement } from '@ballast/use-cases';
import { Args, Context, Info, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import {
  BufferObservation,
  BufferObservationConnection,
  HistoryBucket,
} from '../buffer-observation/buffer-observation.model';
import { toBufferObservation } from '../buffer-observation/to-buffer-observation';
import { BufferPolicy, toBufferPolicy } from '../buffer-policy/buffer-policy.model';
import type { ConnectionPage } from '../graphql/connection.model';
import { isSelected, pageArguments, toConnectionPage } from '../graphql/connection-page';
import { pageSizeDescription } from '../graphql/page-size';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { costOfPage } from '../graphql/query-cost';
import type { RequestContext } from '../graphql/request-context';
import { MarginRequirement } from '../margin-requirement/margin-requirement.model';
import { type MarginRequirementParent, toMarginRequirement } from '../margin-requirement/to-margin-requirement';
import { Account } from './account.model';

/** An account, with the key of its newest requirement where the statement that found the account read it. */
export type AccountParent = DomainAccount & Partial<Pick<ListedAccount, 'newest'>>;

/** What an account must hold, and how far it is from trouble. */
@Resolver(() => Account)
export class AccountBufferResolver {
  constructor(
    private readonly readRequirement: ReadRequirement,
    private readonly readBufferHistory: ReadBufferHistory,
    private readonly readBufferPolicy: ReadBufferPolicy,
  ) {}

  @ResolveField(() => MarginRequirement, {
    nullable: true,
    description:
      'Latest requirement known at an instant; null when no run has seen the account by then. Of a time about which nothing was known yet, what was learnt later.',
  })
  async requirement(
    @Parent() account: AccountParent,
    @Context() { loaders, now }: RequestContext,
    @Args('asOf', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Instant up to which runs are looked at; now when absent, and an instant to come gives the latest.',
    })
    asOf?: Instant,
    @Args('knownAt', {
      type: () => DateTimeScalar,
      nullable: true,
      description: 'Only runs, corrections and releases the record knew by this instant; `asOf` when absent.',
    })
    knownAt?: Instant,
  ): Promise<MarginRequirementParent | null> {
    const { id: accountId, newest } = account;
    const question = { accountId, newest, asOf: asOf ?? undefined, knownAt: knownAt ?? undefined, now };
    const requirement = await loaders.load(this.readRequirement, question);
    return requirement === null ? null : toMarginRequirement(requirement);
  }

  @ResolveField(() => BufferObservationConnection, {
    description: 'How equity stood against requirement over a period, oldest first.',
    complexity: costOfPage(500),
  })
  async bufferHistory(
    @Parent() account: DomainAccount,
    @Context() { session }: RequestContext,
    @Info() info: GraphQLResolveInfo,
    @Args('from', { type: () => DateTimeScalar, description: 'First instant of the period, included.' }) from: Instant,
    @Args('to', { type: () => DateTimeScalar, description: 'Last instant of the period, included; not before `from`.' })
    to: Instant,
    @Args('bucket', {
      type: () => HistoryBucket,
      nullable: true,
      defaultValue: 'RAW',
      description: 'How densely the period is read.',
    })
    bucket: keyof typeof HistoryBucket | null,
    @Args('first', { type: () => Int, nullable: true, defaultValue: 500, description: pageSizeDescription })
    first: number | null,
    @Args('after', { type: () => String, nullable: true, description: 'Cursor of the last row already read.' })
    after?: string,
  ): Promise<ConnectionPage<BufferObservation>> {
    const page = pageArguments(first ?? 500, after);
    const request = { accountId: account.id, from, to, bucket: bucket ?? 'RAW', ...page } as const;
    const rows = await this.readBufferHistory.execute(session, request);
    const total = isSelected(info, 'totalCount') ? await this.readBufferHistory.count(session, request) : undefined;
    return toConnectionPage(rows, page, toBufferObservation, total);
  }

  @ResolveField(() => BufferPolicy, {
    description: "Multiples that decide the status: the account's own, else the firm's, else the built-in ones.",
  })
  async bufferPolicy(
    @Parent() account: DomainAccount,
    @Context() { loaders, now }: RequestContext,
  ): Promise<BufferPolicy> {
    return toBufferPolicy(await loaders.load(this.readBufferPolicy, { accountId: account.id, at: now }));
  }
}
