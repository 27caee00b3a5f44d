import {
  AccountStore,
  type Database,
  HeldRequirementStore,
  MarginRunStore,
  MarketSnapshotStore,
  RequirementStore,
  RiskParameterStore,
  RunShardStore,
  SettledRecordStore,
} from '@ballast/persistence';
import {
  JobQueue,
  ParameterSetsInEffect,
  RecordedEvaluation,
  ReplayProgress,
  ReplayRun,
  ReplayStores,
  RequirementExplanations,
  ResidentBooks,
  ResidentStores,
  RunBookReader,
  RunMargin,
  RunMarginStores,
  RunWorker,
  ShardedRuns,
  ShardRunner,
  ShardThreads,
  openMarginCallDecisions,
  openRunGuard,
  openRunInputs,
  openShardRunner,
} from '@ballast/use-cases';

export { openMarginCallDecisions, openRunInputs };

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
  const books = new RunBookReader(database, inputs, openRunGuard(database));
  const queue = new JobQueue(database);
  const calls = openMarginCallDecisions(database);
  const runner = openShardRunner(database);
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
