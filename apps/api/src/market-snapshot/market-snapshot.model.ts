import { Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { DataQuality as QualityName, Decimal, Instant } from '@ballast/domain';
import { connectionOf } from '../graphql/connection.model';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { DataQuality } from '../graphql/enums';

export const UnderlyingKind = {
  EQUITY: 'equity',
  NARROW_INDEX: 'narrow-index',
  BROAD_INDEX: 'broad-index',
  HIGH_CAP_INDEX: 'high-cap-index',
  FX: 'fx',
  FUTURE: 'future',
  CRYPTO: 'crypto',
  OTHER: 'other',
} as const;
registerEnumType(UnderlyingKind, {
  name: 'UnderlyingKind',
  description: 'What an underlying is; it selects shock ranges and the pricing model.',
  valuesMap: {
    EQUITY: { description: 'A single share.' },
    NARROW_INDEX: { description: 'An index of few members.' },
    BROAD_INDEX: { description: 'An index of many members.' },
    HIGH_CAP_INDEX: { description: 'A broad index of large companies.' },
    FX: { description: 'An exchange rate.' },
    FUTURE: { description: 'A future, on which options are written.' },
    CRYPTO: { description: 'A coin or token, quoted around the clock.' },
    OTHER: { description: 'Anything else; the widest shocks apply.' },
  },
});

@ObjectType({ description: 'Forward price of an underlying for one expiry.' })
export class ForwardQuote {
  @Field(() => DateTimeScalar, { description: 'Instant of expiry for which the forward holds.' })
  expiry!: Instant;

  @Field(() => DecimalScalar, { description: 'Forward price in the quote currency per unit of the underlying.' })
  price!: Decimal;

  @Field(() => Float, {
    nullable: true,
    description:
      "Continuously compounded rate to this expiry, 0.05 = 5 % a year, may be < 0; the underlying's own rate when null.",
  })
  rate?: number | null;
}

@ObjectType({ description: 'State of one underlying in a snapshot.' })
export class UnderlyingQuote {
  @Field(() => ID, { description: 'The underlying, for example `BTC`.' })
  underlyingId!: string;

  @Field(() => UnderlyingKind, { description: 'What the underlying is.' })
  kind!: string;

  @Field({ description: 'Currency in which price and strikes are stated.' })
  currency!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Spot or index price in the quote currency per unit; null when the feed had none, never 0.',
  })
  price!: Decimal | null;

  @Field(() => Float, { description: 'Continuously compounded financing rate, 0.05 = 5 % a year; may be < 0.' })
  rate!: number;

  @Field(() => Float, {
    description: 'Continuously compounded dividend yield or carry, 0.02 = 2 % a year; may be < 0.',
  })
  dividendYield!: number;

  @Field(() => DateTimeScalar, { description: 'When the source stated the price.' })
  quotedAt!: Instant;

  @Field(() => [ForwardQuote], {
    description: 'Forwards by expiry, nearest first; they override rate and yield for their expiry.',
  })
  forwards!: readonly ForwardQuote[];
}

@ObjectType({ description: 'Quote of one contract in a snapshot.' })
export class InstrumentQuote {
  @Field(() => ID, { description: 'The contract quoted.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Highest buying price per unit in the contract's currency; null when nobody bid.",
  })
  bid!: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Lowest selling price per unit in the contract's currency; null when nobody offered.",
  })
  ask!: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Price at which positions are valued, per unit in the contract's currency; null when not stated.",
  })
  mark!: Decimal | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Quoted implied volatility, 0.20 = 20 % per √year; ≥ 0; null when not quoted.',
  })
  impliedVolatility!: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Contracts open at the exchange; ≥ 0, null when the source did not state it, which is not 0.',
  })
  openInterest?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Contracts, of a holding units, that trade on an average day or traded on the day of the quote, as the source ' +
      'counts them; ≥ 0, null when it did not.',
  })
  volume?: Decimal | null;

  @Field(() => DateTimeScalar, { description: 'When the source stated the quote.' })
  quotedAt!: Instant;

  @Field(() => [String], {
    description: 'Findings on the quote, for example `Q_ONE_SIDED` or `Q_STALE`; empty when there is nothing to say.',
  })
  flags!: readonly string[];
}

export const InstrumentQuoteConnection = connectionOf(InstrumentQuote, 'InstrumentQuote', 'by instrument identifier');

@ObjectType({ description: 'Exchange rate between two currencies.' })
export class FxRate {
  @Field({ description: 'Currency of which one unit is priced.' })
  from!: string;

  @Field({ description: 'Currency in which the price is stated.' })
  to!: string;

  @Field(() => DecimalScalar, { description: 'Units of `to` that one unit of `from` is worth; > 0.' })
  rate!: Decimal;
}

@ObjectType({ description: 'All market data of one instant, immutable; the same content has the same hash.' })
export class MarketSnapshot {
  @Field(() => ID, { description: 'Opaque identifier, to be used in `startMarginRun`.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'Instant for which the data holds.' })
  asOf!: Instant;

  @Field(() => DateTimeScalar, { description: 'When the service learnt the data.' })
  knownAt!: Instant;

  @Field({ description: 'SHA-256 of the canonical content in hexadecimal digits.' })
  contentHash!: string;

  @Field({ description: 'Where the data came from, as stated by whoever brought it.' })
  source!: string;

  @Field(() => DataQuality, { description: 'How good the data is as a whole.' })
  quality!: QualityName;

  @Field(() => [String], { description: 'Why the quality is not OK, one finding each; empty when it is OK.' })
  qualityReasons!: readonly string[];

  @Field(() => Int, { description: 'Underlyings with a state in the snapshot; ≥ 0.' })
  underlyingCount!: number;

  @Field(() => Int, { description: 'Contracts with a quote in the snapshot; ≥ 0.' })
  instrumentCount!: number;
}
