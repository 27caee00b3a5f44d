import { type DynamicModule, Module } from '@nestjs/common';
import { Database } from './database';
import { type PersistenceOptions, persistenceOptionsFromEnv } from './persistence-options';
import { RunListener } from './run-listener';
import { SnapshotWitness } from './snapshot-witness';
import { AccountStore } from './stores/account-store';
import { BalanceFileStore } from './stores/balance-file-store';
import { BalanceStore } from './stores/balance-store';
import { BufferHistoryStore } from './stores/buffer-history-store';
import { BufferPolicyStore } from './stores/buffer-policy-store';
import { ExportStore } from './stores/export-store';
import { FeedStore } from './stores/feed-store';
import { FirmControlsStore } from './stores/firm-controls-store';
import { FileDeliveryStore } from './stores/file-delivery-store';
import { FirmStore } from './stores/firm-store';
import { HeldRequirementStore } from './stores/held-requirement-store';
import { HistoryChainStore } from './stores/history-chain-store';
import { CollateralStore } from './stores/collateral-store';
import { HaircutScheduleStore } from './stores/haircut-schedule-store';
import { IdempotencyStore } from './stores/idempotency-store';
import { InstrumentStore } from './stores/instrument-store';
import { CalendarStore } from './stores/calendar-store';
import { LifecycleHoldingReader } from './stores/lifecycle-holding-reader';
import { LifecycleStore } from './stores/lifecycle-store';
import { MarginCallStore } from './stores/margin-call-store';
import { MarginRunStore } from './stores/margin-run-store';
import { MarketStreamStore } from './stores/market-stream-store';
import { MarketDifferenceStore } from './stores/market-difference-store';
import { MarketSnapshotStore } from './stores/market-snapshot-store';
import { PositionFileStore } from './stores/position-file-store';
import { ParameterImpactStore } from './stores/parameter-impact-store';
import { PositionStore } from './stores/position-store';
import { PriceHistoryStore } from './stores/price-history-store';
import { ReconciliationStore } from './stores/reconciliation-store';
import { RequirementStore } from './stores/requirement-store';
import { RestatedAccountStore } from './stores/restated-account-store';
import { RiskParameterStore } from './stores/risk-parameter-store';
import { RunOutcomeStore } from './stores/run-outcome-store';
import { RunShardStore } from './stores/run-shard-store';
import { SettledRecordStore } from './stores/settled-record-store';
import { WebhookStore } from './stores/webhook-store';

const stores = [
  AccountStore,
  BalanceFileStore,
  BalanceStore,
  BufferHistoryStore,
  BufferPolicyStore,
  ExportStore,
  FeedStore,
  FirmControlsStore,
  FileDeliveryStore,
  FirmStore,
  HeldRequirementStore,
  HistoryChainStore,
  CollateralStore,
  HaircutScheduleStore,
  IdempotencyStore,
  InstrumentStore,
  CalendarStore,
  LifecycleHoldingReader,
  LifecycleStore,
  MarginCallStore,
  MarginRunStore,
  MarketDifferenceStore,
  MarketSnapshotStore,
  MarketStreamStore,
  RestatedAccountStore,
  PositionFileStore,
  ParameterImpactStore,
  PositionStore,
  PriceHistoryStore,
  ReconciliationStore,
  RequirementStore,
  RiskParameterStore,
  RunListener,
  RunOutcomeStore,
  RunShardStore,
  SettledRecordStore,
  SnapshotWitness,
  WebhookStore,
];

/**
 * The record as a Nest module. Importing it starts nothing: the database is resolved, started and migrated at the first
 * use of a store, or by `Database.connect()` where a process wants to know at boot.
 */
@Module({})
export class PersistenceModule {
  /** @param source  where the record is, or the record itself; default: the environment variables, read at the first use */
  static register(source?: PersistenceOptions | Database): DynamicModule {
    const open = (): Database =>
      source instanceof Database ? source : new Database(() => source ?? persistenceOptionsFromEnv(process.env));
    return {
      module: PersistenceModule,
      global: true,
      providers: [{ provide: Database, useFactory: open }, ...stores],
      exports: [Database, ...stores],
    };
  }
}
