import {
  AccountStore,
  BalanceStore,
  BufferPolicyStore,
  CalendarStore,
  CollateralStore,
  type Database,
  FeedStore,
  FirmControlsStore,
  HaircutScheduleStore,
  HeldRequirementStore,
  InstrumentStore,
  LifecycleStore,
  MarginCallStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RequirementStore,
  RiskParameterStore,
  RunShardStore,
} from '@ballast/persistence';
import { DecideMarginCalls } from '../margin-call/decide-margin-calls';
import { MarketReferences } from '../market/market-references';
import { SplitReader } from '../market/split-reader';
import { RunGuard } from '../run/run-guard';
import { AssetStores, LadderStores, RunInputReader } from '../run/run-inputs';
import { RunBookReader } from './run-book-reader';
import type { ColumnSource } from './run-columns';
import { ShardRunner, ShardStores } from './shard-runner';

/** Wires what works on shards, for a thread, which has no framework. */
export function openShardRunner(database: Database, columns: ColumnSource): ShardRunner {
  const instruments = new InstrumentStore(database);
  const positions = new PositionStore(database);
  const calendars = new CalendarStore(database);
  const lifecycle = new LifecycleStore(database);
  const controls = new FirmControlsStore(database);
  const policies = new BufferPolicyStore(database);
  const calls = new MarginCallStore(database);
  const inputs = new RunInputReader(
    positions,
    new AssetStores(new BalanceStore(database), new CollateralStore(database), new HaircutScheduleStore(database)),
    instruments,
    new LadderStores(policies, new RequirementStore(database), calls),
    new SplitReader(lifecycle, instruments),
  );
  const references = new MarketReferences(calendars, lifecycle);
  const feeds = new FeedStore(database);
  const guard = new RunGuard(new HeldRequirementStore(database), controls, positions, feeds, references);
  const stores = new ShardStores(
    new AccountStore(database),
    new MarginRunStore(database),
    new MarketSnapshotStore(database),
    new RiskParameterStore(database),
    new RunShardStore(database),
  );
  const books = new RunBookReader(database, inputs, guard);
  return new ShardRunner(stores, books, new DecideMarginCalls(calls, policies, controls, calendars), columns);
}
