import type { DataQuality as QualityName, Decimal } from '@ballast/domain';
import { Field, Float, ID, ObjectType } from '@nestjs/graphql';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { BufferStatus, DataQuality } from '../graphql/enums';
import { ScenarioLoss } from '../margin-requirement/margin-requirement.model';
import { Money } from '../money/money.model';

const nullable = { nullable: true } as const;

@ObjectType({
  description: 'Position Greeks of one underlying: raw partial derivative × quantity × multiplier, summed.',
})
export class UnderlyingGreeks {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { description: 'Change of value per 1.00 of its price, in units of the underlying; long > 0.' })
  delta!: number;

  @Field(() => Float, { description: 'Change of delta per 1.00 of its price; > 0 for options bought.' })
  gamma!: number;

  @Field(() => Float, {
    description: 'Change of value per 1.00 of volatility, in its quote currency; > 0 for options bought.',
  })
  vega!: number;

  @Field(() => Float, {
    description: 'Change of value per year that passes, in its quote currency; < 0 for options bought that decay.',
  })
  theta!: number;

  @Field(() => Float, { description: 'Change of value per 1.00 of the rate, in its quote currency.' })
  rho!: number;
}

@ObjectType({
  description: 'Requirement and buffer of an account in one situation; amounts are null exactly when INDETERMINATE.',
})
export class AccountFigures {
  @Field(() => DataQuality, { description: 'INDETERMINATE when a contract cannot be valued.' })
  quality!: QualityName;

  @Field(() => [String], { description: 'Why it cannot be valued; empty otherwise.' })
  qualityReasons!: readonly string[];

  @Field(() => Money, {
    ...nullable,
    description: 'Initial requirement: must be covered to open positions; ≥ 0, rounded up.',
  })
  initial!: Money | null;

  @Field(() => Money, {
    ...nullable,
    description: 'Maintenance requirement: must be covered at all times; ≥ 0, rounded up.',
  })
  maintenance!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Market value of premium-style options: bought > 0, sold < 0.' })
  netOptionValue!: Money | null;

  @Field(() => Money, {
    ...nullable,
    description:
      'Cash, holdings, options, unrealised profit and collateral; < 0 when more is owed than owned; rounded down.',
  })
  equity!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Part of equity that is pledged collateral after haircuts; ≥ 0.' })
  collateralValue!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Equity − maintenance; < 0 is a shortfall.' })
  buffer!: Money | null;

  @Field(() => DecimalScalar, {
    ...nullable,
    description: 'Buffer / maintenance; null when maintenance is 0 or unknown.',
  })
  bufferRatio!: Decimal | null;

  @Field(() => Money, { ...nullable, description: 'Equity − initial; < 0 is missing for new positions.' })
  excess!: Money | null;

  @Field(() => BufferStatus, { description: 'Step of the ladder.' })
  status!: keyof typeof BufferStatus;

  @Field(() => ScenarioLoss, {
    ...nullable,
    description: 'The scenario that decides; null for methodologies without scenarios.',
  })
  worstScenario!: ScenarioLoss | null;

  @Field(() => [UnderlyingGreeks], { description: 'Position Greeks by underlying.' })
  greeks!: readonly UnderlyingGreeks[];
}

@ObjectType({ description: 'After − before of every figure; null where one of the two is unknown.' })
export class AccountFiguresChange {
  @Field(() => Money, { ...nullable, description: 'Change of the initial requirement; > 0 = more is required.' })
  initial!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Change of the maintenance requirement; > 0 = more is required.' })
  maintenance!: Money | null;

  @Field(() => Money, {
    ...nullable,
    description: 'Change of what options paid up front are worth; > 0 = more owned or less owed.',
  })
  netOptionValue!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Change of equity; < 0 = lost.' })
  equity!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Change of pledged holdings after haircuts; > 0 = more counts.' })
  collateralValue!: Money | null;

  @Field(() => Money, { ...nullable, description: 'Change of the buffer; < 0 = nearer to trouble.' })
  buffer!: Money | null;

  @Field(() => DecimalScalar, {
    ...nullable,
    description: 'After − before, for example −0.25 when a quarter of maintenance is used up.',
  })
  bufferRatio!: Decimal | null;

  @Field(() => Money, { ...nullable, description: 'Change of equity − initial; < 0 = less room for new positions.' })
  excess!: Money | null;

  @Field(() => [UnderlyingGreeks], { description: 'Change of the position Greeks by underlying.' })
  greeks!: readonly UnderlyingGreeks[];
}

@ObjectType({ description: 'What a trade, or the settlement of an expired contract, did to cash.' })
export class CashEffect {
  @Field(() => ID, { description: 'What was traded or settled: identifier of a listed contract.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, {
    description: 'Contracts: bought > 0, sold < 0; of a settlement, held > 0 or owed < 0.',
  })
  quantity!: Decimal;

  @Field(() => DecimalScalar, { description: "Price per unit in the contract's currency." })
  price!: Decimal;

  @Field(() => Money, { description: 'Cash received > 0 or paid < 0, fees included; rounded down.' })
  cash!: Money;
}

@ObjectType({ description: 'An account before and after trades, cash movements and a move of the market.' })
export class WhatIfResult {
  @Field(() => AccountFigures, { description: 'As it stands on the latest snapshot.' })
  before!: AccountFigures;

  @Field(() => AccountFigures, { description: 'As it would stand.' })
  after!: AccountFigures;

  @Field(() => AccountFiguresChange, { description: 'After − before.' })
  change!: AccountFiguresChange;

  @Field(() => DecimalScalar, {
    ...nullable,
    description:
      'Largest quantity of the first trade, signed as it, after which the requirement is still covered; other trades keep their proportion. 0 = not one. Null without trades, without a limit, or when the account cannot be valued.',
  })
  affordableQuantity!: Decimal | null;

  @Field(() => [CashEffect], { description: 'The trades as they were taken.' })
  trades!: readonly CashEffect[];

  @Field(() => [CashEffect], { description: 'Contracts that expire within the days that pass, settled in cash.' })
  settled!: readonly CashEffect[];
}
