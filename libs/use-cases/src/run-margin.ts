import { setImmediate as nextTurn } from 'node:timers/promises';
import { defaultBufferPolicy } from '@ballast/buffer';
import { instantOf, type Account, type Instant, type MarketSnapshot, type Methodology } from '@ballast/domain';
import {
  AccountStore,
  Database,
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
import { engineVersion } from './engine-version';
import type { AccountGuard } from './account-guard';
import { evaluateAccount, hashRun, type MethodInEffect } from './evaluate-account';
import { ParameterSetsInEffect } from './parameter-sets-in-effect';
import { RunGuard } from './run-guard';
import { holdingsOf, RunInputReader, type RunInputs, type RunMoment } from './run-inputs';
import { UseCaseError } from './use-case-error';

/** What to evaluate. */
export interface RunMarginCommand {
  readonly firmId: string;
  /** Positions, parameters and snapshot of that instant. Absent: what is held now, at the latest snapshot. */
  readonly asOf?: Instant;
  readonly snapshotId?: string;
  /** Codes of the accounts; all of the firm when absent. */
  readonly accountCodes?: readonly string[];
  /** Subject of the token, or user of the command line. */
  readonly requestedBy: string;
  readonly idempotencyKey?: string;
  /** Told after every account; must not throw. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A run that was opened, and the promise of its end: COMPLETED with all results, or FAILED with none. */
export interface StartedRun {
  readonly run: MarginRun;
  readonly finished: Promise<MarginRun>;
}

interface RunPlan {
  readonly context: TenantContext;
  readonly run: MarginRun;
  readonly accounts: readonly Account[];
  readonly inputs: RunInputs;
  readonly snapshot: MarketSnapshot;
  readonly guards: ReadonlyMap<string, AccountGuard>;
  readonly methods: ReadonlyMap<Methodology, MethodInEffect>;
  readonly onProgress: (done: number, total: number) => void;
}

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
  ) {}
}

/** Evaluates the accounts of a firm on one snapshot; the results become visible all at once or not at all. */
@Injectable()
export class RunMargin implements OnModuleDestroy {
  private readonly active = new Set<Promise<unknown>>();
  private readonly logger = new Logger(RunMargin.name);
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly stores: RunMarginStores,
    private readonly inputs: RunInputReader,
    private readonly parameterSets: ParameterSetsInEffect,
    private readonly guard: RunGuard,
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
    const plan = await this.open(context, command);
    const finished = this.work(plan).catch((failure: unknown) => this.giveUp(plan, failure));
    this.active.add(finished);
    const forget = (): void => void this.active.delete(finished);
    finished.then(forget, forget);
    return { run: plan.run, finished };
  }

  /** Stops between two accounts; an unfinished run ends as FAILED and nothing of it is seen. */
  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await Promise.allSettled(this.active);
  }

  private async findRepeated(context: TenantContext, { idempotencyKey }: RunMarginCommand): Promise<MarginRun | null> {
    return idempotencyKey === undefined ? null : this.stores.runs.findByIdempotencyKey(context, idempotencyKey);
  }

  private async open(context: TenantContext, command: RunMarginCommand): Promise<RunPlan> {
    const header = await this.findSnapshot(context, command);
    const now = instantOf(Date.now());
    const asOf = command.asOf ?? header.asOf;
    const positionsAt = command.asOf ?? instantOf(Math.max(now, header.asOf));
    const accounts = await this.findAccounts(context, command);
    const methodologies = accounts.map(({ methodology }) => methodology);
    const methods = await this.parameterSets.find(context, methodologies, asOf);
    const parameterSets = [...methods].map(([methodology, { parameterSet }]) => {
      return { methodology, parameterSetId: parameterSet.id, hash: parameterSet.hash };
    });
    const run = await this.stores.runs.open(context, {
      id: newId(),
      asOf,
      positionsAt,
      snapshotId: header.id,
      knownAt: now,
      engineVersion,
      requestedBy: command.requestedBy,
      accountCount: accounts.length,
      parameterSets,
      ...(command.idempotencyKey === undefined ? {} : { idempotencyKey: command.idempotencyKey }),
    });
    try {
      const inputs = await this.database.withTenant(
        context,
        (transaction) => this.inputs.read(transaction, accounts, momentOf(run)),
        { isolation: 'REPEATABLE READ' },
      );
      const stored = await this.stores.snapshots.load(context, header.id);
      if (stored === null) throw new UseCaseError('NOT_FOUND', `snapshot ${header.id} does not exist`);
      const { snapshot } = stored;
      const guarded = { accounts, inputs, snapshot, asOf, positionsAt, knownAt: run.knownAt };
      const guards = await this.database.withTenant(context, (transaction) => this.guard.read(transaction, guarded));
      const onProgress = command.onProgress ?? (() => undefined);
      return { context, run, accounts, inputs, snapshot, guards, methods, onProgress };
    } catch (failure) {
      await this.stores.runs.fail(context, run.id, failureText(failure));
      throw failure;
    }
  }

  private async work(plan: RunPlan): Promise<MarginRun> {
    const { context, run, accounts } = plan;
    const results: AccountResult[] = [];
    let turnEnds = performance.now() + turnLengthMs;
    let nextReport = performance.now() + progressIntervalMs;
    for (const account of accounts) {
      if (this.stopping) throw new UseCaseError('UNAVAILABLE', 'the service was stopped before the run was done');
      results.push(evaluatePlanned(plan, account));
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
      await sink.write(results);
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

  private async findAccounts(context: TenantContext, { accountCodes }: RunMarginCommand): Promise<readonly Account[]> {
    if (accountCodes === undefined) return this.stores.accounts.findAll(context);
    const found = await this.stores.accounts.findByCodes(context, accountCodes);
    const unknown = accountCodes.find((code) => !found.has(code));
    if (unknown !== undefined)
      throw new UseCaseError('NOT_FOUND', `no account has the code ${unknown}`, 'accountCodes');
    return [...found.values()];
  }
}

/** What a run reads is what was recorded when it started, so that its replay reads the same. */
export function momentOf({ asOf, positionsAt, knownAt, startedAt }: MarginRun): RunMoment {
  return { asOf, positionsAt, knownAt, recordedUntil: startedAt };
}

function evaluatePlanned(plan: RunPlan, account: Account): AccountResult {
  const { inputs, run } = plan;
  const inEffect = plan.methods.get(account.methodology);
  if (inEffect === undefined) throw new Error(`no parameters were prepared for ${account.methodology}`);
  return evaluateAccount({
    account,
    holdings: holdingsOf(inputs, account.id),
    schedules: inputs.schedules,
    instruments: inputs.instruments,
    listedFutures: inputs.listedFutures,
    asOf: run.asOf,
    snapshot: plan.snapshot,
    inEffect,
    policy: inputs.policies.get(account.id) ?? defaultBufferPolicy(run.asOf),
    previousStatus: inputs.previousStatuses.get(account.id),
    guard: plan.guards.get(account.id),
  });
}

function failureText(failure: unknown): string {
  const told = failure instanceof UseCaseError || failure instanceof PersistenceError;
  return told ? `${failure.code}: ${failure.message}` : 'a defect of the engine; see the log';
}
