import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Account, MarketSnapshot, Methodology } from '@ballast/domain';
import {
  AccountStore,
  type AccountResult,
  type HashedResult,
  type MarginRun,
  MarginRunStore,
  MarketSnapshotStore,
  RiskParameterStore,
  type RunShard,
  RunShardStore,
  type ShardOutcome,
  type TenantContext,
} from '@ballast/persistence';
import { Inject, Injectable, Optional } from '@nestjs/common';
import { DecideMarginCalls } from '../margin-call/decide-margin-calls';
import { engineVersion } from '../run/engine-version';
import { hashRunStream, type MethodInEffect } from '../run/evaluate-account';
import { prepareParameterSet } from '../risk-parameters/parameter-sets-in-effect';
import type { RunCatalogue } from '../run/run-inputs';
import { momentOf } from './run-moment';
import { UseCaseError } from '../caller/use-case-error';
import { CentsEvaluation } from './cents-evaluation';
import { passingReading } from './passing-books';
import { DenseEvaluation } from './dense-evaluation';
import { evaluatePlanned } from './evaluate-planned';
import type { ShardJob } from './job-queue';
import { RunBookReader } from './run-book-reader';
import { EnginePhases } from './engine-phases';
import { type ColumnSource, RunColumns } from './run-columns';

/** What the shards of a run share inside one process. */
interface RunContext {
  readonly run: MarginRun;
  readonly snapshot: MarketSnapshot;
  readonly snapshotHash: string;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
  readonly catalogue: RunCatalogue;
  readonly columns: RunColumns;
  readonly dense: DenseEvaluation;
  readonly cents: CentsEvaluation;
}

/** Runs kept in memory: the one being worked on and one that overlaps it. */
export const runsKept = 2;
/** What gives a runner in a thread the columns it has in common with others. */
const columnSource = Symbol('column source');
/** Longest stretch of computing before other work of the process gets a turn [ms]. */
const turnLengthMs = 15;

/** The stores that a shard is read from and written to. */
@Injectable()
export class ShardStores {
  constructor(
    readonly accounts: AccountStore,
    readonly runs: MarginRunStore,
    readonly snapshots: MarketSnapshotStore,
    readonly parameterSets: RiskParameterStore,
    readonly shards: RunShardStore,
  ) {}
}

/** Works on one shard of a run: reads it under its firm, evaluates its accounts, commits results and end at once. */
@Injectable()
export class ShardRunner {
  private readonly contexts = new Map<string, Promise<RunContext>>();
  /** Where the time of this process went. */
  readonly phases = new EnginePhases();

  constructor(
    private readonly stores: ShardStores,
    private readonly books: RunBookReader,
    private readonly calls: DecideMarginCalls,
    @Optional() @Inject(columnSource) private readonly source: ColumnSource | null = null,
  ) {}

  /**
   * Safe to call any number of times for one shard, also at the same time: one call's results take effect.
   *
   * @param job      as delivered; everything about the run is read again under the firm it names
   * @param signal   aborted when the process has to stop: the shard is then left for another delivery
   * @throws UseCaseError 'UNAVAILABLE' when stopped, 'CONFLICT' for a run of another engine version
   */
  async execute(job: ShardJob, worker: string, signal?: AbortSignal): Promise<ShardOutcome | 'nothing to do'> {
    const context: TenantContext = { firmId: job.firmId };
    const shard = await this.stores.shards.findOpen(context, job.runId, job.shard);
    if (shard === null) return 'nothing to do';
    const shared = await this.contextOf(context, job.runId);
    const accounts = await this.readAccounts(context, shard);
    const { run, snapshot, snapshotHash, catalogue } = shared;
    const book = await this.phases.time('load', () =>
      this.books.read(context, accounts, { ...momentOf(run), snapshot }, catalogue),
    );
    await shared.columns.bring(accounts);
    const results = await this.evaluate({ ...shared, ...book, unexplained: true }, accounts, signal);
    shared.columns.noteFull(shared.dense.withoutRoom);
    const { id, asOf } = run;
    return this.phases.time('write', () =>
      this.stores.shards.record(
        context,
        { id, asOf, engineVersion: run.engineVersion, snapshotHash },
        { shard: shard.shard, results, worker },
        (transaction) => this.calls.execute(transaction, run, results),
      ),
    );
  }

  /** Closes the run of a shard when that was its last. @returns the closed run, or null */
  async closeWhenDone({ firmId, runId }: Pick<ShardJob, 'firmId' | 'runId'>): Promise<MarginRun | null> {
    const closed = await this.stores.shards.closeWhenDone(
      { firmId },
      runId,
      (results: AsyncIterable<readonly HashedResult[]>) => hashRunStream(results),
    );
    if (closed !== null) this.contexts.delete(runId);
    return closed;
  }

  /** Ends a shard that nobody can finish, so that the run can close without its accounts. */
  async giveUp(job: ShardJob, worker: string, reason: string): Promise<void> {
    const { firmId, runId, shard } = job;
    await this.stores.shards.recordDead({ firmId }, { runId, shard, worker, reason });
    await this.closeWhenDone(job);
  }

  private async evaluate(
    { dense, cents, ...plan }: Parameters<typeof evaluatePlanned>[0] & Pick<RunContext, 'dense' | 'cents'>,
    accounts: readonly Account[],
    signal: AbortSignal | undefined,
  ): Promise<readonly AccountResult[]> {
    const results: AccountResult[] = [];
    let started = performance.now();
    for (const account of accounts) {
      results.push(cents.evaluate(plan, account) ?? dense.evaluate(plan, account) ?? evaluatePlanned(plan, account));
      if (performance.now() - started < turnLengthMs) continue;
      this.phases.add('evaluate', performance.now() - started);
      await nextTurn();
      if (signal?.aborted === true)
        throw new UseCaseError('UNAVAILABLE', 'the process stopped before the shard was done');
      started = performance.now();
    }
    this.phases.add('evaluate', performance.now() - started);
    return results;
  }

  /** Accounts with the methodology of the moment the run was opened; somebody may have changed it since. */
  private async readAccounts(
    context: TenantContext,
    { accountIds, methodologies }: RunShard,
  ): Promise<readonly Account[]> {
    const found = await this.stores.accounts.findByIds(context, accountIds);
    const accounts = accountIds.map((id, index) => {
      const account = found.get(id);
      if (account === undefined) throw new UseCaseError('NOT_FOUND', `account ${id} of the run does not exist`);
      return { ...account, methodology: methodologies[index] ?? account.methodology };
    });
    return Object.freeze(accounts);
  }

  private contextOf(context: TenantContext, runId: string): Promise<RunContext> {
    const known = this.contexts.get(runId);
    if (known !== undefined) return known;
    for (const id of [...this.contexts.keys()].slice(0, this.contexts.size - runsKept + 1)) this.contexts.delete(id);
    const reading = this.phases.time('prepare', () => this.readContext(context, runId));
    this.contexts.set(runId, reading);
    reading.catch(() => this.contexts.delete(runId));
    return reading;
  }

  private async readContext(context: TenantContext, runId: string): Promise<RunContext> {
    const { runs, snapshots, parameterSets } = this.stores;
    const run = await runs.findById(context, runId);
    if (run === null) throw new UseCaseError('NOT_FOUND', `run ${runId} does not exist`);
    if (run.engineVersion !== engineVersion) {
      const message = `run ${runId} was opened by engine ${run.engineVersion}; this is ${engineVersion}, which may round elsewhere`;
      throw new UseCaseError('CONFLICT', message);
    }
    const stored = await snapshots.load(context, run.snapshotId);
    if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${run.snapshotId} does not exist`);
    const sets = await parameterSets.findByIds(
      context,
      run.parameterSets.map(({ parameterSetId }) => parameterSetId),
    );
    const methods = new Map<Methodology, MethodInEffect>();
    for (const parameterSet of sets.values())
      methods.set(parameterSet.methodology, { parameterSet, method: prepareParameterSet(parameterSet, run.asOf) });
    const catalogue = await this.books.readCatalogue(context, momentOf(run));
    const { snapshot, hash: snapshotHash } = stored;
    const { listedFutures } = catalogue;
    const market = { runId, asOf: run.asOf, snapshot, listedFutures, inEffect: methods.get('SPAN') };
    const columns = new RunColumns(market, this.source);
    const dense = new DenseEvaluation(methods, columns);
    const cents = new CentsEvaluation(dense, passingReading);
    return { run, snapshot, snapshotHash, methods, catalogue, columns, dense, cents };
  }
}
