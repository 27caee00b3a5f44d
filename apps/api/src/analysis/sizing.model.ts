import type { SizingComponentName as ComponentName } from '@ballast/use-cases';
import { Field, Float, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DataQuality } from '../graphql/enums';

const nullable = { nullable: true } as const;

export const SizingComponentName = {
  ASSET_CLASS_FLOOR: 'asset-class-floor',
  EXPECTED_SHORTFALL: 'expected-shortfall',
  VOLATILITY_SCALED: 'volatility-scaled',
  LIQUIDITY: 'liquidity',
  CONCENTRATION: 'concentration',
  LEVERAGE: 'leverage',
  ANTI_PROCYCLICALITY: 'anti-procyclicality',
} as const satisfies Record<string, ComponentName>;
registerEnumType(SizingComponentName, {
  name: 'SizingComponentName',
  description: 'Why an account should have a buffer.',
  valuesMap: {
    ASSET_CLASS_FLOOR: { description: 'A share of maintenance by the most demanding kind of underlying held.' },
    EXPECTED_SHORTFALL: {
      description: 'Mean loss beyond 99 % over the days a liquidation takes, at present volatility.',
    },
    VOLATILITY_SCALED: { description: 'A share of maintenance × recent / long-run volatility, between 1 and 3 times.' },
    LIQUIDITY: {
      description:
        'Cost of closing everything held: half its bid-ask, and more for contracts beyond a share of open interest or of volume.',
    },
    CONCENTRATION: {
      description: 'A share of the exposure by which the largest underlying exceeds half of the whole.',
    },
    LEVERAGE: { description: 'A share of maintenance that rises in tiers with gross exposure / equity.' },
    ANTI_PROCYCLICALITY: {
      description:
        'What keeps the buffer from shrinking in calm markets: a part of maintenance, and losses of ten years.',
    },
  },
});

@ObjectType({ description: 'A figure that a component was computed from.' })
export class SizingInput {
  @Field({ description: 'What it is, for example `maintenance` or `share`; stable per component.' })
  name!: string;

  @Field(() => Float, {
    ...nullable,
    description:
      'Amounts in the base currency, shares and ratios as fractions, days as trading days; null for one without limit: leverage on equity ≤ 0, days to liquidate where nothing trades.',
  })
  value!: number | null;
}

@ObjectType({ description: 'One reason for a buffer, and how large it makes it.' })
export class SizingComponent {
  @Field(() => SizingComponentName, { description: 'Which reason.' })
  name!: ComponentName;

  @Field(() => Float, { description: 'Buffer that it alone asks for, in the base currency, ≥ 0.' })
  amount!: number;

  @Field({ description: 'True for the largest, which decides; for none when nothing is asked for.' })
  binding!: boolean;

  @Field(() => [SizingInput], { description: 'What the amount was computed from.' })
  inputs!: readonly SizingInput[];

  @Field(() => [String], {
    description:
      'What the figures do not say, one sentence each: contracts held in sizes beyond their market, and contracts whose ' +
      'bid-ask, open interest or volume is not known and how they were charged instead; empty when there is nothing to say.',
  })
  explanation!: readonly string[];
}

@ObjectType({
  description: 'How large a buffer an account should have over its maintenance requirement. Model values, unrounded.',
})
export class RecommendedBuffer {
  @Field(() => DataQuality, { description: 'INDETERMINATE when the account cannot be valued, else OK.' })
  quality!: keyof typeof DataQuality;

  @Field({ description: 'Currency of every amount: the base currency of the account.' })
  currency!: string;

  @Field(() => Float, {
    ...nullable,
    description: 'Recommended buffer ≥ 0: the largest of the components; null when INDETERMINATE.',
  })
  amount!: number | null;

  @Field(() => Float, {
    ...nullable,
    description: 'Buffer now, equity − maintenance; < 0 = short of maintenance. Null when INDETERMINATE.',
  })
  buffer!: number | null;

  @Field(() => SizingComponent, {
    ...nullable,
    description: 'The component that decides; null when INDETERMINATE or nothing is asked for.',
  })
  binding!: SizingComponent | null;

  @Field(() => [SizingComponent], { description: 'All seven in a fixed order; empty when INDETERMINATE.' })
  components!: readonly SizingComponent[];

  @Field(() => Float, {
    ...nullable,
    description:
      'Minutes until the account should be looked at again, 1 … 1440; fewer in wilder markets and with more leverage. Null when INDETERMINATE.',
  })
  reviewInterval!: number | null;

  @Field(() => String, { ...nullable, description: 'Where the shares and tiers come from; null when INDETERMINATE.' })
  source!: string | null;

  @Field(() => [String], { description: 'What limits the reliance on the figures.' })
  warnings!: readonly string[];
}
