import type { Instant } from '@ballast/domain';
import { Field, Float, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/date-time.scalar';

export const GreeksGrouping = { UNDERLYING: 'UNDERLYING', EXPIRY: 'EXPIRY', INSTRUMENT: 'INSTRUMENT' } as const;
registerEnumType(GreeksGrouping, {
  name: 'GreeksGrouping',
  description: 'How position Greeks are summed.',
  valuesMap: {
    UNDERLYING: { description: 'One group per underlying.' },
    EXPIRY: { description: 'One group per underlying and expiry.' },
    INSTRUMENT: { description: 'One group per contract held.' },
  },
});

@ObjectType({
  description:
    'Position Greeks of one group: raw partial derivative × quantity × multiplier, summed. Value is in the quote currency of the underlying, or in the coin for coin-settled contracts.',
})
export class GreeksGroup {
  @Field({
    description: 'What was summed: the underlying, underlying and expiry such as `BTC 2026-01-16`, or the contract.',
  })
  key!: string;

  @Field(() => ID, { description: 'The underlying to which the group belongs.' })
  underlying!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Expiry of the contracts in the group; null when they have none or several.',
  })
  expiry!: Instant | null;

  @Field(() => Float, {
    description:
      'Change of value per 1.00 change of the underlying price, in units of the underlying; long underlying > 0.',
  })
  delta!: number;

  @Field(() => Float, {
    description: 'Change of delta per 1.00 change of the underlying price; > 0 for options bought.',
  })
  gamma!: number;

  @Field(() => Float, { description: 'Change of value per 1.00 (100 points) of volatility; > 0 for options bought.' })
  vega!: number;

  @Field(() => Float, { description: 'Change of value per year that passes; < 0 for options bought that decay.' })
  theta!: number;

  @Field(() => Float, {
    description: 'Change of value per 1.00 (10 000 basis points) of the continuously compounded rate.',
  })
  rho!: number;

  @Field(() => Float, {
    description: 'Delta × underlying price: the money that moves with the underlying, in its quote currency.',
  })
  deltaCash!: number;

  @Field(() => Float, {
    description:
      'Gamma × underlying price², in its quote currency: divide by 100 for the change of deltaCash per 1 % move.',
  })
  gammaCash!: number;
}
