import type { RiskMethod as MethodName } from '@ballast/use-cases';
import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { DataQuality } from '../graphql/enums';
import { LocalDateScalar } from '../graphql/local-date.scalar';
import { BreachEvaluation, RiskMethod } from './risk.input';

const nullable = { nullable: true } as const;

@ObjectType({ description: 'Daily returns that an estimate stands on.' })
export class ReturnWindow {
  @Field(() => LocalDateScalar, { description: 'Day from which the first return starts.' })
  from!: string;

  @Field(() => LocalDateScalar, { description: 'Day on which the last return ends.' })
  to!: string;

  @Field(() => Int, { description: 'Number of daily returns.' })
  returns!: number;
}

@ObjectType({ description: 'Figures of what depends on one underlying, looked at alone.' })
export class StandaloneRisk {
  @Field(() => ID, { description: 'The underlying; several joined by + where they cannot be told apart.' })
  underlying!: string;

  @Field(() => Float, { description: 'Value at risk alone, in the base currency, loss > 0.' })
  valueAtRisk!: number;

  @Field(() => Float, { description: 'Expected shortfall alone, in the base currency, loss > 0.' })
  expectedShortfall!: number;
}

@ObjectType({ description: 'Interval that holds the true value with a probability.' })
export class RiskInterval {
  @Field(() => Float, { description: 'Lower end, in the base currency, loss > 0.' })
  low!: number;

  @Field(() => Float, { description: 'Upper end, in the base currency, loss > 0.' })
  high!: number;

  @Field(() => Float, { description: 'Probability that the true value lies between, 0 … 1.' })
  coverage!: number;
}

@ObjectType({ description: 'An outcome of a historical simulation.' })
export class HistoricalLoss {
  @Field(() => LocalDateScalar, { description: 'Day on which the move ended.' })
  date!: string;

  @Field(() => Float, { description: "Loss of today's account under that move, in the base currency, loss > 0." })
  loss!: number;
}

@ObjectType({
  description: 'What an account may lose, by full revaluation on stored prices. Model values, losses > 0.',
})
export class ValueAtRisk {
  @Field(() => DataQuality, { description: 'INDETERMINATE when the account cannot be valued, else OK.' })
  quality!: keyof typeof DataQuality;

  @Field(() => RiskMethod, { description: 'How the distribution came about.' })
  method!: MethodName;

  @Field(() => Float, { description: 'Probability that the loss is not exceeded, 0.5 … 0.9999.' })
  confidence!: number;

  @Field(() => Int, { description: 'Trading days of the market move.' })
  horizonDays!: number;

  @Field({ description: 'Currency of every amount: the base currency of the account.' })
  currency!: string;

  @Field(() => Float, {
    ...nullable,
    description: 'Loss > 0 not exceeded with the confidence; null when INDETERMINATE.',
  })
  valueAtRisk!: number | null;

  @Field(() => Float, {
    ...nullable,
    description: 'Mean loss beyond the confidence, ≥ value at risk; null when INDETERMINATE.',
  })
  expectedShortfall!: number | null;

  @Field(() => Float, { ...nullable, description: 'Standard error of the value at risk, ≥ 0; null for DELTA_GAMMA.' })
  valueAtRiskError!: number | null;

  @Field(() => Float, { ...nullable, description: 'Standard error of the expected shortfall; null for DELTA_GAMMA.' })
  expectedShortfallError!: number | null;

  @Field(() => RiskInterval, { ...nullable, description: 'Where the true value at risk lies; null for DELTA_GAMMA.' })
  interval!: RiskInterval | null;

  @Field(() => [StandaloneRisk], { description: 'Each underlying looked at alone.' })
  standalone!: readonly StandaloneRisk[];

  @Field(() => Float, {
    description:
      'Sum of the standalone values at risk − that of the account: what correlation saves, in the base currency.',
  })
  diversification!: number;

  @Field(() => Int, { description: 'Outcomes looked at: days, or paths × replicates.' })
  observations!: number;

  @Field(() => ReturnWindow, { ...nullable, description: 'Returns used; null when no price moves the account.' })
  window!: ReturnWindow | null;

  @Field(() => [HistoricalLoss], { description: 'The worst outcomes of a historical simulation, worst first.' })
  worst!: readonly HistoricalLoss[];

  @Field(() => [String], { description: 'What limits the reliance on the figures.' })
  warnings!: readonly string[];
}

@ObjectType({ description: 'Probability of a breach up to a time.' })
export class BreachInstant {
  @Field(() => Float, { description: 'Trading days from now, > 0.' })
  tradingDays!: number;

  @Field(() => Float, { description: 'Probability that the buffer was exhausted by then, 0 … 1.' })
  probability!: number;
}

@ObjectType({ description: 'How soon the buffer is exhausted on the paths on which it is, in trading days.' })
export class TimeToBreach {
  @Field(() => Float, { description: 'Time ≥ 0 by which a tenth of these paths have breached.' })
  p10!: number;

  @Field(() => Float, { description: 'Time ≥ 0 by which half of these paths have breached.' })
  p50!: number;

  @Field(() => Float, { description: 'Time ≥ 0 by which nine tenths of these paths have breached.' })
  p90!: number;
}

@ObjectType({ description: 'Comparison of the buffer along simulated paths with full revaluations of the account.' })
export class BreachCheck {
  @Field(() => Int, { description: 'Full revaluations that were compared, at points of paths of their own.' })
  points!: number;

  @Field(() => Float, {
    description:
      'Largest difference between the two buffers, in the base currency, ≥ 0; 0 = every path was revalued in full.',
  })
  largestError!: number;
}

@ObjectType({ description: 'How likely equity falls below the maintenance requirement within a horizon.' })
export class BreachProbability {
  @Field(() => DataQuality, { description: 'INDETERMINATE when the account cannot be valued, else OK.' })
  quality!: keyof typeof DataQuality;

  @Field(() => Int, { description: 'Trading days looked ahead.' })
  horizonDays!: number;

  @Field(() => Float, {
    ...nullable,
    description: 'Probability of a breach at any time within the horizon, 0 … 1; null when INDETERMINATE.',
  })
  probability!: number | null;

  @Field(() => Float, { ...nullable, description: 'Standard error of the probability, ≥ 0; null when INDETERMINATE.' })
  standardError!: number | null;

  @Field(() => [BreachInstant], { description: 'Probability up to each instant of the simulation, ascending.' })
  curve!: readonly BreachInstant[];

  @Field(() => TimeToBreach, {
    ...nullable,
    description: 'When it happens, if it does; null when it practically never does.',
  })
  timeToBreach!: TimeToBreach | null;

  @Field(() => Float, {
    ...nullable,
    description: 'Equity − maintenance now, in the base currency, unrounded; null when INDETERMINATE.',
  })
  buffer!: number | null;

  @Field({ description: 'Currency of the buffer: the base currency of the account.' })
  currency!: string;

  @Field(() => BreachEvaluation, {
    ...nullable,
    description: 'How the requirement was evaluated along the paths; null when INDETERMINATE.',
  })
  evaluation!: keyof typeof BreachEvaluation | null;

  @Field(() => BreachCheck, {
    ...nullable,
    description: 'How far that evaluation lies from full revaluations; null where nothing was simulated.',
  })
  check!: BreachCheck | null;

  @Field(() => ReturnWindow, { ...nullable, description: 'Returns used; null when every volatility was given.' })
  window!: ReturnWindow | null;

  @Field(() => [String], { description: 'What limits the reliance on the figures.' })
  warnings!: readonly string[];
}
