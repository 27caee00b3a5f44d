import { Field, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Decimal } from '@ballast/domain';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { LocalDateScalar } from '../graphql/local-date.scalar';
import { Money } from '../money/money.model';

export const CollateralKind = {
  SECURITY: 'SECURITY',
  COIN: 'COIN',
  COMMODITY: 'COMMODITY',
  OTHER: 'OTHER',
} as const;
registerEnumType(CollateralKind, {
  name: 'CollateralKind',
  description: 'What a pledged asset is.',
  valuesMap: {
    SECURITY: { description: 'A bond, a share, a fund unit.' },
    COIN: { description: 'A crypto asset held on a ledger, for example BTC.' },
    COMMODITY: { description: 'A physical good, for example gold.' },
    OTHER: { description: 'Anything else, for example a letter of credit.' },
  },
});

@ObjectType({
  description:
    'One pledged asset besides cash and positions, and step by step how it came to its value. Amounts are rounded down; they are null where the holding cannot be valued, and `problem` says why.',
})
export class CollateralHolding {
  @Field({ description: 'Identifier of the asset, for example an ISIN or `BTC`; unique within the account.' })
  asset!: string;

  @Field(() => CollateralKind, { nullable: true, description: 'What the asset is; null where it was not stated.' })
  kind!: keyof typeof CollateralKind | null;

  @Field(() => String, {
    nullable: true,
    description: 'Class under which the schedule gives a haircut and limits add up, for example `T-Notes`.',
  })
  assetClass!: string | null;

  @Field(() => String, { nullable: true, description: 'Rating as the schedule writes it; null where none is known.' })
  rating!: string | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description: 'Last day of the life of a security; null without one.',
  })
  maturity!: string | null;

  @Field(() => String, { nullable: true, description: 'Haircut schedule that holds for the asset.' })
  schedule!: string | null;

  @Field(() => DecimalScalar, { description: 'Units pledged, for securities the face amount; > 0.' })
  quantity!: Decimal;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Price per unit: 0.99 for a bond at 99 %. The stated one, else that of the market snapshot.',
  })
  price!: Decimal | null;

  @Field(() => String, { nullable: true, description: 'Currency of price and of the values before conversion.' })
  currency!: string | null;

  @Field(() => Money, { nullable: true, description: 'Quantity × price; ≥ 0.' })
  grossValue!: Money | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Share of the value that the schedule does not count, 0…1; 1 where the asset is not accepted.',
  })
  haircut!: Decimal | null;

  @Field(() => Money, {
    nullable: true,
    description: 'Gross value less the haircut, in the currency of the asset; ≥ 0.',
  })
  valueAfterHaircut!: Money | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Units of the base currency for one of `currency`; null where nothing had to be converted.',
  })
  fxRate!: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Share by which the foreign currency is valued worse, 0…1; 0 for the base currency.',
  })
  fxHaircut!: Decimal | null;

  @Field(() => Money, { nullable: true, description: 'After both haircuts, in the base currency; before limits; ≥ 0.' })
  valueAfterFx!: Money | null;

  @Field(() => Money, {
    nullable: true,
    description: 'What a concentration limit does not count, in the base currency; ≥ 0.',
  })
  concentrationExcess!: Money | null;

  @Field(() => String, { nullable: true, description: 'The limit that took the excess; null when none did.' })
  limitedBy!: string | null;

  @Field(() => Money, { nullable: true, description: 'What counts in equity, in the base currency; ≥ 0.' })
  value!: Money | null;

  @Field(() => String, {
    nullable: true,
    description: 'Why the asset counts nothing or cannot be valued, in words; null when it counts.',
  })
  problem!: string | null;
}
