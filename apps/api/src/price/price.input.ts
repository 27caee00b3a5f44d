import { Field, Float, InputType, Int, registerEnumType } from '@nestjs/graphql';
import type { Decimal, OptionRight as OptionRightName } from '@ballast/domain';
import type { PriceCase } from '@ballast/use-cases';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { OptionRight } from '../instrument/instrument.model';

export const PriceModel = {
  BLACK_SCHOLES: 'black-scholes',
  BLACK76: 'black76',
  BACHELIER: 'bachelier',
  AMERICAN_ALO: 'american-alo',
  AMERICAN_BAW: 'american-baw',
  BINOMIAL_CRR: 'binomial-crr',
} as const;
registerEnumType(PriceModel, {
  name: 'PriceModel',
  description: 'Model by which one contract is priced.',
  valuesMap: {
    BLACK_SCHOLES: { description: 'European option on a spot, lognormal.' },
    BLACK76: { description: 'European option on a forward, lognormal, discounted.' },
    BACHELIER: { description: 'European option on a forward, normal, discounted; prices and strikes may be negative.' },
    AMERICAN_ALO: { description: 'American option on a spot by the boundary of Andersen, Lake and Offengenden.' },
    AMERICAN_BAW: { description: 'American option on a spot by the approximation of Barone-Adesi and Whaley.' },
    BINOMIAL_CRR: { description: 'American option on a spot by a Cox-Ross-Rubinstein tree.' },
  },
});

export const PriceMode = { FAST: 'fast', ACCURATE: 'accurate' } as const;
registerEnumType(PriceMode, {
  name: 'PriceMode',
  description: 'How exactly AMERICAN_ALO solves the exercise boundary; the other models leave no choice.',
  valuesMap: {
    FAST: { description: 'Within 0.0015 per 100 of strike, half of all contracts within 1e-6.' },
    ACCURATE: { description: 'Within 0.0001 per 100 of strike.' },
  },
});

@InputType({
  description:
    'Terms and market of one contract. Spot models take `spot` and `dividendYield`, forward models `forward`.',
})
export class PriceInput {
  @Field(() => PriceModel, { description: 'Model to price by; it decides whether `spot` or `forward` is read.' })
  model!: PriceCase['model'];

  @Field(() => OptionRight, { description: 'Call or put.' })
  right!: OptionRightName;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Price of the underlying now, currency per unit; required by spot models, refused by the others.',
  })
  spot?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Forward price at expiry, currency per unit; required by forward models, refused by the others.',
  })
  forward?: Decimal | null;

  @Field(() => DecimalScalar, { description: 'Exercise price, currency per unit; ≥ 0, under Bachelier of any sign.' })
  strike!: Decimal;

  @Field(() => Float, { description: 'Time to expiry in years, ACT/365 Fixed; ≥ 0, 0 gives the payoff.' })
  yearsToExpiry!: number;

  @Field(() => Float, { description: 'Continuously compounded rate, 0.05 = 5 % a year; may be < 0.' })
  rate!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Continuously compounded dividend yield of the underlying, 0.02 = 2 % a year; spot models only, 0 when absent.',
  })
  dividendYield?: number | null;

  @Field(() => Float, {
    description: 'Volatility: 0.20 = 20 % per √year; for Bachelier in price units per √year; ≥ 0.',
  })
  volatility!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Steps of the binomial tree, 2 to 5000; 801 when absent, read by BINOMIAL_CRR only.',
  })
  steps?: number | null;

  @Field(() => PriceMode, {
    nullable: true,
    description: 'How exactly the exercise boundary is solved, read by AMERICAN_ALO only; ACCURATE when absent.',
  })
  mode?: 'fast' | 'accurate' | null;
}
