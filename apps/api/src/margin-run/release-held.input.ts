import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { UserError } from '../graphql/user-error.model';
import { MarginRun } from './margin-run.model';

@InputType({ description: 'Which held requirements a person confirms.' })
export class ReleaseHeldRequirementsInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again confirms nothing twice.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Run whose requirements are held.' })
  runId!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the one account to release; every held account of the run when absent.',
  })
  accountCode?: string | null;

  @Field({ description: 'Why the move is right; one line of 1 to 1000 characters, kept with the confirmation.' })
  reason!: string;
}

@ObjectType({ description: 'What was confirmed and what still waits, or why nothing was confirmed.' })
export class ReleaseHeldRequirementsPayload {
  @Field(() => MarginRun, { nullable: true, description: 'The run; null when refused.' })
  run!: MarginRun | null;

  @Field(() => [ID], { description: 'Accounts whose requirement was released by this request.' })
  releasedAccountIds!: readonly string[];

  @Field(() => Int, { description: 'Requirements of the run that still wait; ≥ 0.' })
  stillHeld!: number;

  @Field(() => [UserError], { description: 'Why nothing was released; empty when something was.' })
  userErrors!: readonly UserError[];
}
