import { Field, ID, InputType } from '@nestjs/graphql';
import type { Instant, InstrumentType as InstrumentTypeName } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { InstrumentType } from './instrument.model';

@InputType({ description: 'Which contracts to list; every part given must hold.' })
export class InstrumentFilter {
  @Field(() => ID, { nullable: true, description: 'Only contracts on this underlying, for example `BTC`.' })
  underlying?: string | null;

  @Field(() => InstrumentType, { nullable: true, description: 'Only options, futures, perpetuals or underlyings.' })
  type?: InstrumentTypeName | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Only contracts that expire at this instant or later; contracts without expiry match too.',
  })
  notExpiredAt?: Instant | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only contracts whose identifier contains this text, in any case.',
  })
  search?: string | null;
}
