import { Field, ObjectType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';

@ObjectType({
  description: 'Multiples of the maintenance requirement at which the ladder changes step, as in force now.',
})
export class BufferPolicy {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when these multiples apply; null for the built-in policy, which always did.',
  })
  effectiveFrom!: Instant | null;

  @Field(() => DecimalScalar, { description: 'LIQUIDATION when equity falls below this multiple of maintenance; > 0.' })
  liquidationMultiple!: Decimal;

  @Field(() => DecimalScalar, {
    description: 'MARGIN_CALL when equity falls below this multiple of maintenance; ≥ the liquidation multiple.',
  })
  marginCallMultiple!: Decimal;

  @Field(() => DecimalScalar, {
    description: 'WATCH when equity falls below this multiple of maintenance; ≥ the call multiple.',
  })
  watchMultiple!: Decimal;

  @Field(() => DecimalScalar, {
    description:
      'A call asks for equity of at least this multiple of maintenance, or the initial requirement where that is higher.',
  })
  callTargetMultiple!: Decimal;

  @Field(() => DecimalScalar, {
    description:
      'A call is released, and WATCH left, only above this multiple of maintenance, so that an account does not flicker.',
  })
  releaseMultiple!: Decimal;
}
