import { Field, Float, InputType, ObjectType } from '@nestjs/graphql';
import type { Instant } from '@ballast/domain';
import type { FirmControlsInForce } from '@ballast/use-cases';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { UserError } from '../graphql/user-error.model';

@InputType({ description: 'How far requirements in one base currency may move before a person has to look.' })
export class ReleaseAmountInput {
  @Field({ description: 'ISO 4217 code or coin symbol.' })
  currency!: string;

  @Field(() => Float, { description: 'A move of more than this, in units of it, may be held; ≥ 0.' })
  amount!: number;
}

@InputType({
  description: 'Limits from a date on. Those that are absent keep what is in force at that date; earlier ones stay.',
})
export class SetRiskControlsInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again returns what it set first.' })
  idempotencyKey!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'First instant at which runs obey; now when absent.' })
  effectiveFrom?: Instant | null;

  @Field(() => Float, {
    nullable: true,
    description: 'A requirement that moves by more than this part of itself is HELD, 0.25 = a quarter; ≥ 0.',
  })
  releaseFraction?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Moves up to this many US dollars, at the rate of the snapshot, are never held, whatever their fraction; ≥ 0.',
  })
  releaseAmount?: number | null;

  @Field(() => [ReleaseAmountInput], {
    nullable: true,
    description:
      'The same for accounts of the named base currencies, in units of them, the whole list; a coin not named has as many units.',
  })
  releaseAmountByCurrency?: ReleaseAmountInput[] | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Usual milliseconds from one run to the next, 1000 to 31 days; answers older than twice that are STALE.',
  })
  cadenceMs?: number | null;
}

@ObjectType({ description: 'How far requirements in one base currency may move before a person has to look.' })
export class ReleaseAmount {
  @Field({ description: 'ISO 4217 code or coin symbol.' })
  currency!: string;

  @Field(() => Float, { description: 'A move of more than this, in units of it, may be held; ≥ 0.' })
  amount!: number;
}

@ObjectType({ description: 'Limits by which the firm watches its own figures.' })
export class RiskControls {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when they hold; null for the published ones.' })
  effectiveFrom!: Instant | null;

  @Field(() => String, { nullable: true, description: 'Who set them; null for the published ones.' })
  recordedBy!: string | null;

  @Field(() => Float, { description: 'A requirement that moves by more than this part of itself is HELD; ≥ 0.' })
  releaseFraction!: number;

  @Field(() => Float, {
    description: 'Moves up to this many US dollars, at the rate of the snapshot, are never held; ≥ 0.',
  })
  releaseAmount!: number;

  @Field(() => [ReleaseAmount], {
    description:
      'The same for accounts of the named base currencies, in units of them; a coin not named has as many units.',
  })
  releaseAmountByCurrency!: readonly ReleaseAmount[];

  @Field(() => Float, { description: 'Usual milliseconds from one run to the next, > 0; twice that old is STALE.' })
  cadenceMs!: number;
}

@ObjectType({ description: 'Answer to `setRiskControls`: all limits then in force, or why nothing was set.' })
export class SetRiskControlsPayload {
  @Field(() => RiskControls, { nullable: true, description: 'Every limit as it stands then; null when refused.' })
  controls!: RiskControls | null;

  @Field(() => [UserError], { description: 'Why nothing was set, for example `INVALID_PARAMETER`; empty when it was.' })
  userErrors!: readonly UserError[];
}

/** Shows controls as the API does. */
export function toRiskControls({ releaseAmountByCurrency, ...rest }: FirmControlsInForce): RiskControls {
  const amounts = Object.entries(releaseAmountByCurrency).map(([currency, amount]) => ({ currency, amount }));
  return { ...rest, releaseAmountByCurrency: amounts };
}
