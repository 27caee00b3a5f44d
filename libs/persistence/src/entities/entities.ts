import { AccountEntity, AccountVersionEntity } from './account.entity';
import { BalanceEntity } from './balance.entity';
import { BufferObservationEntity, LatestBufferEntity } from './buffer-observation.entity';
import { BufferPolicyEntity } from './buffer-policy.entity';
import { FeedEventEntity } from './feed-event.entity';
import { FirmControlsEntity } from './firm-controls.entity';
import { FileDeliveryEntity } from './file-delivery.entity';
import { CollateralHoldingEntity, CollateralStatementEntity, HaircutScheduleEntity } from './collateral.entities';
import { FirmEntity } from './firm.entity';
import { HeldRequirementEntity, RequirementReleaseEntity } from './held-requirement.entity';
import { IdempotencyKeyEntity } from './idempotency-key.entity';
import { InstrumentEntity } from './instrument.entity';
import { CalendarChangeEntity, LifecycleEffectEntity, LifecycleEventEntity } from './lifecycle.entities';
import { MarginCallEntity, MarginCallEventEntity } from './margin-call.entities';
import { MarginRunEntity, MarginRunParameterSetEntity } from './margin-run.entity';
import { MarketSnapshotEntity } from './market-snapshot.entity';
import { MarketStreamMarkEntity } from './market-stream-mark.entity';
import { ParameterImpactEntity, ParameterImpactRowEntity } from './parameter-impact.entity';
import { PositionEntity, PositionStatementEntity } from './position.entity';
import { ForwardQuoteEntity, FxRateEntity, InstrumentQuoteEntity, UnderlyingQuoteEntity } from './quote.entities';
import { PriceHistoryEntity } from './price-history.entity';
import { BreakResolutionEntity, ReconciliationBreakEntity, ReconciliationEntity } from './reconciliation.entities';
import { RecordWriteEntity } from './record-write.entity';
import { RequirementEntity } from './requirement.entity';
import { RiskParameterSetEntity } from './risk-parameter-set.entity';
import { MarginRunShardEndEntity, MarginRunShardEntity } from './run-shard.entities';
import { UnderlyingEntity } from './underlying.entity';
import { NotificationEntity, WebhookDeliveryEntity, WebhookTargetEntity } from './webhook.entities';

/** Every table the application works with; a test compares their columns with the catalogs. */
export const entities = [
  AccountEntity,
  AccountVersionEntity,
  BalanceEntity,
  BufferObservationEntity,
  BufferPolicyEntity,
  FeedEventEntity,
  FirmControlsEntity,
  FileDeliveryEntity,
  CalendarChangeEntity,
  FirmEntity,
  ForwardQuoteEntity,
  FxRateEntity,
  HeldRequirementEntity,
  CollateralHoldingEntity,
  CollateralStatementEntity,
  HaircutScheduleEntity,
  IdempotencyKeyEntity,
  InstrumentEntity,
  InstrumentQuoteEntity,
  LatestBufferEntity,
  LifecycleEffectEntity,
  LifecycleEventEntity,
  MarginCallEntity,
  MarginCallEventEntity,
  MarginRunEntity,
  MarginRunParameterSetEntity,
  MarginRunShardEndEntity,
  MarginRunShardEntity,
  MarketSnapshotEntity,
  MarketStreamMarkEntity,
  ParameterImpactEntity,
  ParameterImpactRowEntity,
  PositionEntity,
  PositionStatementEntity,
  PriceHistoryEntity,
  BreakResolutionEntity,
  ReconciliationBreakEntity,
  ReconciliationEntity,
  RecordWriteEntity,
  RequirementEntity,
  RequirementReleaseEntity,
  RiskParameterSetEntity,
  NotificationEntity,
  UnderlyingEntity,
  WebhookDeliveryEntity,
  WebhookTargetEntity,
  UnderlyingQuoteEntity,
];
