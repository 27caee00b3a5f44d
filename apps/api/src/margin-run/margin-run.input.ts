import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Instant } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { UserError } from '../graphql/user-error.model';
import { MarginRun } from './margin-run.model';

@InputType({ description: 'What to evaluate.' })
export class StartMarginRunInput {
  @Field({
    description:
      'Chosen by the client, 1 to 128 characters: sending it again returns the run it started the first time.',
  })
  idempotencyKey!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Instant of positions, parameters and, where none is named, snapshot; what is held now on the latest snapshot when absent.',
  })
  asOf?: Instant | null;

  @Field(() => ID, {
    nullable: true,
    description: 'Market snapshot to evaluate on; the latest one at `asOf` when absent.',
  })
  snapshotId?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Codes of the accounts to evaluate, at most 10 000; all accounts of the firm when absent.',
  })
  accountCodes?: string[] | null;
}

@ObjectType({ description: 'Answer to `startMarginRun`: the run, or why there is none.' })
export class StartMarginRunPayload {
  @Field(() => MarginRun, {
    nullable: true,
    description: 'The run that was opened, or the one the key opened before; null when refused.',
  })
  run!: MarginRun | null;

  @Field(() => [UserError], { description: 'Reasons for which nothing was started; empty when a run was.' })
  userErrors!: readonly UserError[];
}
