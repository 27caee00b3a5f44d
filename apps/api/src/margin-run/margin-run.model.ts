import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Instant } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';

export const MarginRunState = {
  RUNNING: 'RUNNING',
  COMPLETED: 'COMPLETED',
  PARTIAL: 'PARTIAL',
  FAILED: 'FAILED',
} as const;
registerEnumType(MarginRunState, {
  name: 'MarginRunState',
  description: 'How far a run is.',
  valuesMap: {
    RUNNING: {
      description:
        'Being computed; results of a large run become visible shard by shard, those of a small one all at once.',
    },
    COMPLETED: { description: 'Every account has its result.' },
    PARTIAL: {
      description: 'Ended without results for some accounts, which the reason names; the others have theirs.',
    },
    FAILED: { description: 'Ended without results; the reason says why.' },
  },
});

@ObjectType({
  description: "One evaluation of a firm's accounts on one market snapshot; each account is evaluated exactly once.",
})
export class MarginRun {
  @Field(() => ID, { description: 'Opaque identifier of the run.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'Instant of positions and market data that were evaluated.' })
  asOf!: Instant;

  @Field(() => MarginRunState, { description: 'How far the run is.' })
  state!: string;

  @Field(() => Int, { description: 'Accounts the run evaluates; ≥ 0.' })
  accountsTotal!: number;

  @Field(() => Int, { description: 'Accounts evaluated so far; equals `accountsTotal` when the run is complete.' })
  accountsDone!: number;

  @Field(() => Int, { description: 'Accounts for which no figure could be given (quality INDETERMINATE); ≥ 0.' })
  accountsIndeterminate!: number;

  @Field(() => Int, { description: 'Accounts whose figures rest on a fallback (quality DEGRADED); ≥ 0.' })
  accountsDegraded!: number;

  @Field(() => Int, {
    description: 'Accounts whose requirement waited for a person when the run ended (quality HELD); ≥ 0.',
  })
  accountsHeld!: number;

  @Field(() => DateTimeScalar, { description: 'When the run was opened.' })
  startedAt!: Instant;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the run ended, well or badly; null while it is running.',
  })
  finishedAt!: Instant | null;

  @Field({ description: 'Who asked for the run: subject of the token or user of the command line.' })
  requestedBy!: string;

  @Field({ description: 'Version of the engine that computed it.' })
  engineVersion!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'SHA-256 over all results in hexadecimal digits: the same inputs give the same hash. Null while RUNNING and when FAILED.',
  })
  resultHash!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the run failed, or which accounts have no result and why; null unless FAILED or PARTIAL.',
  })
  failureReason!: string | null;
}

export const MarginRunConnection = connectionOf(MarginRun, 'MarginRun', 'latest start first, ties by run id');
