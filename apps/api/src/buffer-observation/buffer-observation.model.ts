import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { DataQuality as QualityName, Decimal, Instant } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { BufferStatus, DataQuality } from '../graphql/enums';
import { Money } from '../money/money.model';

export const HistoryBucket = { RAW: 'RAW', HOUR: 'HOUR', DAY: 'DAY' } as const;
registerEnumType(HistoryBucket, {
  name: 'HistoryBucket',
  description: 'How densely a history is read.',
  valuesMap: {
    RAW: { description: 'Every observation, one per run.' },
    HOUR: { description: 'The last observation of each hour, UTC.' },
    DAY: { description: 'The last observation of each day, UTC.' },
  },
});

@ObjectType({
  description:
    'Equity against requirement at one instant of the past, as it was known when its run ended; never rewritten. Amounts are in the base currency and null exactly when quality is INDETERMINATE.',
})
export class BufferObservation {
  @Field(() => ID, { description: 'Opaque identifier of the account that was observed.' })
  accountId!: string;

  @Field(() => DateTimeScalar, { description: 'Instant of positions and market data behind the figures.' })
  at!: Instant;

  @Field(() => Money, {
    nullable: true,
    description: 'Cash, positions and collateral after haircuts; < 0 when the account owed.',
  })
  equity!: Money | null;

  @Field(() => Money, { nullable: true, description: 'Maintenance requirement of that instant; ≥ 0.' })
  maintenance!: Money | null;

  @Field(() => Money, { nullable: true, description: 'Initial requirement of that instant; ≥ 0.' })
  initial!: Money | null;

  @Field(() => Money, { nullable: true, description: 'Equity − maintenance; negative means a shortfall.' })
  buffer!: Money | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Buffer / maintenance; null when maintenance was 0 or unknown.',
  })
  bufferRatio!: Decimal | null;

  @Field(() => BufferStatus, { description: 'Step of the ladder on which the account stood.' })
  status!: keyof typeof BufferStatus;

  @Field(() => DataQuality, { description: 'How good the data behind the figures was.' })
  quality!: QualityName;

  @Field(() => ID, { description: 'Run that made the observation.' })
  runId!: string;
}

export const BufferObservationConnection = connectionOf(
  BufferObservation,
  'BufferObservation',
  'oldest first, ties by run id',
);
