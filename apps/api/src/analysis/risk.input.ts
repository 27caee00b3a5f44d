import type { RiskMethod as MethodName } from '@ballast/use-cases';
import { Field, Float, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';

export const RiskMethod = {
  HISTORICAL: 'HISTORICAL',
  FILTERED_HISTORICAL: 'FILTERED_HISTORICAL',
  DELTA_GAMMA: 'DELTA_GAMMA',
  MONTE_CARLO: 'MONTE_CARLO',
} as const;
registerEnumType(RiskMethod, {
  name: 'RiskMethod',
  description: 'How a distribution of losses comes about.',
  valuesMap: {
    HISTORICAL: { description: "Past days' moves of all underlyings together, as they were." },
    FILTERED_HISTORICAL: { description: "Past days' moves scaled to the present volatility of each underlying." },
    DELTA_GAMMA: { description: 'Joint normal moves, profit by delta and gamma, quantile by Cornish and Fisher.' },
    MONTE_CARLO: { description: 'Joint lognormal moves on scrambled Sobol points, revalued in full.' },
  },
});

export const BreachEvaluation = {
  SINGLE: 'SINGLE',
  PER_UNDERLYING: 'PER_UNDERLYING',
  COMBINED: 'COMBINED',
  JOINT: 'JOINT',
} as const;
registerEnumType(BreachEvaluation, {
  name: 'BreachEvaluation',
  description: 'How the buffer of an account is evaluated along simulated paths.',
  valuesMap: {
    SINGLE: { description: 'One underlying: interpolated over its price.' },
    PER_UNDERLYING: { description: 'The requirement is a sum over underlyings, each interpolated over its price.' },
    COMBINED: {
      description:
        'What each underlying contributes is interpolated over its price; the methodology nets it on every path.',
    },
    JOINT: { description: 'The whole account is revalued on every path.' },
  },
});

@InputType({ description: 'Price history of an underlying that goes by another name.' })
export class PriceSymbolInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field({ description: 'Symbol under which its daily prices were imported.' })
  symbol!: string;
}

@InputType({ description: 'Annual volatility of an underlying in place of that of its price history.' })
export class VolatilityInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { description: 'Annualised, 0.2 = 20 %, 0 to 20.' })
  volatility!: number;
}

const optional = { nullable: true } as const;

@InputType({ isAbstract: true })
class SimulationInput {
  @Field(() => Int, { ...optional, description: 'Trading days looked ahead, 1 to 250.' })
  horizonDays?: number | null;

  @Field(() => Int, { ...optional, description: 'Latest daily returns used, 20 to 5000; 500 when absent.' })
  window?: number | null;

  @Field(() => Float, {
    ...optional,
    description: 'Weight of yesterday in volatility and correlation, 0.8 to 0.9999; 0.97 when absent.',
  })
  decay?: number | null;

  @Field(() => Int, { ...optional, description: 'Simulated paths per replicate: a power of two from 64 on.' })
  paths?: number | null;

  @Field(() => Int, {
    ...optional,
    description: 'Independent replicates, 2 to 64, whose spread is the standard error; 8 when absent.',
  })
  replicates?: number | null;

  @Field(() => Int, { ...optional, description: 'Seed ≥ 0: one seed gives one result; 1 when absent.' })
  seed?: number | null;

  @Field(() => [PriceSymbolInput], {
    ...optional,
    description: 'Symbols of underlyings whose prices were imported under another name than their identifier.',
  })
  symbols?: PriceSymbolInput[] | null;
}

@InputType({ description: 'Which value at risk is estimated; what is absent takes its default.' })
export class ValueAtRiskInput extends SimulationInput {
  @Field(() => RiskMethod, { ...optional, description: 'FILTERED_HISTORICAL when absent.' })
  method?: MethodName | null;

  @Field(() => Float, {
    ...optional,
    description: 'Probability that the loss is not exceeded, 0.5 to 0.9999; 0.99 when absent.',
  })
  confidence?: number | null;

  @Field(() => Float, {
    ...optional,
    description: 'Calendar days that contracts age meanwhile; 0, an instantaneous move, when absent.',
  })
  agingDays?: number | null;
}

@InputType({ description: 'Which breach probability is estimated; what is absent takes its default.' })
export class BreachProbabilityInput extends SimulationInput {
  @Field(() => Int, {
    ...optional,
    description: 'Instants at which the account is revalued on a path, 1 to 100, expiries besides; 10 when absent.',
  })
  steps?: number | null;

  @Field(() => [VolatilityInput], {
    ...optional,
    description: 'Volatilities in place of those of the history; of underlyings of this account only.',
  })
  volatilities?: VolatilityInput[] | null;
}

@InputType({ description: 'Daily prices that a buffer is sized on; what is absent takes its default.' })
export class RecommendedBufferInput {
  @Field(() => Int, {
    ...optional,
    description:
      'Latest daily returns of the present shortfall and volatilities, 20 to 5000; 500 when absent. The long-run shortfall takes up to 2520 whatever is stated.',
  })
  window?: number | null;

  @Field(() => [PriceSymbolInput], {
    ...optional,
    description: 'Symbols of underlyings whose prices were imported under another name than their identifier.',
  })
  symbols?: PriceSymbolInput[] | null;
}
