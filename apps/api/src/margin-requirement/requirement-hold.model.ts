import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Instant } from '@ballast/domain';
import type { RequirementHold as StoredHold } from '@ballast/use-cases';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { BufferStatus } from '../graphql/enums';
import { Money, toMoney } from '../money/money.model';

@ObjectType({ description: 'Why a requirement was held, what stayed in effect, and who released it.' })
export class RequirementHold {
  @Field(() => Money, { description: 'Initial requirement that counts until the release; ≥ 0.' })
  initialInEffect!: Money;

  @Field(() => Money, {
    description: 'Maintenance requirement that counts until the release and decides the status; ≥ 0.',
  })
  maintenanceInEffect!: Money;

  @Field(() => DateTimeScalar, { description: 'Market moment of the figures that still count.' })
  inEffectAsOf!: Instant;

  @Field(() => ID, { description: 'Margin calculation that produced the figures that still count.' })
  inEffectRunId!: string;

  @Field(() => BufferStatus, { description: 'Status once the new figure is released.' })
  statusOnRelease!: keyof typeof BufferStatus;

  @Field(() => String, { nullable: true, description: 'Who confirmed the new figure; null while it waits.' })
  releasedBy!: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was confirmed; null while it waits.' })
  releasedAt!: Instant | null;

  @Field(() => String, { nullable: true, description: 'Why, in the words of that person; null while it waits.' })
  releaseReason!: string | null;
}

/** Shows a hold as the API does. */
export function toRequirementHold({ released, statusOnRelease, confirmation }: StoredHold): RequirementHold {
  return {
    initialInEffect: toMoney(released.initial),
    maintenanceInEffect: toMoney(released.maintenance),
    inEffectAsOf: released.asOf,
    inEffectRunId: released.runId,
    statusOnRelease,
    releasedBy: confirmation?.confirmedBy ?? null,
    releasedAt: confirmation?.confirmedAt ?? null,
    releaseReason: confirmation?.reason ?? null,
  };
}
