import { type AssetClass as AssetClassName } from '@ballast/use-cases';
import { type UnderlyingKind as KindName } from '@ballast/domain';
import { Field, Float, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { BetaInput } from '../analysis/beta.input';

export const StressDirection = { AS_STATED: 'AS_STATED', ADVERSE: 'ADVERSE' } as const;
registerEnumType(StressDirection, {
  name: 'StressDirection',
  description: 'Which way the stated price moves go.',
  valuesMap: {
    AS_STATED: { description: 'With the signs they are written with.' },
    ADVERSE: { description: 'Each price in the direction that alone costs the account more, so that nothing offsets.' },
  },
});

export const NegativePrices = { REFUSE: 'REFUSE', BACHELIER: 'BACHELIER' } as const;
registerEnumType(NegativePrices, {
  name: 'NegativePrices',
  description: 'What happens to options of an underlying that falls below 0.',
  valuesMap: {
    REFUSE: { description: 'The scenario is refused where the model of the methodology needs a positive price.' },
    BACHELIER: {
      description: 'They are valued by the normal model that gives their price of now; refused where there is none.',
    },
  },
});

export const AssetClass = {
  EQUITY_INDEX: 'equity-index',
  EQUITY: 'equity',
  VOLATILITY_INDEX: 'volatility-index',
  FX: 'fx',
  CRYPTO: 'crypto',
  CRUDE_OIL: 'crude-oil',
  ENERGY: 'energy',
  METAL: 'metal',
  AGRICULTURE: 'agriculture',
  INTEREST_RATE: 'interest-rate',
  OTHER: 'other',
} as const satisfies Record<string, AssetClassName>;
registerEnumType(AssetClass, {
  name: 'AssetClass',
  description: 'What of the market an underlying belongs to, as far as crises moved it alike.',
  valuesMap: {
    EQUITY_INDEX: { description: 'Share indices and their futures.' },
    EQUITY: { description: 'Single shares and funds.' },
    VOLATILITY_INDEX: { description: 'Indices of implied volatility, for example VIX.' },
    FX: { description: 'Exchange rates.' },
    CRYPTO: { description: 'Bitcoin, ether and what trades like them.' },
    CRUDE_OIL: { description: 'WTI crude oil, the one that has settled below 0.' },
    ENERGY: { description: 'Other energy: Brent, gas, products.' },
    METAL: { description: 'Precious and industrial metals.' },
    AGRICULTURE: { description: 'Grains, livestock and softs.' },
    INTEREST_RATE: { description: 'Bonds and short rates.' },
    OTHER: { description: 'Futures and others that no symbol tells.' },
  },
});

@InputType({ description: 'An underlying and the asset class it is taken as.' })
export class AssetClassInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `CLZ6`.' })
  underlying!: string;

  @Field(() => AssetClass, { description: 'Class in place of the one its symbol and kind imply.' })
  assetClass!: AssetClassName;
}

@InputType({ description: 'Move of one underlying in a scenario; of the three price moves one at most.' })
export class UnderlyingStressInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { nullable: true, description: 'Relative move of its price, −0.1 = −10 %.' })
  spot?: number | null;

  @Field(() => Float, { nullable: true, description: 'Absolute move of its price in quote currency per unit.' })
  spotBy?: number | null;

  @Field(() => Float, { nullable: true, description: 'Price that it reaches, in quote currency per unit.' })
  spotTo?: number | null;

  @Field(() => Float, { nullable: true, description: 'Relative move of its volatilities, 0.25 = 20 % → 25 %; ≥ −1.' })
  volatility?: number | null;

  @Field(() => Float, { nullable: true, description: 'Move of its rates per year, 0.01 = one percentage point up.' })
  rate?: number | null;
}

@InputType({ description: 'Move of all underlyings of one kind that have none of their own.' })
export class KindStressInput {
  @Field(() => String, {
    description: 'One of equity, narrow-index, broad-index, high-cap-index, fx, future, crypto and other.',
  })
  kind!: KindName;

  @Field(() => Float, { nullable: true, description: 'Relative move of their prices, −0.1 = −10 %.' })
  spot?: number | null;

  @Field(() => Float, { nullable: true, description: 'Relative move of their volatilities, 0.25 = 20 % → 25 %; ≥ −1.' })
  volatility?: number | null;

  @Field(() => Float, { nullable: true, description: 'Move of their rates per year, 0.01 = one percentage point up.' })
  rate?: number | null;
}

@InputType({
  description:
    'A scenario of your own. An underlying takes its own move, else that of its kind, else beta × the market; one that none names stays.',
})
export class StressScenarioInput {
  @Field({ description: 'Name in the result, 1 to 100 characters.' })
  name!: string;

  @Field(() => Float, { nullable: true, description: 'Relative move of the market, −0.1 = −10 %.' })
  spot?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Relative move of volatilities with the market, 0.25 = 20 % → 25 %.',
  })
  volatility?: number | null;

  @Field(() => Float, { nullable: true, description: 'Move of rates with the market per year, 0.01 = one point up.' })
  rate?: number | null;

  @Field(() => [BetaInput], { nullable: true, description: 'Betas to the market; 1 where one is not named.' })
  betas?: BetaInput[] | null;

  @Field(() => [KindStressInput], { nullable: true, description: 'Moves by kind, before the market.' })
  kinds?: KindStressInput[] | null;

  @Field(() => [UnderlyingStressInput], { nullable: true, description: 'Moves by underlying, before the kind.' })
  underlyings?: UnderlyingStressInput[] | null;

  @Field(() => StressDirection, { nullable: true, description: 'Which way prices go; AS_STATED when absent.' })
  direction?: keyof typeof StressDirection | null;

  @Field(() => NegativePrices, { nullable: true, description: 'Options of prices below 0; REFUSE when absent.' })
  negativePrices?: keyof typeof NegativePrices | null;

  @Field(() => Float, { nullable: true, description: 'Calendar days that pass, ≥ 0; 0 when absent.' })
  days?: number | null;
}

@InputType({ description: 'How closely the prices of two underlyings move together.' })
export class CorrelationInput {
  @Field(() => ID, { description: 'One of the two, for example `SPX`.' })
  left!: string;

  @Field(() => ID, { description: 'The other, for example `NDX`.' })
  right!: string;

  @Field(() => Float, { description: 'From −1 (against each other) to 1 (together).' })
  correlation!: number;
}

@InputType({ description: 'Volatility that the moves of an underlying are measured by.' })
export class FactorVolatilityInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { description: 'Standard deviation of its relative moves per year, 0.2 = 20 %; > 0.' })
  volatility!: number;
}

@InputType({ description: 'How the moves that exhaust the buffer are searched.' })
export class ReverseStressInput {
  @Field(() => Float, { nullable: true, description: 'Trading days of the move, 1 to 250; 1 when absent.' })
  horizonDays?: number | null;

  @Field(() => [FactorVolatilityInput], {
    nullable: true,
    description: 'Volatilities in place of the historical one of the market, the implied one, or that of the class.',
  })
  volatilities?: FactorVolatilityInput[] | null;

  @Field(() => [CorrelationInput], { nullable: true, description: 'Correlations of pairs; others take `correlation`.' })
  correlations?: CorrelationInput[] | null;

  @Field(() => Float, { nullable: true, description: 'Correlation of all pairs not named, −1 to 1; 0.5 when absent.' })
  correlation?: number | null;

  @Field(() => [BetaInput], { nullable: true, description: 'Betas of the parallel move; 1 where one is not named.' })
  betas?: BetaInput[] | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Markets valued at most by each of the two searches over all directions, 1 to 1000; 400 when absent.',
  })
  budget?: number | null;
}

@InputType({ description: 'Scenarios an account is put under.' })
export class StressInput {
  @Field(() => [String], {
    nullable: true,
    description:
      'Names of the library, for example `1987-10-19`; all of it when neither these nor custom ones are given.',
  })
  scenarios?: string[] | null;

  @Field(() => [StressScenarioInput], { nullable: true, description: 'Scenarios of your own, 20 at most.' })
  custom?: StressScenarioInput[] | null;

  @Field(() => [AssetClassInput], { nullable: true, description: 'Asset classes where symbol and kind do not tell.' })
  assetClasses?: AssetClassInput[] | null;

  @Field(() => ReverseStressInput, {
    nullable: true,
    description: 'Also find the moves that exhaust the buffer, for accounts of up to 12 underlyings; not when absent.',
  })
  reverse?: ReverseStressInput | null;
}
