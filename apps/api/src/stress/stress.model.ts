import type { Decimal } from '@ballast/domain';
import type { AssetClass as AssetClassName } from '@ballast/use-cases';
import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AccountFigures } from '../analysis/what-if.model';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { BufferStatus } from '../graphql/enums';
import { Money } from '../money/money.model';
import { AssetClass } from './stress.input';

const nullable = { nullable: true } as const;

export const StressState = { VALUED: 'VALUED', INDETERMINATE: 'INDETERMINATE', REFUSED: 'REFUSED' } as const;
registerEnumType(StressState, {
  name: 'StressState',
  description: 'Whether a scenario has figures.',
  valuesMap: {
    VALUED: { description: 'It has.' },
    INDETERMINATE: { description: 'A contract has no price there.' },
    REFUSED: { description: 'A model has no value there, or the moves are impossible.' },
  },
});

export const StressOrigin = { HISTORICAL: 'HISTORICAL', HYPOTHETICAL: 'HYPOTHETICAL', CUSTOM: 'CUSTOM' } as const;
registerEnumType(StressOrigin, {
  name: 'StressOrigin',
  description: 'Where a scenario comes from.',
  valuesMap: {
    HISTORICAL: { description: 'It happened; of the library.' },
    HYPOTHETICAL: { description: 'It could happen; of the library.' },
    CUSTOM: { description: 'Stated by the caller.' },
  },
});

export const ReverseStressState = {
  SEARCHED: 'SEARCHED',
  BREACHED: 'BREACHED',
  INDETERMINATE: 'INDETERMINATE',
} as const;
registerEnumType(ReverseStressState, {
  name: 'ReverseStressState',
  description: 'Whether moves were searched.',
  valuesMap: {
    SEARCHED: { description: 'They were; null results mean none was found.' },
    BREACHED: { description: 'The buffer is negative already.' },
    INDETERMINATE: { description: 'The account cannot be valued.' },
  },
});

export const VolatilitySource = {
  GIVEN: 'GIVEN',
  HISTORICAL: 'HISTORICAL',
  IMPLIED: 'IMPLIED',
  ASSET_CLASS: 'ASSET_CLASS',
} as const;
registerEnumType(VolatilitySource, {
  name: 'VolatilitySource',
  description: 'Where a volatility comes from.',
  valuesMap: {
    GIVEN: { description: 'Stated by the caller.' },
    HISTORICAL: { description: 'Of the market snapshot.' },
    IMPLIED: { description: 'Of the held option nearest to the money.' },
    ASSET_CLASS: { description: 'An assumption of this service for its asset class.' },
  },
});

@ObjectType({ description: 'What a scenario does to one underlying of the account.' })
export class UnderlyingStress {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => AssetClass, { description: 'Class it was taken as.' })
  assetClass!: AssetClassName;

  @Field(() => DecimalScalar, { description: 'Price of the latest snapshot in quote currency per unit.' })
  price!: Decimal;

  @Field(() => DecimalScalar, { description: 'Price in the scenario in quote currency per unit; may be < 0.' })
  stressedPrice!: Decimal;

  @Field(() => Float, { description: 'Relative move of the price, −0.1 = −10 %.' })
  spot!: number;

  @Field(() => Float, { description: 'Relative move of its volatilities, 0.25 = 20 % → 25 %; < 0 = calmer.' })
  volatility!: number;

  @Field(() => Float, { description: 'Move of its rates per year, 0.01 = one percentage point up; < 0 = down.' })
  rate!: number;
}

export const StressVerification = { COMPUTED: 'COMPUTED', STATED: 'STATED', ASSUMED: 'ASSUMED' } as const;
registerEnumType(StressVerification, {
  name: 'StressVerification',
  description: 'How far a figure of a scenario was checked.',
  valuesMap: {
    COMPUTED: { description: 'Recomputed from closes of a file of the reference data.' },
    STATED: { description: 'As its publisher is known to have printed it; nothing here checks it.' },
    ASSUMED: { description: 'A judgement of this service: nothing was published.' },
  },
});

@ObjectType({ description: 'Where one figure of a scenario comes from.' })
export class StressFigure {
  @Field({ description: 'Series with its two closes, or what is assumed.' })
  what!: string;

  @Field(() => [String], { description: 'Moves that rest on it: class or underlying and part, `equity-index.spot`.' })
  moves!: readonly string[];

  @Field(() => StressVerification, { description: 'Whether it was recomputed, only taken over, or assumed.' })
  verification!: keyof typeof StressVerification;

  @Field({ description: 'File and column of the reference data, publisher, or motive of the assumption.' })
  source!: string;
}

@ObjectType({ description: 'What one scenario leaves of the account.' })
export class StressOutcome {
  @Field({ description: 'Name of the library or of the caller, for example `1987-10-19`.' })
  name!: string;

  @Field({ description: 'What happened, in a sentence.' })
  title!: string;

  @Field(() => StressOrigin, { description: 'Library or caller.' })
  origin!: keyof typeof StressOrigin;

  @Field(() => [String], { description: 'Where its figures come from; assumptions say so.' })
  sources!: readonly string[];

  @Field(() => [StressFigure], {
    description: 'The same figure by figure, with how far each was checked; empty for custom ones.',
  })
  figures!: readonly StressFigure[];

  @Field(() => StressState, { description: 'Amounts are null unless VALUED.' })
  state!: keyof typeof StressState;

  @Field(() => [String], { description: 'Why there are no figures; empty otherwise.' })
  reasons!: readonly string[];

  @Field(() => Money, { ...nullable, description: 'Equity in the scenario − equity now; < 0 is a loss.' })
  profit!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Buffer in the scenario − buffer now; < 0 = nearer to trouble.' })
  bufferChange!: Money | null;

  @Field(() => Money, { ...nullable, description: 'What the client would owe: max(0, −equity in the scenario).' })
  uncoveredLoss!: Money | null;

  @Field(() => AccountFigures, { ...nullable, description: 'Requirement, equity, buffer and status in the scenario.' })
  after!: AccountFigures | null;

  @Field(() => [UnderlyingStress], { description: 'Moves of the underlyings the account depends on.' })
  moves!: readonly UnderlyingStress[];

  @Field(() => [String], { description: 'Underlyings that the scenario says nothing about; they stay.' })
  unmoved!: readonly string[];

  @Field(() => [String], {
    description: 'Names of its moves and betas that are no underlying of this account: nothing comes of them here.',
  })
  unmatched!: readonly string[];

  @Field(() => [String], { description: 'Underlyings below 0 whose options the normal model values here.' })
  normalModel!: readonly string[];
}

@ObjectType({ description: 'Move of one underlying towards a point at which the buffer is gone.' })
export class ReverseStressMove {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { description: 'In standard deviations over the horizon; < 0 = down.' })
  deviations!: number;

  @Field(() => Float, { description: 'Relative move as `whatIf` takes it, −0.1 = −10 %.' })
  move!: number;

  @Field(() => DecimalScalar, { description: 'Price there in quote currency per unit.' })
  price!: Decimal;
}

@ObjectType({ description: 'A point at which the buffer is gone, and what the account looks like there.' })
export class ReverseStressPoint {
  @Field(() => Float, { description: 'Root of the sum of squared deviations; ≥ 0, correlation left out.' })
  norm!: number;

  @Field(() => Float, {
    ...nullable,
    description:
      'Mahalanobis distance under the correlations, ≥ 0: the smaller, the likelier; null where they exclude it.',
  })
  mahalanobis!: number | null;

  @Field(() => [ReverseStressMove], { description: 'Moves of all underlyings, 0 for those that stay.' })
  moves!: readonly ReverseStressMove[];

  @Field(() => Money, {
    ...nullable,
    description: 'Buffer there by a what-if: 0 but for rounding, or < 0 where the requirement jumps.',
  })
  buffer!: Money | null;

  @Field(() => BufferStatus, { description: 'Step of the ladder there.' })
  status!: keyof typeof BufferStatus;
}

@ObjectType({
  description: 'Nearest points at which the buffer is gone, down and up; null = none within 40 deviations.',
})
export class ReverseStressSides {
  @Field(() => ID, { ...nullable, description: 'Underlying that moves alone; null when all move together.' })
  underlying!: string | null;

  @Field(() => ReverseStressPoint, { ...nullable, description: 'Falling prices (of betas > 0).' })
  down!: ReverseStressPoint | null;

  @Field(() => ReverseStressPoint, { ...nullable, description: 'Rising prices (of betas > 0).' })
  up!: ReverseStressPoint | null;
}

@ObjectType({ description: 'Result of a search over all directions: an upper bound of the smallest distance.' })
export class ReverseStressSearch {
  @Field(() => ReverseStressPoint, { ...nullable, description: 'null = no direction that was tried gets there.' })
  point!: ReverseStressPoint | null;

  @Field({ description: 'false = the budget ended the search; a nearer point may exist.' })
  settled!: boolean;

  @Field(() => Int, { description: 'Markets that were valued.' })
  evaluations!: number;
}

@ObjectType({ description: 'An underlying as a factor of the search.' })
export class ReverseStressFactor {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => DecimalScalar, { description: 'Price of the latest snapshot in quote currency per unit.' })
  price!: Decimal;

  @Field(() => Float, { description: 'Standard deviation of its relative moves per year, 0.2 = 20 %; > 0.' })
  volatility!: number;

  @Field(() => VolatilitySource, { description: 'Where the volatility comes from.' })
  source!: keyof typeof VolatilitySource;
}

@ObjectType({ description: 'Moves of prices that exhaust the buffer; volatilities and rates stay.' })
export class ReverseStress {
  @Field(() => ReverseStressState, { description: 'Points are null unless SEARCHED.' })
  state!: keyof typeof ReverseStressState;

  @Field(() => Float, { description: 'Trading days that a standard deviation is of, ≥ 1.' })
  horizonDays!: number;

  @Field(() => [ReverseStressFactor], { description: 'Underlyings the account depends on.' })
  factors!: readonly ReverseStressFactor[];

  @Field(() => [ReverseStressSides], { description: 'Each underlying moving alone.' })
  byUnderlying!: readonly ReverseStressSides[];

  @Field(() => ReverseStressSides, { ...nullable, description: 'All underlyings by their beta × one move.' })
  parallel!: ReverseStressSides | null;

  @Field(() => ReverseStressSearch, { ...nullable, description: 'The move of the smallest norm.' })
  smallest!: ReverseStressSearch | null;

  @Field(() => ReverseStressSearch, { ...nullable, description: 'The move of the smallest Mahalanobis distance.' })
  mostLikely!: ReverseStressSearch | null;
}

@ObjectType({ description: 'An account now, under scenarios, and the moves that exhaust its buffer.' })
export class StressResult {
  @Field({ description: 'Version of the scenario library: the day its figures were last changed.' })
  libraryVersion!: string;

  @Field(() => AccountFigures, { description: 'As it stands on the latest snapshot.' })
  before!: AccountFigures;

  @Field(() => [StressOutcome], { description: 'In the order of the names, then the custom ones.' })
  scenarios!: readonly StressOutcome[];

  @Field(() => StressOutcome, { ...nullable, description: 'The scenario with the largest loss of equity.' })
  largestLoss!: StressOutcome | null;

  @Field(() => StressOutcome, { ...nullable, description: 'The scenario that leaves the smallest buffer.' })
  smallestBuffer!: StressOutcome | null;

  @Field(() => ReverseStress, { ...nullable, description: 'null when it was not asked for.' })
  reverse!: ReverseStress | null;
}
