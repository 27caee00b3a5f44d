import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Account,
  formatInstant,
  instantOf,
  type Instant,
  type MarketSnapshot,
  type Methodology,
} from '@ballast/domain';
import {
  AccountStore,
  MarginRunStore,
  MarketSnapshotStore,
  newId,
  PersistenceError,
  type AccountResult,
  type MarginRun,
  type MarketSnapshotHeader,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { RunContracts } from './run-contracts';
import { engineVersion } from './engine-version';
import { DecideMarginCalls } from '../margin-call/decide-margin-calls';
import { commitInPieces } from '../engine/commit-in-pieces';
import { DenseEvaluation } from '../engine/dense-evaluation';
import { EnginePhases } from '../engine/engine-phases';
import { evaluatePlanned } from '../engine/evaluate-planned';
import { type RunBook, RunBookReader } from '../engine/run-book-reader';
import { type MovedBook, ResidentBooks, type ResidentTurn } from '../engine/resident-books';
import { momentOf } from '../engine/run-moment';
import { ShardedRuns } from '../engine/sharded-runs';
import { hashRun, type MethodInEffect } from './evaluate-account';
import { ParameterSetsInEffect } from '../risk-parameters/parameter-sets-in-effect';
import { clockSkewMs } from '../market/stated-market';
import { UseCaseError } from '../caller/use-case-error';

/** What to evaluate. */
export interface RunMarginCommand {
  readonly firmId: string;
  /** Positions, parameters and snapshot of that instant. Absent: what is held now, at the latest snapshot. */
  readonly asOf?: Instant;
  /** Without `asOf`: figures are as of this instant where the snapshot is older, in the past. */
  readonly notBefore?: Instant;
  readonly snapshotId?: string;
  /** Codes of the accounts; all of the firm when absent. */
  readonly accountCodes?: readonly string[];
  /** Only accounts that hold contracts on these underlyings: the run after a move of their prices. */
  readonly underlyings?: readonly string[];
  /** With `underlyings`: and accounts with cash or pledges to be converted from or to these, after a move of their rates. */
  readonly currencies?: readonly string[];
  /** Subject of the token, or user of the command line. */
  readonly requestedBy: string;
  readonly idempotencyKey?: string;
  /** Accounts per shard; cuts the run into shards whatever its size. */
  readonly shardSize?: number;
  /** Told after every account or shard; must not throw. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A run that was opened, and the promise of its end: COMPLETED with all results, or FAILED with none. */
export interface StartedRun {
  readonly run: MarginRun;
  readonly finished: Promise<MarginRun>;
}

interface RunPlan extends RunBook {
  readonly context: TenantContext;
  readonly run: MarginRun;
  readonly accounts: readonly Account[];
  readonly snapshot: MarketSnapshot;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
  readonly onProgress: (done: number, total: number) => void;
  /** Keeps figures alone, and explains them when somebody asks. */
  readonly unexplained: boolean;
}

/** A run over the books that are kept. */
interface MovedPlan extends RunPlan {
  readonly turn: ResidentTurn;
}

/** Whom a run covers; and what of it is known before it is opened. */
interface PlanSource {
  readonly accounts: readonly Account[];
  readonly at?: Awaited<ReturnType<RunMargin['momentFor']>>;
  readonly known?: Omit<MovedBook, 'accounts'> | undefined;
}

/** Holders of what moved that one process evaluates and commits at once; more are cut into shards. */
const movedMaximum = 20_000;
/** Longest stretch of computing before other requests of the process get a turn [ms]. */
const turnLengthMs = 15;
/** How often a long run says how far it is [ms]. */
const progressIntervalMs = 500;

/** The stores that a run reads its plan from and writes its end to. */
@Injectable()
export class RunMarginStores {
  constructor(
    readonly accounts: AccountStore,
    readonly snapshots: MarketSnapshotStore,
    readonly runs: MarginRunStore,
    readonly calls: DecideMarginCalls,
  ) {}
}

/** Evaluates the accounts of a firm on one snapshot; the results become visible all at once or not at all. */
@Injectable()
export class RunMargin implements OnModuleDestroy {
  private readonly active = new Set<Promise<unknown>>();
  private readonly logger = new Logger(RunMargin.name);
  private stopping = false;
  /** Where the time of runs after moves of prices went: `write` is what was waited for after evaluating. */
  readonly movePhases = new EnginePhases();

  constructor(
    private readonly stores: RunMarginStores,
    private readonly parameterSets: ParameterSetsInEffect,
    private readonly books: RunBookReader,
    private readonly sharded: ShardedRuns,
    private readonly residents: ResidentBooks,
  ) {}

  /** Runs to the end. @throws as start, and what made the run fail */
  async execute(command: RunMarginCommand): Promise<MarginRun> {
    const { finished } = await this.start(command);
    return finished;
  }

  /**
   * Opens a run and works on it in the background. A key that was used before gives the run of then.
   *
   * @throws UseCaseError 'NOT_FOUND' without a snapshot, or for a snapshot or account code that does not exist
   */
  async start(command: RunMarginCommand): Promise<StartedRun> {
    if (this.stopping) throw new UseCaseError('UNAVAILABLE', 'the service is shutting down');
    const context: TenantContext = { firmId: command.firmId };
    await this.stores.runs.failAbandoned(context);
    const repeated = await this.findRepeated(context, command);
    if (repeated !== null) return { run: repeated, finished: Promise.resolve(repeated) };
    const moved = await this.openMoved(context, command);
    if (moved !== null) return this.follow(moved.run, this.workOnMoved(moved));
    const opened = await this.openInShards(context, command);
    if (opened !== null) return this.follow(opened, this.sharded.follow(context, opened, command.onProgress));
    const plan = await this.open(context, command);
    return this.follow(
      plan.run,
      this.work(plan).catch((failure: unknown) => this.giveUp(plan, failure)),
    );
  }

  /** Stops between two accounts; an unfinished run ends as FAILED and nothing of it is seen. One in shards goes on elsewhere. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.sharded.stop();
    await Promise.allSettled(this.active);
  }

  private async findRepeated(context: TenantContext, { idempotencyKey }: RunMarginCommand): Promise<MarginRun | null> {
    return idempotencyKey === undefined ? null : this.stores.runs.findByIdempotencyKey(context, idempotencyKey);
  }

  private follow(run: MarginRun, finished: Promise<MarginRun>): StartedRun {
    this.active.add(finished);
    const forget = (): void => void this.active.delete(finished);
    finished.then(forget, forget);
    return { run, finished };
  }

  /** Opens a run over many accounts for every process that works on the queue; null for one that is done here at once. */
  private async openInShards(context: TenantContext, command: RunMarginCommand): Promise<MarginRun | null> {
    const { shardSize } = command;
    if (shardSize === undefined && command.accountCodes !== undefined) return null;
    const accounts = !isOfPart(command) ? null : await this.findAccounts(context, command);
    const cut = await this.sharded.plan(context, { accounts, ...(shardSize === undefined ? {} : { shardSize }) });
    if (cut === null) return null;
    const draft = await this.draft(context, command, cut.methodologies);
    return this.sharded.open(context, { ...draft.run, ...cut, isPart: isOfPart(command) });
  }

  /**
   * Opens a run after a move of prices, over the books that this process keeps of the firm; null where it keeps none, or
   * where so many hold what moved that other processes should help.
   */
  private async openMoved(context: TenantContext, command: RunMarginCommand): Promise<MovedPlan | null> {
    const { underlyings, currencies = [], shardSize } = command;
    if (underlyings === undefined || currencies.length > 0 || shardSize !== undefined) return null;
    const turn = this.residents.take(context);
    if (turn === null) return null;
    try {
      const began = performance.now();
      const at = await this.momentFor(context, command, await turn.settle());
      const brought = await turn.bring(underlyings, { ...at, knownAt: at.now }, movedMaximum);
      this.movePhases.add('prepare', performance.now() - began);
      if (brought === null) {
        turn.leave();
        return null;
      }
      const { accounts, ...known } = brought;
      const source = { accounts, at, known };
      const plan = await this.movePhases.time('load', () => this.openPlan(context, command, source));
      return { ...plan, turn };
    } catch (failure) {
      turn.drop();
      throw failure;
    }
  }

  private async momentFor(context: TenantContext, command: RunMarginCommand, settled?: Instant) {
    const header = await this.findSnapshot(context, command);
    const now = settled ?? (await this.stores.runs.findSettledInstant(context));
    const asOf = command.asOf ?? instantOf(Math.max(header.asOf, command.notBefore ?? header.asOf));
    if (asOf > now + clockSkewMs) {
      const message = `asOf: a run cannot be of the future, got ${formatInstant(asOf)}`;
      throw new UseCaseError('BAD_USER_INPUT', message, 'asOf');
    }
    return { header, now, asOf, positionsAt: command.asOf ?? instantOf(Math.max(now, header.asOf)) };
  }

  private async draft(
    context: TenantContext,
    command: RunMarginCommand,
    methodologies: readonly Methodology[],
    at?: Awaited<ReturnType<RunMargin['momentFor']>>,
  ) {
    const { header, now, asOf, positionsAt } = at ?? (await this.momentFor(context, command));
    const methods = await this.parameterSets.find(context, methodologies, asOf);
    const parameterSets = [...methods].map(([methodology, { parameterSet }]) => {
      return { methodology, parameterSetId: parameterSet.id, hash: parameterSet.hash };
    });
    const run = {
      ...{ id: newId(), asOf, positionsAt, snapshotId: header.id, knownAt: now, engineVersion, parameterSets },
      requestedBy: command.requestedBy,
      ...(command.idempotencyKey === undefined ? {} : { idempotencyKey: command.idempotencyKey }),
    };
    return { run, methods };
  }

  private async open(context: TenantContext, command: RunMarginCommand): Promise<RunPlan> {
    return this.openPlan(context, command, { accounts: await this.findAccounts(context, command) });
  }

  private async openPlan(
    context: TenantContext,
    command: RunMarginCommand,
    { accounts, at, known }: PlanSource,
  ): Promise<RunPlan> {
    const methodologies = accounts.map(({ methodology }) => methodology);
    const { run: draft, methods } = await this.draft(context, command, methodologies, at);
    const opening = { ...draft, accountCount: accounts.length, isPart: isOfPart(command) };
    const run = await this.stores.runs.open(context, opening);
    try {
      const book = await this.readBook(context, run, { accounts, known });
      const onProgress = command.onProgress ?? (() => undefined);
      // After a move of prices the next one is near: nobody reads the explanation of every account in between.
      const unexplained = command.underlyings !== undefined;
      return { context, run, accounts, ...book, methods, onProgress, unexplained };
    } catch (failure) {
      await this.stores.runs.fail(context, run.id, failureText(failure));
      throw failure;
    }
  }

  private async readBook(
    context: TenantContext,
    run: MarginRun,
    { accounts, known }: Pick<PlanSource, 'accounts' | 'known'>,
  ): Promise<RunBook> {
    const { snapshots } = this.stores;
    const moment = momentOf(run);
    const load = async (ids?: readonly string[]): Promise<MarketSnapshot> => {
      const { snapshotId: id } = run;
      const stored = await (ids === undefined ? snapshots.load(context, id) : snapshots.loadNext(context, id, ids));
      if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${id} does not exist`);
      return stored.snapshot;
    };
    if (known === undefined) return this.books.read(context, accounts, { ...moment, snapshot: await load() });
    const ids = [...(known.instruments?.keys() ?? known.held.positions.instrumentIds(accounts.map(({ id }) => id)))];
    const instruments = known.instruments ?? new RunContracts();
    for (const id of known.instruments === null ? ids : []) {
      const terms = known.terms.get(id);
      if (terms !== undefined) instruments.set(id, terms);
    }
    const [common, quoted] = await Promise.all([this.books.readCatalogue(context, moment), load(ids)]);
    // A split is found through contracts that nobody may hold any more.
    const snapshot = common.splits.length > 0 ? await load() : quoted;
    return this.books.read(context, accounts, { ...moment, snapshot }, { ...common, instruments }, known.held);
  }

  private async workOnMoved(plan: MovedPlan): Promise<MarginRun> {
    const { turn } = plan;
    try {
      const { runs, calls } = this.stores;
      const { movePhases: phases } = this;
      const committed = await commitInPieces(plan, { runs, calls, phases, isStopping: () => this.stopping });
      const { instruments, numbers } = plan.inputs;
      turn.keep(plan.run, { ...committed, accounts: plan.accounts, instruments, numbers });
      return committed.run;
    } catch (failure) {
      turn.drop();
      return this.giveUp(plan, failure);
    }
  }

  private async work(plan: RunPlan): Promise<MarginRun> {
    const { context, run, accounts, unexplained } = plan;
    const dense = unexplained ? new DenseEvaluation(plan.methods) : null;
    const results: AccountResult[] = [];
    let turnEnds = performance.now() + turnLengthMs;
    let nextReport = performance.now() + progressIntervalMs;
    for (const account of accounts) {
      if (this.stopping) throw new UseCaseError('UNAVAILABLE', 'the service was stopped before the run was done');
      results.push(dense?.evaluate(plan, account) ?? evaluatePlanned(plan, account));
      plan.onProgress(results.length, accounts.length);
      if (performance.now() < turnEnds) continue;
      await nextTurn();
      if (performance.now() > nextReport) {
        await this.stores.runs.reportProgress(context, run.id, results.length);
        nextReport = performance.now() + progressIntervalMs;
      }
      turnEnds = performance.now() + turnLengthMs;
    }
    return this.stores.runs.complete(context, run.id, async (sink) => {
      await sink.write(results, !unexplained);
      await this.stores.calls.execute(sink.transaction, run, results);
      return { resultHash: hashRun(results) };
    });
  }

  private async giveUp({ context, run }: RunPlan, failure: unknown): Promise<never> {
    // A database that is gone cannot record the failure; the next start finds the run abandoned and records it then.
    await this.stores.runs.fail(context, run.id, failureText(failure)).catch((second: unknown) => {
      this.logger.error(`run ${run.id} failed and could not be marked: ${String(second)}`);
    });
    throw failure;
  }

  private async findSnapshot(context: TenantContext, command: RunMarginCommand): Promise<MarketSnapshotHeader> {
    const { snapshotId, asOf } = command;
    const { snapshots } = this.stores;
    if (snapshotId !== undefined) {
      const named = await snapshots.findById(context, snapshotId);
      if (named !== null) return named;
      throw new UseCaseError('NOT_FOUND', 'no market snapshot has that id', 'snapshotId');
    }
    const latest = asOf === undefined ? await snapshots.findLatest(context) : await snapshots.findAsOf(context, asOf);
    if (latest !== null) return latest;
    throw new UseCaseError('NOT_FOUND', 'there is no market snapshot to evaluate on: import one first', 'asOf');
  }

  private async findAccounts(context: TenantContext, command: RunMarginCommand): Promise<readonly Account[]> {
    const { accountCodes, underlyings, currencies = [], asOf } = command;
    if (underlyings !== undefined) {
      const now = await this.stores.runs.findSettledInstant(context);
      return this.stores.accounts.findHolders(
        context,
        { underlyingIds: underlyings, currencies },
        { validAt: asOf ?? now, knownAt: now },
      );
    }
    if (accountCodes === undefined) return this.stores.accounts.findAll(context);
    const found = await this.stores.accounts.findByCodes(context, accountCodes);
    const unknown = accountCodes.find((code) => !found.has(code));
    if (unknown !== undefined)
      throw new UseCaseError('NOT_FOUND', `no account has the code ${unknown}`, 'accountCodes');
    return [...found.values()];
  }
}

function failureText(failure: unknown): string {
  const told = failure instanceof UseCaseError || failure instanceof PersistenceError;
  return told ? `${failure.code}: ${failure.message}` : 'a defect of the engine; see the log';
}

/** Whether a command names accounts or contracts, so that others of the firm keep the figures they have. */
function isOfPart({ accountCodes, underlyings }: RunMarginCommand): boolean {
  return accountCodes !== undefined || underlyings !== undefined;
}
