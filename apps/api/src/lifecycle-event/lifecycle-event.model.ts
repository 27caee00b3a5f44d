import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Decimal, Instant, LifecycleEventType as EventTypeName } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { Money } from '../money/money.model';

export const LifecycleEventType = {
  EXPIRY: 'expiry',
  EXERCISE: 'exercise',
  ASSIGNMENT: 'assignment',
  LAPSE: 'lapse',
  DAILY_SETTLEMENT: 'daily-settlement',
  DIVIDEND: 'dividend',
  SPLIT: 'split',
  SPECIAL_DIVIDEND: 'special-dividend',
  SYMBOL_CHANGE: 'symbol-change',
  MERGER: 'merger',
  REVERSAL: 'reversal',
} as const;
registerEnumType(LifecycleEventType, {
  name: 'LifecycleEventType',
  description: 'What happened to contracts after the trade.',
  valuesMap: {
    EXPIRY: { description: 'A series ended: settled in cash, delivered, or lapsed.' },
    EXERCISE: { description: 'A holder used the right of long options before or at expiry.' },
    ASSIGNMENT: { description: 'A writer was assigned.' },
    LAPSE: { description: 'Contracts ended without exercise, whatever they were worth.' },
    DAILY_SETTLEMENT: { description: 'Gains of marked-to-market contracts were paid in cash.' },
    DIVIDEND: { description: 'Cash per share, received long and paid short.' },
    SPLIT: { description: 'New shares for old ones; contracts were adjusted.' },
    SPECIAL_DIVIDEND: { description: 'Cash per share by which strikes fell.' },
    SYMBOL_CHANGE: { description: 'A share took another name.' },
    MERGER: { description: 'Shares became shares of another company, cash, or both.' },
    REVERSAL: { description: 'An earlier event was taken back.' },
  },
});

@ObjectType({ description: 'What an event did to one holding of the account.' })
export class LifecyclePositionEffect {
  @Field(() => ID, { description: 'Identifier of the contract held.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, { description: 'Contracts before the event: long > 0, short < 0, 0 for none.' })
  quantityBefore!: Decimal;

  @Field(() => DecimalScalar, { description: 'Contracts after the event: long > 0, short < 0, 0 for none.' })
  quantityAfter!: Decimal;
}

@ObjectType({ description: 'What an event did to one asset that the account has pledged.' })
export class LifecycleCollateralEffect {
  @Field(() => ID, { description: 'Name under which the asset is pledged.' })
  asset!: string;

  @Field(() => DecimalScalar, { description: 'Units pledged before the event, ≥ 0; 0 when it was not pledged.' })
  quantityBefore!: Decimal;

  @Field(() => DecimalScalar, { description: 'Units pledged after the event, ≥ 0; 0 when it is pledged no longer.' })
  quantityAfter!: Decimal;
}

@ObjectType({ description: 'An event in the life of contracts, with what it did to one account.' })
export class LifecycleEvent {
  @Field(() => ID, { description: "The sender's name of the event, unique within the firm." })
  id!: string;

  @Field(() => LifecycleEventType, { description: 'What happened.' })
  type!: EventTypeName;

  @Field(() => DateTimeScalar, { description: 'Since when its consequences hold.' })
  effectiveAt!: Instant;

  @Field(() => DateTimeScalar, { description: 'When the record learnt of it.' })
  knownAt!: Instant;

  @Field(() => ID, { nullable: true, description: 'Contract that it concerns; null where it concerns an underlying.' })
  instrumentId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Underlying that it concerns; null where it concerns a contract.' })
  underlying!: string | null;

  @Field(() => ID, { nullable: true, description: 'Event that this one takes back; null unless it is a reversal.' })
  reverses!: string | null;

  @Field(() => ID, { nullable: true, description: 'Event that took this one back; null while it is in force.' })
  reversedBy!: string | null;

  @Field({ description: 'Where it came from, for example a file name.' })
  source!: string;

  @Field({ description: 'Who recorded it.' })
  recordedBy!: string;

  @Field(() => [LifecyclePositionEffect], { description: 'Holdings that it changed, by instrument identifier.' })
  positions!: LifecyclePositionEffect[];

  @Field(() => [LifecycleCollateralEffect], { description: 'Pledged assets that it changed, by their name.' })
  collateral!: LifecycleCollateralEffect[];

  @Field(() => [Money], { description: 'Cash that it moved, by currency: received > 0, paid < 0.' })
  cash!: Money[];

  @Field(() => [String], { description: 'What a careful reader should know of how it was applied.' })
  notes!: string[];
}

export const LifecycleEventConnection = connectionOf(LifecycleEvent, 'LifecycleEvent', 'the latest first');
