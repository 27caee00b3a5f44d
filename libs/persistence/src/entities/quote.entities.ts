import type { Decimal, Instant, QuoteFlag, UnderlyingKind } from '@ballast/domain';
import { Entity } from 'typeorm';
import {
  CountColumn,
  DecimalColumn,
  DoubleColumn,
  InstantColumn,
  TextColumn,
  TextListColumn,
  UuidColumn,
} from './columns';

/** State of an underlying in a snapshot. */
@Entity('underlying_quotes')
export class UnderlyingQuoteEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'snapshot_id', primary: true })
  snapshotId!: string;

  @TextColumn({ name: 'underlying_id', primary: true })
  underlyingId!: string;

  @TextColumn({})
  kind!: UnderlyingKind;

  @TextColumn({})
  currency!: string;

  @DecimalColumn({ nullable: true })
  price!: Decimal | null;

  @DoubleColumn({})
  rate!: number;

  @DoubleColumn({ name: 'dividend_yield' })
  dividendYield!: number;

  @InstantColumn({ name: 'quoted_at' })
  quotedAt!: Instant;

  @DoubleColumn({ name: 'historical_volatility', nullable: true })
  historicalVolatility!: number | null;

  @TextColumn({ nullable: true })
  qualifier!: string | null;

  @TextColumn({ name: 'sensitivity_bucket', nullable: true })
  sensitivityBucket!: string | null;

  @DoubleColumn({ nullable: true })
  confidence!: number | null;

  @DecimalColumn({ name: 'stable_price', nullable: true })
  stablePrice!: Decimal | null;

  @DecimalColumn({ name: 'perpetual_price', nullable: true })
  perpetualPrice!: Decimal | null;

  @DoubleColumn({ name: 'perpetual_confidence', nullable: true })
  perpetualConfidence!: number | null;

  @DecimalColumn({ name: 'perpetual_unrealised_pnl', nullable: true })
  perpetualUnrealisedPnl!: Decimal | null;

  @DecimalColumn({ name: 'perpetual_unrealised_funding', nullable: true })
  perpetualUnrealisedFunding!: Decimal | null;

  @TextListColumn({})
  flags!: string[];
}

/** Forward price of an underlying for one expiry. */
@Entity('forward_quotes')
export class ForwardQuoteEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'snapshot_id', primary: true })
  snapshotId!: string;

  @TextColumn({ name: 'underlying_id', primary: true })
  underlyingId!: string;

  @InstantColumn({ primary: true })
  expiry!: Instant;

  /** Place in the list, which belongs to the snapshot's hash. */
  @CountColumn({})
  ordinal!: number;

  @DecimalColumn({})
  price!: Decimal;

  @DoubleColumn({ nullable: true })
  rate!: number | null;

  @DoubleColumn({ nullable: true })
  confidence!: number | null;

  @DoubleColumn({ name: 'rate_confidence', nullable: true })
  rateConfidence!: number | null;

  @DoubleColumn({ name: 'volatility_confidence', nullable: true })
  volatilityConfidence!: number | null;
}

/** Exchange rate of a snapshot. */
@Entity('fx_rates')
export class FxRateEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'snapshot_id', primary: true })
  snapshotId!: string;

  @CountColumn({ primary: true })
  ordinal!: number;

  @TextColumn({ name: 'from_currency' })
  fromCurrency!: string;

  @TextColumn({ name: 'to_currency' })
  toCurrency!: string;

  @DecimalColumn({})
  rate!: Decimal;
}

/** Quote of a contract in a snapshot; monthly partitions. */
@Entity('instrument_quotes')
export class InstrumentQuoteEntity {
  @UuidColumn({ name: 'firm_id', primary: true })
  firmId!: string;

  @UuidColumn({ name: 'snapshot_id', primary: true })
  snapshotId!: string;

  @InstantColumn({ name: 'as_of', primary: true })
  asOf!: Instant;

  @TextColumn({ name: 'instrument_id', primary: true })
  instrumentId!: string;

  @DecimalColumn({ nullable: true })
  bid!: Decimal | null;

  @DecimalColumn({ nullable: true })
  ask!: Decimal | null;

  @DecimalColumn({ nullable: true })
  mark!: Decimal | null;

  @DoubleColumn({ name: 'implied_volatility', nullable: true })
  impliedVolatility!: number | null;

  @InstantColumn({ name: 'quoted_at' })
  quotedAt!: Instant;

  @TextListColumn({})
  flags!: QuoteFlag[];

  @DecimalColumn({ name: 'open_interest', nullable: true })
  openInterest!: Decimal | null;

  @DecimalColumn({ nullable: true })
  volume!: Decimal | null;
}
