import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { DataQuality as QualityName, Decimal, Instant, Methodology as MethodologyName } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { BufferStatus, DataQuality, Methodology } from '../graphql/enums';
import { Money } from '../money/money.model';

@ObjectType({ description: 'Loss of the portfolio in one scenario, as the model computed it.' })
export class ScenarioLoss {
  @Field(() => Int, {
    description: 'Number of the scenario within its group, counted from 1 as the methodology numbers it.',
  })
  index!: number;

  @Field({ description: 'What was scanned: an underlying, a product group, or the whole portfolio.' })
  group!: string;

  @Field({ description: 'The scenario in words, for example `underlying −15 %, volatility +28 %`.' })
  label!: string;

  @Field(() => Float, {
    description: 'Decrease of value in the base currency: a loss is > 0, a gain < 0. Not rounded.',
  })
  loss!: number;
}

@ObjectType({ description: 'One line of the explanation of a requirement; children add up to their parent exactly.' })
export class BreakdownNode {
  @Field(() => ID, { description: 'Place in the tree, for example `1.2.3`; unique within the requirement.' })
  id!: string;

  @Field(() => ID, { nullable: true, description: 'Place of the line this one is part of; null at the top.' })
  parentId!: string | null;

  @Field({
    description:
      'Stable machine word, for example `scan-risk`, `diversification` (negative), `minimum-top-up`, `rounding`.',
  })
  kind!: string;

  @Field({ description: 'The line in words for people; may change between versions.' })
  label!: string;

  @Field(() => Money, { description: 'Share of the parent in the base currency: a charge is > 0, a credit < 0.' })
  amount!: Money;

  @Field({ description: 'How the amount came about, in words and numbers, for example `worst of 16 scenarios: 13`.' })
  basis!: string;
}

@ObjectType({ description: 'Share of one position in the maintenance requirement.' })
export class PositionContribution {
  @Field(() => ID, { description: 'The contract held.' })
  instrumentId!: string;

  @Field(() => Float, {
    description:
      'Euler share in the base currency; the shares of all positions add up to the requirement. < 0 when the position lowers it.',
  })
  euler!: number;

  @Field(() => Float, {
    description:
      'Requirement with the position minus the requirement without it, in the base currency; < 0 when the position helps.',
  })
  increment!: number;
}

@ObjectType({
  description:
    'What an account had to hold at one instant, and how its equity compared. Amounts are in the base currency and null exactly when quality is INDETERMINATE.',
})
export class MarginRequirement {
  @Field(() => ID, { description: 'Opaque identifier of this answer; the same run and account give the same one.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'Instant of positions and market data behind the figures.' })
  asOf!: Instant;

  @Field(() => Int, {
    description:
      'Milliseconds from `asOf` to now, ≥ 0; 2147483647 (about 25 days) stands for that age or any higher one.',
  })
  ageMs!: number;

  @Field(() => DataQuality, { description: 'How good the data behind the figures was.' })
  quality!: QualityName;

  @Field(() => [String], {
    description: 'Why the quality is not OK, one finding each, naming the contract or input; empty when it is OK.',
  })
  qualityReasons!: readonly string[];

  @Field(() => [String], {
    description: 'Remarks that do not touch the quality, for example a parameter used outside its usual range.',
  })
  warnings!: readonly string[];

  @Field(() => Methodology, { description: 'Rules by which the figures were computed.' })
  methodology!: MethodologyName;

  @Field(() => Money, {
    nullable: true,
    description: 'What must be there to open or keep positions freely; ≥ 0, rounded up, excludes net option value.',
  })
  initial!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Below this equity a margin call is due; ≥ 0, rounded up, excludes net option value.',
  })
  maintenance!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Market value of premium-style options: long > 0, short < 0. Part of equity, not of the requirement.',
  })
  netOptionValue!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Cash, positions and collateral after haircuts, each counted once; < 0 when the account owes.',
  })
  equity!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Part of equity that comes from pledged collateral after haircuts; ≥ 0, rounded down.',
  })
  collateralValue!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Equity − maintenance: the cushion. Negative means a shortfall of that size.',
  })
  buffer!: Money | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Buffer / maintenance: 0.25 means a quarter of the requirement to spare, < 0 a shortfall. Null when maintenance is 0 or unknown.',
  })
  bufferRatio!: Decimal | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Equity − initial: free for new positions when > 0, missing when < 0.',
  })
  excess!: Money | null;

  @Field(() => BufferStatus, { description: 'Step of the ladder on which the account stood.' })
  status!: keyof typeof BufferStatus;

  @Field(() => BufferStatus, {
    description:
      'Step by the figures alone. Differs from `status` where data worse than OK kept the account on its step; warnings say so.',
  })
  computedStatus!: keyof typeof BufferStatus;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Gross market exposure / equity: market value of shares and options and notional of futures, longs and shorts added, over equity. Null when equity is not positive or unknown.',
  })
  leverage!: Decimal | null;

  @Field(() => ScenarioLoss, {
    nullable: true,
    description:
      'The scenario that decides the requirement; ties take the lowest number. Null for methodologies without scenarios.',
  })
  worstScenario!: ScenarioLoss | null;
}
