import { setTimeout as sleep } from 'node:timers/promises';
import type { Account, Methodology } from '@ballast/domain';
import {
  type MarginRun,
  MarginRunStore,
  type NewMarginRun,
  RunShardStore,
  type TenantContext,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { UseCaseError } from '../caller/use-case-error';
import { JobQueue } from './job-queue';
import { RunWorker } from './run-worker';

/** How a run is cut. */
export interface ShardPlan {
  readonly accountCount: number;
  readonly methodologies: readonly Methodology[];
  /** The accounts; all of the firm when absent. */
  readonly accountIds?: readonly string[];
  readonly shardSize: number;
}

/** A run over more accounts than this is cut into shards that any process may take. */
export const wholeRunMaximum = 5_000;
/** Accounts per shard unless asked otherwise: a few seconds of work, some megabytes in memory. */
export const defaultShardSize = 1_000;
/** A run is asked for its end soon after its start, then ever less often [ms]. */
const followIntervalMs = { first: 20, longest: 250, growth: 1.25 } as const;

/** Runs over many accounts: cut into shards, put into the queue, and followed to their end. */
@Injectable()
export class ShardedRuns {
  private stopping = false;

  constructor(
    private readonly shards: RunShardStore,
    private readonly runs: MarginRunStore,
    private readonly queue: JobQueue,
    private readonly worker: RunWorker,
  ) {}

  /**
   * Decides whether a run is cut into shards: when asked for, or when it covers many accounts and a queue is provided.
   *
   * @param command.accounts  the accounts of the run; null for all of the firm
   * @throws UseCaseError 'UNAVAILABLE' when shards are asked for and there is no queue
   */
  async plan(
    context: TenantContext,
    command: { readonly accounts: readonly Account[] | null; readonly shardSize?: number },
  ): Promise<ShardPlan | null> {
    const { shardSize, accounts } = command;
    const counts = accounts === null ? await this.shards.countAccounts(context) : countMethodologies(accounts);
    const accountCount = counts.reduce((sum, { count }) => sum + count, 0);
    if (accountCount === 0 || (shardSize === undefined && accountCount <= wholeRunMaximum)) return null;
    if (!(await this.queue.isProvided())) {
      if (shardSize === undefined) return null;
      throw new UseCaseError('UNAVAILABLE', 'JOBS_DATABASE_URL is not set: a run cannot be cut into shards');
    }
    return {
      accountCount,
      methodologies: counts.map(({ methodology }) => methodology as Methodology),
      ...(accounts === null ? {} : { accountIds: accounts.map(({ id }) => id) }),
      shardSize: shardSize ?? defaultShardSize,
    };
  }

  /** Opens the run, and lets this process work on it beside the others. */
  async open(context: TenantContext, input: Omit<NewMarginRun, 'shardCount'> & ShardPlan): Promise<MarginRun> {
    await this.queue.install();
    const run = await this.shards.open(context, input);
    this.worker.start();
    return run;
  }

  /** Waits until a run has ended, wherever that happens. */
  async follow(
    context: TenantContext,
    opened: MarginRun,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<MarginRun> {
    let interval: number = followIntervalMs.first;
    for (let run = opened; ;) {
      if (run.state !== 'RUNNING') return run;
      if (this.stopping) throw new UseCaseError('UNAVAILABLE', `the process stops; run ${run.id} goes on elsewhere`);
      await sleep(interval);
      interval = Math.min(followIntervalMs.longest, interval * followIntervalMs.growth);
      run = (await this.runs.findById(context, run.id).catch(() => null)) ?? run;
      onProgress(run.accountsDone, run.accountCount);
    }
  }

  /** Stops following; the runs go on. */
  stop(): void {
    this.stopping = true;
  }
}

function countMethodologies(accounts: readonly { readonly methodology: string }[]) {
  const counts = new Map<string, number>();
  for (const { methodology } of accounts) counts.set(methodology, (counts.get(methodology) ?? 0) + 1);
  return [...counts].sort().map(([methodology, count]) => ({ methodology, count }));
}
