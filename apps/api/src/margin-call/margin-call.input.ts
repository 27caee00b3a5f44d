import type { MarginCallState as StateName } from '@ballast/use-cases';
import type { Decimal, Instant } from '@ballast/domain';
import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { UserError } from '../graphql/user-error.model';
import { MarginCall, MarginCallState } from './margin-call.model';

const keyDescription = 'Chosen by the client, 1 to 128 characters: sending it again does nothing twice.';

@InputType({ description: 'Which calls to list; members that are absent do not restrict.' })
export class MarginCallFilter {
  @Field(() => [ID], { nullable: true, description: 'Only calls of these accounts.' })
  accountIds?: string[] | null;

  @Field(() => [MarginCallState], { nullable: true, description: 'Only calls that have come so far.' })
  states?: StateName[] | null;

  @Field(() => Boolean, { nullable: true, description: 'True: all but CLOSED ones; false: CLOSED ones only.' })
  open?: boolean | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those asked for at this instant or later.' })
  raisedFrom?: Instant | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those asked for earlier than this instant.' })
  raisedBefore?: Instant | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Only those whose deadline lies earlier than this.' })
  dueBefore?: Instant | null;
}

@InputType({ description: 'Says that the client was reached.' })
export class AcknowledgeMarginCallInput {
  @Field({ description: keyDescription })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Margin call the client was told of.' })
  callId!: string;

  @Field(() => String, { nullable: true, description: 'What the client said; one line of 1 to 1000 characters.' })
  note?: string | null;
}

@InputType({ description: 'Money that arrived for a call; it raises the account’s cash from then on.' })
export class RecordMarginCallPaymentInput {
  @Field({ description: keyDescription })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Margin call it was paid for.' })
  callId!: string;

  @Field(() => DecimalScalar, { description: 'Units of the currency that arrived; > 0.' })
  amount!: Decimal;

  @Field({ description: 'ISO 4217 code or coin symbol of the money; converted where the call is in another.' })
  currency!: string;

  @Field(() => DateTimeScalar, {
    description: 'Value time of the money: not before the call was raised, not in the future.',
  })
  receivedAt!: Instant;
}

@InputType({ description: 'Lets a call be: the first person proposes, another person’s request approves.' })
export class WaiveMarginCallInput {
  @Field({ description: keyDescription })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Margin call to let be.' })
  callId!: string;

  @Field({ description: 'Ground for it; one line of 1 to 1000 characters, kept with the call.' })
  reason!: string;
}

@ObjectType({ description: 'Answer to what people do to a margin call.' })
export class MarginCallPayload {
  @Field(() => MarginCall, { nullable: true, description: 'The demand as it stands now; null when refused.' })
  marginCall!: MarginCall | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: readonly UserError[];
}
