import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Decimal } from '@ballast/domain';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { UserError } from '../graphql/user-error.model';
import { BreakResolutionAction, Reconciliation } from './reconciliation.model';

@InputType({ description: 'How far values may lie apart: a difference within either bound agrees.' })
export class ReconciliationToleranceInput {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Amounts in their currency, ≥ 0; one minor unit when absent: 0.01 USD, 0.00000001 BTC.',
  })
  amount?: Decimal | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Share of the larger amount, ≥ 0; 0 when absent.' })
  relativeAmount?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Prices per unit, ≥ 0; when absent 0.0001, of coins 0.00000001.',
  })
  price?: Decimal | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Share of the larger price, ≥ 0; 0 when absent.' })
  relativePrice?: Decimal | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Contracts or units, ≥ 0; 0 when absent.' })
  quantity?: Decimal | null;
}

@InputType({ description: 'A statement and the run it is compared with.' })
export class StartReconciliationInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again returns the first answer.' })
  idempotencyKey!: string;

  @Field({ description: 'The statement itself: CSV or activity XML, as docs/file-formats.md has it.' })
  statement!: string;

  @Field(() => String, { nullable: true, description: 'Name of the file for people; `statement` when absent.' })
  statementName?: string | null;

  @Field(() => ID, { nullable: true, description: 'Run to compare with; the latest completed one when absent.' })
  runId?: string | null;

  @Field(() => ReconciliationToleranceInput, { nullable: true, description: 'Tolerances; the defaults when absent.' })
  tolerances?: ReconciliationToleranceInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False when the statement speaks of some accounts only; what its format says when absent.',
  })
  coversEveryAccount?: boolean | null;
}

@ObjectType({ description: 'Answer to `startReconciliation`: the comparison, or why there is none.' })
export class StartReconciliationPayload {
  @Field(() => Reconciliation, { nullable: true, description: 'The comparison; null when refused.' })
  reconciliation!: Reconciliation | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'True when the same statement was compared with the same run before; null when refused.',
  })
  repeated!: boolean | null;

  @Field(() => [UserError], { description: 'Reasons for which nothing was compared; empty when it was.' })
  userErrors!: readonly UserError[];
}

@InputType({ description: 'One step in settling breaks.' })
export class ResolveReconciliationBreaksInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again acts only once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Opaque identifier of the comparison that found them.' })
  reconciliationId!: string;

  @Field(() => [Int], {
    nullable: true,
    description: 'Numbers of the breaks; every break that waits for the action when absent.',
  })
  breaks?: readonly number[] | null;

  @Field(() => BreakResolutionAction, { description: 'What is done; confirming and rejecting need a second person.' })
  action!: (typeof BreakResolutionAction)[keyof typeof BreakResolutionAction];

  @Field({ description: 'Why, one line of 1 to 1000 characters; it stays in the record.' })
  note!: string;
}

@ObjectType({ description: 'What became of a step: the comparison as it stands then, or why nothing was done.' })
export class ResolveReconciliationBreaksPayload {
  @Field(() => Reconciliation, { nullable: true, description: 'The reconciliation afterwards; null when refused.' })
  reconciliation!: Reconciliation | null;

  @Field(() => [Int], { description: 'Numbers of the breaks that were moved.' })
  breaks!: readonly number[];

  @Field(() => [UserError], { description: 'Reasons for which nothing was done; empty when it was.' })
  userErrors!: readonly UserError[];
}
