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
  SettledRecordStore,
} from '@ballast/persistence';
import {
  AssetStores,
  DecideMarginCalls,
  JobQueue,
  MarketReferences,
  LadderStores,
  ParameterSetsInEffect,
  RecordedEvaluation,
  ReplayProgress,
  ReplayRun,
  ReplayStores,
  RequirementExplanations,
  ResidentBooks,
  ResidentStores,
  RunBookReader,
  RunGuard,
  RunInputReader,
  SplitReader,
  RunMargin,
  RunMarginStores,
  RunWorker,
  ShardedRuns,
  ShardRunner,
  ShardStores,
  ShardThreads,
} from '@ballast/use-cases';

/** The engine of one process, wired by hand. */
export interface RunEngine {
  readonly runMargin: RunMargin;
  readonly worker: RunWorker;
  readonly runner: ShardRunner;
  readonly threads: ShardThreads;
  readonly queue: JobQueue;
  readonly shards: RunShardStore;
  /** Stops the worker and gives the connections of the queue back. */
  readonly close: () => Promise<void>;
}

export function openRunEngine(database: Database): RunEngine {
  const accounts = new AccountStore(database);
  const snapshots = new MarketSnapshotStore(database);
  const runs = new MarginRunStore(database);
  const parameterSets = new RiskParameterStore(database);
  const shards = new RunShardStore(database);
  const inputs = openRunInputs(database);
  const guard = openRunGuard(database);
  const books = new RunBookReader(database, inputs, guard);
  const queue = new JobQueue(database);
  const calls = openMarginCallDecisions(database);
  const runner = new ShardRunner(new ShardStores(accounts, runs, snapshots, parameterSets, shards), books, calls);
  const threads = new ShardThreads(database);
  const worker = new RunWorker(queue, runner, threads);
  const sharded = new ShardedRuns(shards, runs, queue, worker);
  const stores = new RunMarginStores(accounts, snapshots, runs, calls);
  const settled = new SettledRecordStore(database);
  const residents = new ResidentBooks(
    new ResidentStores(database, accounts, settled, new HeldRequirementStore(database)),
    inputs,
  );
  const runMargin = new RunMargin(stores, new ParameterSetsInEffect(parameterSets), books, sharded, residents);
  const close = async (): Promise<void> => {
    sharded.stop();
    await worker.stop();
    await queue.beforeApplicationShutdown();
  };
  return { runMargin, worker, runner, threads, queue, shards, close };
}

/** Runs over few accounts, which need neither a queue nor a worker. */
export function openRunMargin(database: Database): RunMargin {
  return openRunEngine(database).runMargin;
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
  return new RunInputReader(
    new PositionStore(database),
    new AssetStores(new BalanceStore(database), new CollateralStore(database), new HaircutScheduleStore(database)),
    new InstrumentStore(database),
    new LadderStores(new BufferPolicyStore(database), new RequirementStore(database), new MarginCallStore(database)),
    new SplitReader(new LifecycleStore(database), new InstrumentStore(database)),
  );
}

function openRunGuard(database: Database): RunGuard {
  return new RunGuard(
    new HeldRequirementStore(database),
    new FirmControlsStore(database),
    new PositionStore(database),
    new FeedStore(database),
    new MarketReferences(new CalendarStore(database), new LifecycleStore(database)),
  );
}

function openReplayStores(database: Database): ReplayStores {
  return new ReplayStores(
    new AccountStore(database),
    new MarginRunStore(database),
    new MarketSnapshotStore(database),
    new RequirementStore(database),
    new RiskParameterStore(database),
  );
}

/** Evaluations of past runs, wired as the modules wire them. */
export function openRecordedEvaluation(database: Database): RecordedEvaluation {
  return new RecordedEvaluation(openReplayStores(database), openRunInputs(database), openRunGuard(database), database);
}

/** Replays of past runs, wired as the modules wire them. */
export function openReplay(database: Database): ReplayRun {
  return new ReplayRun(
    database,
    openReplayStores(database),
    openRecordedEvaluation(database),
    new ReplayProgress(database),
  );
}

/** Explanations of requirements, wired as the modules wire them. */
export function openExplanations(database: Database): RequirementExplanations {
  return new RequirementExplanations(openReplayStores(database), openRecordedEvaluation(database));
}
