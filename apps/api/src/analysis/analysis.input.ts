import type { Decimal } from '@ballast/domain';
import type { CoveredRequirement as CoveredName, RestorationTarget as TargetName } from '@ballast/use-cases';
import { Field, Float, ID, InputType, Int, registerEnumType } from '@nestjs/graphql';
import { DecimalScalar } from '../graphql/decimal.scalar';

export const CoveredRequirement = { INITIAL: 'INITIAL', MAINTENANCE: 'MAINTENANCE' } as const;
registerEnumType(CoveredRequirement, {
  name: 'CoveredRequirement',
  description: 'Which requirement equity must still cover.',
  valuesMap: {
    INITIAL: { description: 'The initial requirement: what a new trade has to leave covered.' },
    MAINTENANCE: { description: 'The maintenance requirement: the buffer stays at 0 or above.' },
  },
});

export const RestorationTarget = { CALL: 'CALL', INITIAL: 'INITIAL', MAINTENANCE: 'MAINTENANCE' } as const;
registerEnumType(RestorationTarget, {
  name: 'RestorationTarget',
  description: 'Level that equity has to reach.',
  valuesMap: {
    CALL: {
      description: 'What a margin call asks for: the larger of initial and the call target multiple × maintenance.',
    },
    INITIAL: { description: 'Equity covers what is needed to open positions.' },
    MAINTENANCE: { description: 'Equity covers what is needed at all times: a buffer of 0.' },
  },
});

@InputType({ description: 'A trade that is asked about; its contract need not be held.' })
export class WhatIfTradeInput {
  @Field(() => ID, { description: 'What is traded: identifier of a listed contract.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, { description: 'Contracts: bought > 0, sold < 0, not 0.' })
  quantity!: Decimal;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Price per unit in the contract's currency; the mark of the latest snapshot when absent.",
  })
  price?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Fees per contract in the contract's currency, ≥ 0; none when absent.",
  })
  feePerContract?: Decimal | null;
}

@InputType({ description: 'Cash that comes into the account or leaves it.' })
export class CashMovementInput {
  @Field({ description: 'ISO 4217 code or coin symbol.' })
  currency!: string;

  @Field(() => DecimalScalar, { description: 'Amount: paid in > 0, drawn < 0.' })
  amount!: Decimal;
}

@InputType({ description: 'Moves of one underlying in place of the general ones.' })
export class UnderlyingShiftInput {
  @Field(() => ID, { description: 'Identifier of what the contracts are written on, for example `SPX`.' })
  underlying!: string;

  @Field(() => Float, { nullable: true, description: 'Relative move of its price, −0.1 = −10 %; 0 when absent.' })
  spot?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Relative move of its volatilities, 0.25 = 20 % → 25 %; 0 when absent.',
  })
  volatility?: number | null;
}

@InputType({
  description:
    'A move of the market: forwards, futures and perpetuals move with their underlying, options keep the volatility of their strike, rates stay.',
})
export class MarketShiftInput {
  @Field(() => Float, {
    nullable: true,
    description: 'Relative move of every underlying price, −0.1 = −10 %; ≥ −1 unless prices can be negative.',
  })
  spot?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Relative move of every volatility, 0.25 turns 20 % into 25 %; ≥ −1.',
  })
  volatility?: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Calendar days of 24 h that pass, ≥ 0; contracts that expire on the way settle at their intrinsic value.',
  })
  days?: number | null;

  @Field(() => [UnderlyingShiftInput], { nullable: true, description: 'Underlyings with moves of their own.' })
  underlyings?: UnderlyingShiftInput[] | null;
}

@InputType({
  description: 'What would be done, in this order: cash moves, trades at the market of now, then the market moves.',
})
export class WhatIfInput {
  @Field(() => [WhatIfTradeInput], { nullable: true, description: 'Trades, 100 at most; none when absent.' })
  trades?: WhatIfTradeInput[] | null;

  @Field(() => [CashMovementInput], { nullable: true, description: 'Cash movements; none when absent.' })
  cash?: CashMovementInput[] | null;

  @Field(() => MarketShiftInput, {
    nullable: true,
    description: 'Move of the market after the trades; none when absent.',
  })
  shifts?: MarketShiftInput | null;

  @Field(() => CoveredRequirement, {
    nullable: true,
    description: 'Requirement that the affordable quantity leaves covered; INITIAL when absent.',
  })
  cover?: CoveredName | null;
}

@InputType({ description: 'A contract that a plan may buy or sell besides closing what is held.' })
export class HedgeCandidateInput {
  @Field(() => ID, { description: 'What is traded: identifier of a listed contract.' })
  instrumentId!: string;

  @Field(() => Int, { description: 'Contracts at most in either direction, > 0.' })
  maximum!: number;
}

@InputType({ description: 'How an account may be brought back.' })
export class RestorationInput {
  @Field(() => RestorationTarget, { nullable: true, description: 'Level to reach; CALL when absent.' })
  target?: TargetName | null;

  @Field(() => [HedgeCandidateInput], {
    nullable: true,
    description: 'Hedges to consider, 20 at most; none when absent.',
  })
  hedges?: HedgeCandidateInput[] | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Half of the bid-ask spread as a fraction of the price, for contracts without both quotes; 0 when absent.',
  })
  halfSpread?: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Fees per contract in the contract's currency, ≥ 0; 0 when absent.",
  })
  feePerContract?: Decimal | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Sets of trades that are looked at before the search settles, 1 to 5000; 2000 when absent.',
  })
  budget?: number | null;
}
