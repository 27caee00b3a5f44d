import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { MarginRunState } from './margin-run.model';

@ObjectType({ description: 'How far a margin run has come.' })
export class MarginRunProgress {
  @Field(() => ID, { description: 'The run that is watched.' })
  runId!: string;

  @Field(() => MarginRunState, { description: 'RUNNING until its results are committed or it is given up.' })
  state!: keyof typeof MarginRunState;

  @Field(() => Int, { description: 'Accounts evaluated so far; ≥ 0.' })
  accountsDone!: number;

  @Field(() => Int, { description: 'Accounts the run covers; ≥ 0.' })
  accountsTotal!: number;

  @Field(() => Float, { description: 'Share of the accounts that are evaluated, 0…100.' })
  percent!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Accounts per second from the opening of the run to now or its end, > 0; null before the first one.',
  })
  accountsPerSecond!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Seconds left at the pace so far, ≥ 0; null before the first account is evaluated.',
  })
  secondsLeft!: number | null;
}
