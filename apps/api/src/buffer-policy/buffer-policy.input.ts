import { Field, InputType, ObjectType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { UserError } from '../graphql/user-error.model';
import { BufferPolicy } from './buffer-policy.model';

@InputType({ description: 'By how much amounts of a foreign currency are valued worse.' })
export class FxHaircutInput {
  @Field({ description: 'ISO 4217 code or coin symbol.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: 'Fraction 0…1: assets count this much less, debts this much more.' })
  haircut!: Decimal;
}

@InputType({
  description:
    'A buffer policy from a date on. Levels that are absent keep what is in force at that date; earlier versions stay.',
})
export class SetBufferPolicyInput {
  @Field({
    description: 'Chosen by the client, 1 to 128 characters: sending it again returns what it set the first time.',
  })
  idempotencyKey!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Code of the account; absent sets the policy of the firm, for accounts without one of their own.',
  })
  accountCode?: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'First instant at which runs take it; now when absent.',
  })
  effectiveFrom?: Instant | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'LIQUIDATION when equity falls below this multiple of maintenance; > 0.',
  })
  liquidationMultiple?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'MARGIN_CALL below this multiple of maintenance; ≥ the liquidation multiple.',
  })
  marginCallMultiple?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'WATCH below this multiple of maintenance; ≥ the call multiple.',
  })
  watchMultiple?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'A call asks for equity of at least this multiple of maintenance; ≥ the call multiple.',
  })
  callTargetMultiple?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Calls and WATCH are left only above this multiple of maintenance; ≥ the watch multiple, at most 10.',
  })
  releaseMultiple?: Decimal | null;

  @Field(() => [FxHaircutInput], {
    nullable: true,
    description: 'Haircuts of foreign currencies, the whole list; currencies that are not named have none.',
  })
  fxHaircuts?: FxHaircutInput[] | null;
}

@ObjectType({ description: 'Answer to `setBufferPolicy`: the policy that was set, or why none was.' })
export class SetBufferPolicyPayload {
  @Field(() => BufferPolicy, { nullable: true, description: 'The policy that was set; null when refused.' })
  bufferPolicy!: BufferPolicy | null;

  @Field(() => [UserError], { description: 'Reasons for which nothing was set; empty when a policy was.' })
  userErrors!: readonly UserError[];
}
