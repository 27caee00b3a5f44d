import type { Decimal } from '@ballast/domain';
import { Field, Float, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { Money } from '../money/money.model';
import { RestorationTarget } from './analysis.input';
import { AccountFigures, CashEffect } from './what-if.model';

const nullable = { nullable: true } as const;

export const ShortfallSide = { BELOW: 'BELOW', ABOVE: 'ABOVE' } as const;
registerEnumType(ShortfallSide, {
  name: 'ShortfallSide',
  description: 'On which side of a level the buffer is negative.',
  valuesMap: { BELOW: { description: 'At lower values.' }, ABOVE: { description: 'At higher values.' } },
});

@ObjectType({ description: 'A point at which equity equals the maintenance requirement.' })
export class LiquidationPoint {
  @Field(() => DecimalScalar, {
    ...nullable,
    description: 'Price of the underlying, per unit in its currency; null for moves that are not of one price.',
  })
  price!: Decimal | null;

  @Field(() => Float, { description: 'Relative move from now, −0.1 = −10 %.' })
  move!: number;

  @Field(() => ShortfallSide, { description: 'On which side the buffer is negative.' })
  shortfall!: keyof typeof ShortfallSide;

  @Field({ description: 'true when the requirement jumps there, so that the buffer passes 0 without being 0.' })
  jump!: boolean;
}

@ObjectType({
  description:
    'Prices of one underlying at which equity equals the maintenance requirement, all else unchanged, options at the volatility of their strike.',
})
export class LiquidationLevel {
  @Field(() => ID, { description: 'The underlying whose price moves.' })
  underlying!: string;

  @Field({ description: 'Quote currency in which the three figures are stated, for example `USD`.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: 'Price now, per unit.' })
  price!: Decimal;

  @Field(() => DecimalScalar, {
    ...nullable,
    description: 'Nearest such price at or below the one of now; null = none.',
  })
  lower!: Decimal | null;

  @Field(() => DecimalScalar, {
    ...nullable,
    description: 'Nearest such price above the one of now, up to five times it; null = none.',
  })
  upper!: Decimal | null;

  @Field(() => [LiquidationPoint], { description: 'Every such price, ascending.' })
  points!: readonly LiquidationPoint[];
}

@ObjectType({ description: 'Moves at which equity equals the maintenance requirement.' })
export class LiquidationMoves {
  @Field(() => LiquidationPoint, { ...nullable, description: 'Nearest fall; null = none.' })
  lower!: LiquidationPoint | null;

  @Field(() => LiquidationPoint, { ...nullable, description: 'Nearest rise; null = none.' })
  upper!: LiquidationPoint | null;

  @Field(() => [LiquidationPoint], { description: 'Every such move, ascending.' })
  points!: readonly LiquidationPoint[];
}

@ObjectType({ description: 'Moves of the whole market that exhaust the buffer.' })
export class MarketLevels {
  @Field(() => LiquidationMoves, { description: 'All prices together, each by its beta × the move.' })
  prices!: LiquidationMoves;

  @Field(() => LiquidationMoves, { description: 'All volatilities together, relative.' })
  volatility!: LiquidationMoves;
}

@ObjectType({ description: 'Ways back above a target level; amounts are null when the account cannot be valued.' })
export class RestorationPlan {
  @Field(() => RestorationTarget, { description: 'Level that was asked for.' })
  target!: keyof typeof RestorationTarget;

  @Field(() => Money, { ...nullable, description: 'Equity that is needed as the account stands; ≥ 0.' })
  level!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Smallest deposit that reaches it, ≥ 0; 0 when nothing is missing.' })
  deposit!: Money | null;

  @Field(() => [CashEffect], {
    ...nullable,
    description:
      'Cheapest closing and hedging trades that reach the level of the account after them; null when there are none, or none was found.',
  })
  trades!: readonly CashEffect[] | null;

  @Field(() => Money, {
    ...nullable,
    description: 'What the trades cost against the marks: half spreads and fees; ≥ 0, rounded up.',
  })
  cost!: Money | null;

  @Field(() => Money, {
    ...nullable,
    description: 'No set of trades costs less than this, ≥ 0; the cost itself when optimal.',
  })
  costLowerBound!: Money | null;

  @Field({
    description: 'Whether the set is proved the cheapest; without trades, whether it is proved that there is none.',
  })
  optimal!: boolean;

  @Field(() => AccountFigures, { ...nullable, description: 'The account after the trades.' })
  after!: AccountFigures | null;
}
