import { Field, Float, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Decimal, Instant, UnderlyingKind as UnderlyingKindName } from '@ballast/domain';
import { DateTimeScalar } from '../graphql/date-time.scalar';
import { DecimalScalar } from '../graphql/decimal.scalar';
import { UserError } from '../graphql/user-error.model';
import { MarketSnapshot, UnderlyingKind } from './market-snapshot.model';

@InputType({
  description: 'Forward price of an underlying for one expiry; it overrides rate and yield for that expiry.',
})
export class ForwardQuoteInput {
  @Field(() => DateTimeScalar, { description: 'Instant of expiry for which the forward holds.' })
  expiry!: Instant;

  @Field(() => DecimalScalar, { description: 'Forward price in the quote currency per unit of the underlying.' })
  price!: Decimal;

  @Field(() => Float, {
    nullable: true,
    description: "Continuously compounded rate to this expiry, 0.05 = 5 % a year; the underlying's own when absent.",
  })
  rate?: number | null;
}

@InputType({ description: 'State of one underlying.' })
export class UnderlyingQuoteInput {
  @Field(() => ID, { description: 'The underlying, for example `BTC`; one that is not known yet is added.' })
  underlyingId!: string;

  @Field(() => UnderlyingKind, { description: 'What the underlying is; must agree with what is known.' })
  kind!: UnderlyingKindName;

  @Field({ description: 'Currency in which price and strikes are stated; must agree with what is known.' })
  currency!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Spot or index price in the quote currency per unit: > 0, of futures and spreads any. When absent, forwards come ' +
      'from put-call parity.',
  })
  price?: Decimal | null;

  @Field(() => Float, { description: 'Continuously compounded financing rate, 0.05 = 5 % a year; −0.2 to 1.' })
  rate!: number;

  @Field(() => Float, { description: 'Continuously compounded dividend yield or carry, 0.02 = 2 % a year; −1 to 1.' })
  dividendYield!: number;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the source stated the price; the instant of the snapshot when absent.',
  })
  quotedAt?: Instant | null;

  @Field(() => [ForwardQuoteInput], { nullable: true, description: 'Forwards by expiry; none when absent.' })
  forwards?: ForwardQuoteInput[] | null;
}

@InputType({ description: 'Quote of one listed contract. What is absent was not quoted, which is never 0.' })
export class InstrumentQuoteInput {
  @Field(() => ID, { description: 'The contract; its underlying must be stated too.' })
  instrumentId!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Highest buying price per unit in the contract's currency; absent when nobody bid.",
  })
  bid?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Lowest selling price per unit in the contract's currency; absent when nobody offered.",
  })
  ask?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Price at which positions are valued, per unit in the contract's currency.",
  })
  mark?: Decimal | null;

  @Field(() => Float, { nullable: true, description: 'Implied volatility, 0.20 = 20 % per √year; ≥ 0.' })
  impliedVolatility?: number | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Contracts open at the exchange; ≥ 0. Absent when not known, which is never 0.',
  })
  openInterest?: Decimal | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Contracts, of a holding units, that trade on an average day; ≥ 0. Absent when not known.',
  })
  volume?: Decimal | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the source stated the quote; the instant of the snapshot when absent.',
  })
  quotedAt?: Instant | null;
}

@InputType({ description: 'Exchange rate between two currencies.' })
export class FxRateInput {
  @Field({ description: 'Currency of which one unit is priced.' })
  from!: string;

  @Field({ description: 'Currency in which the price is stated.' })
  to!: string;

  @Field(() => DecimalScalar, { description: 'Units of `to` that one unit of `from` is worth; > 0.' })
  rate!: Decimal;
}

@InputType({
  description:
    'A market at one instant. It passes the same checks as a file; one that does not fit into a request body comes by ' +
    '`ballast import market`.',
})
export class PublishMarketSnapshotInput {
  @Field({ description: 'Chosen by the client, 1 to 128 characters: sending it again returns the first answer.' })
  idempotencyKey!: string;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Instant for which the data holds; now when absent, never in the future.',
  })
  asOf?: Instant | null;

  @Field(() => String, {
    nullable: true,
    description: 'Where the data comes from, one line of 1 to 1000 characters; who publishes it when absent.',
  })
  source?: string | null;

  @Field(() => [UnderlyingQuoteInput], { description: 'States of underlyings, 1 to 1000; each named once.' })
  underlyings!: UnderlyingQuoteInput[];

  @Field(() => [InstrumentQuoteInput], { description: 'Quotes of listed contracts, at most 10 000; each named once.' })
  quotes!: InstrumentQuoteInput[];

  @Field(() => [FxRateInput], { nullable: true, description: 'Exchange rates; none when absent.' })
  fx?: FxRateInput[] | null;
}

@ObjectType({ description: 'Answer to `publishMarketSnapshot`: the snapshot, or why none was stored.' })
export class PublishMarketSnapshotPayload {
  @Field(() => MarketSnapshot, {
    nullable: true,
    description: 'The snapshot with its quality and what was found; null when refused.',
  })
  snapshot!: unknown;

  @Field(() => Boolean, {
    nullable: true,
    description: 'False when the same content was published before; null when refused.',
  })
  isNew!: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'True when the circuit breaker keeps the snapshot aside: stored, but runs stay on the last believed one; null ' +
      'when refused.',
  })
  frozen!: boolean | null;

  @Field(() => [UserError], { description: 'Every reason for which nothing was stored; empty when it was.' })
  userErrors!: readonly UserError[];
}
