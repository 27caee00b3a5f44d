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
export function openShardRunner(database: Database, columns?: ColumnSource): ShardRunner {
  const stores = new ShardStores(
    new AccountStore(database),
    new MarginRunStore(database),
    new MarketSnapshotStore(database),
    new RiskParameterStore(database),
    new RunShardStore(database),
  );
  const books = new RunBookReader(database, openRunInputs(database), openRunGuard(database));
  return new ShardRunner(stores, books, openMarginCallDecisions(database), columns);
}

/** What runs do to margin calls, wired as the modules wire it. */
export function openMarginCallDecisions(database: Database): DecideMarginCalls {
  return new DecideMarginCalls(
    new MarginCallStore(database),
    new BufferPolicyStore(database),
    new FirmControlsStore(database),
    new CalendarStore(database),
  );
}

/** Reads what a run has to know, wired as the modules wire it. */
export function openRunInputs(database: Database): RunInputReader {
  const instruments = new InstrumentStore(database);
  return new RunInputReader(
    new PositionStore(database),
    new AssetStores(new BalanceStore(database), new CollateralStore(database), new HaircutScheduleStore(database)),
    instruments,
    new LadderStores(new BufferPolicyStore(database), new RequirementStore(database), new MarginCallStore(database)),
    new SplitReader(new LifecycleStore(database), instruments),
  );
}

/** Guards the results of runs, wired as the modules wire it. */
export function openRunGuard(database: Database): RunGuard {
  return new RunGuard(
    new HeldRequirementStore(database),
    new FirmControlsStore(database),
    new PositionStore(database),
    new FeedStore(database),
    new MarketReferences(new CalendarStore(database), new LifecycleStore(database)),
  );
}
