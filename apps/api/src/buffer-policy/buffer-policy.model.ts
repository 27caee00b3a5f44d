import { Field, ObjectType } from '@nestjs/graphql';
import type { Decimal, Instant } from '@ballast/domain';
import type { BufferPolicyView } from '@ballast/use-cases';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';

@ObjectType({ description: 'By how much amounts of a foreign currency are valued worse.' })
export class FxHaircut {
  @Field({ description: 'ISO 4217 code or coin symbol.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: 'Fraction 0…1: assets count this much less, debts this much more.' })
  haircut!: Decimal;
}

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

  @Field(() => [FxHaircut], {
    description: 'Haircuts of foreign currencies, in order of the currency; those that are not named have none.',
  })
  fxHaircuts!: readonly FxHaircut[];
}

/** Shows a policy as the API does. */
export function toBufferPolicy(view: BufferPolicyView): BufferPolicy {
  const fxHaircuts = Object.entries(view.fxHaircuts)
    .map(([currency, haircut]) => ({ currency, haircut }))
    .sort((left, right) => (left.currency < right.currency ? -1 : 1));
  return { ...view, fxHaircuts };
}
