import { EventEmitter, once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { run, type Runner, type RunnerOptions, type WorkerEvents } from 'graphile-worker';
import { UseCaseError } from '../caller/use-case-error';
import { engineVersion } from '../run/engine-version';
import { type ExhaustedJob, JobQueue, type ShardJob } from './job-queue';
import { shardTask } from './job-schema';
import { ShardThreads, type ShardThreadSettings } from '../threads/shard-threads';
import { ShardRunner } from './shard-runner';

/** Jobs that are due by the clock, and what does them. */
export interface ScheduledWork {
  /** In the form of graphile-worker, times in UTC. */
  readonly crontab: string;
  readonly tasks: Readonly<Record<string, (payload: unknown) => Promise<void>>>;
}

export interface WorkerSettings {
  /** Shards that each thread works on side by side, ≥ 1: one computes while another waits for the database. */
  readonly concurrency: number;
  /** Threads that compute, ≥ 1; with one the shards are worked on beside everything else. The processor's cores when absent. */
  readonly threads?: number;
  /** Largest heap of one thread [MiB]; 2,048 when absent. */
  readonly threadMemory?: number;
  /** Whether threads begin before there is work, and stay; otherwise they come and go with it. */
  readonly standing?: boolean;
  /** A worker that was not heard of for so long counts as dead [s], and its jobs go to the others. */
  readonly silenceSeconds?: number;
  /** Told of every delivery before it is worked on. */
  readonly onDelivery?: (job: ShardJob) => void;
  /** What is done by the clock; nothing when absent. */
  readonly scheduled?: ScheduledWork;
}

const defaultSilenceSeconds = 15;
const defaultThreadMemory = 2_048;
/** How often a worker says that it lives and looks for those that do not, in the time after which it counts as dead. */
const beatsPerSilence = 5;
/**
 * graphile-worker reports the end of a job without waiting for the answer, and a lost connection would then end the process.
 * In batches it waits, and when that fails stops its pool, which we start anew.
 */
const batchedEnds = { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } } as const;
/** How often the queue is asked when no notification came [ms]. */
const pollIntervalMs = 1_000;
/** Longest wait for a shard that is to be left, and hears nothing of it while it waits for the database [ms]. */
const leaveLimitMs = 2_000;
/** Longest wait for the connections of a pool that broke [ms]. */
const brokenPoolLimitMs = 2_000;

/** Takes jobs of shards from the queue until it is stopped; any number of processes may do so at once. */
@Injectable()
export class RunWorker implements OnModuleDestroy {
  private readonly logger = new Logger(RunWorker.name);
  private readonly poolIds = new Set<string>();
  private settings: WorkerSettings = { concurrency: 2 };
  private stopping = false;
  private working: Promise<void> | null = null;
  private beginning: Promise<void> = Promise.resolve();
  private runner: Runner | null = null;
  private readonly stopped = new AbortController();

  constructor(
    private readonly queue: JobQueue,
    private readonly shards: ShardRunner,
    private readonly threads: ShardThreads,
  ) {}

  /** Changes how this process works when it starts to. */
  prepare(settings: Partial<WorkerSettings>): void {
    this.settings = { ...this.settings, ...settings };
  }

  /** Threads that shards are worked on in; 1 where there are none, and shards are worked on in turns. */
  private get threadCount(): number {
    return this.threads.isProvided ? (this.settings.threads ?? availableParallelism()) : 1;
  }

  /** Starts working; a second call changes nothing. */
  start(settings?: WorkerSettings): void {
    if (this.working !== null || this.stopping) return;
    if (settings !== undefined) this.settings = settings;
    this.working = Promise.all([this.work(), this.watch()]).then(() => undefined);
    const { threadCount: threads } = this;
    // A thread that cannot begin is begun again with the first shard, which then tells why.
    if (threads > 1 && this.settings.standing === true)
      this.beginning = this.threads.begin(this.threadSettings(threads)).catch(() => undefined);
  }

  /** Waits until the threads that were begun have loaded their code. */
  async whenReady(): Promise<void> {
    await this.beginning;
  }

  /** Finishes the shards at hand, or gives them back when they take longer than some seconds. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.stopped.abort();
    // One that broke never answers; `serve` is through with it by then.
    await Promise.race([this.runner?.stop().catch(() => undefined), this.working]);
    await this.working;
    this.working = null;
    await this.threads.close();
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }

  /** graphile-worker gives up when it cannot reach its database for long; we do not. */
  private async work(): Promise<void> {
    while (!this.stopping) {
      try {
        await this.queue.install();
        await this.serve();
      } catch (failure) {
        if (!this.stopping) this.logger.warn(`the queue is not reachable: ${messageOf(failure)}`);
      }
      this.runner = null;
      await this.pause(pollIntervalMs);
    }
  }

  private async serve(): Promise<void> {
    const pool = await this.queue.openPool(this.threadCount * this.settings.concurrency + 2);
    // A pool that could not report the end of a job shuts down for ever: its promise never settles, and while this process
    // lives the job would stay locked in its name.
    const events = new EventEmitter() as WorkerEvents;
    const broken = new Promise<'broken'>((resolve) => events.once('pool:fatalError', () => resolve('broken')));
    let end: unknown = 'broken';
    try {
      this.runner = await this.startRunner(pool, events);
      const { runner } = this;
      if (this.stopping) await Promise.race([runner.stop(), broken]);
      end = await Promise.race([runner.promise, broken]);
    } finally {
      this.runner = null;
      const closed = pool.end();
      if (end === 'broken') await Promise.race([closed, sleep(brokenPoolLimitMs, undefined, { ref: false })]);
      else await closed;
      await this.leaveJobs();
    }
  }

  /** What broke may have left jobs locked in the name of workers that are no more. */
  private async leaveJobs(): Promise<void> {
    const gone = [...this.poolIds];
    this.poolIds.clear();
    while (gone.length > 0) {
      try {
        await this.queue.unlock(gone);
        return await this.queue.forget(gone);
      } catch (failure) {
        if (this.stopping) return;
        this.logger.warn(`jobs could not be given back yet: ${messageOf(failure)}`);
        await this.pause(pollIntervalMs);
      }
    }
  }

  private async startRunner(pgPool: NonNullable<RunnerOptions['pgPool']>, events: WorkerEvents): Promise<Runner> {
    // Jobs are locked in the name of the pool, and a pool is as alive as its process.
    events.on('pool:create', ({ workerPool }) => {
      this.poolIds.add(workerPool.id);
      void this.queue.beat([workerPool.id]).catch(() => undefined);
    });
    const { scheduled } = this.settings;
    return run({
      pgPool,
      concurrency: this.threadCount * this.settings.concurrency,
      pollInterval: pollIntervalMs,
      noHandleSignals: true,
      preset: batchedEnds,
      logger: this.queue.log,
      events,
      ...(scheduled === undefined ? {} : { crontab: scheduled.crontab }),
      taskList: {
        [shardTask(engineVersion)]: async (payload, helpers) =>
          this.workOn(payload as ShardJob, helpers.abortSignal ?? this.stopped.signal),
        ...scheduled?.tasks,
      },
    });
  }

  private async workOn(job: ShardJob, signal: AbortSignal): Promise<void> {
    this.settings.onDelivery?.(job);
    const { threadCount: threads } = this;
    const work =
      threads === 1
        ? this.shards.execute(job, this.queue.process, signal)
        : this.threads.execute(job, this.queue.process, signal, this.threadSettings(threads));
    await untilLeft(work, signal);
    if ((await this.shards.closeWhenDone(job)) !== null) this.threads.forget(job.runId);
  }

  private threadSettings(threads: number): ShardThreadSettings {
    const { concurrency, silenceSeconds = defaultSilenceSeconds, threadMemory = defaultThreadMemory } = this.settings;
    return {
      threads,
      concurrency,
      silenceSeconds,
      memoryMaximum: threadMemory,
      standing: this.settings.standing === true,
    };
  }

  private async watch(): Promise<void> {
    const { silenceSeconds = defaultSilenceSeconds } = this.settings;
    while (!this.stopping) {
      try {
        await this.queue.beat([...this.poolIds]);
        const dead = await this.queue.unlockDead(silenceSeconds);
        if (dead.length > 0) this.logger.warn(`freed the jobs of ${dead.length} workers that are silent`);
        await this.buryExhausted();
      } catch (failure) {
        if (!this.stopping) this.logger.warn(`the watch over the queue failed: ${messageOf(failure)}`);
      }
      await this.pause((1_000 * silenceSeconds) / beatsPerSilence);
    }
  }

  /** A shard that failed or ended its process at every attempt ends without results; its run closes as PARTIAL. */
  private async buryExhausted(): Promise<void> {
    const jobs = await this.queue.findExhausted();
    for (const job of jobs) {
      const reason = reasonOf(job);
      this.logger.error(`shard ${job.shard} of run ${job.runId} is given up: ${reason}`);
      await this.shards.giveUp(job, this.queue.process, reason);
    }
    await this.queue.remove(jobs.map(({ jobId }) => jobId));
  }

  private async pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.stopped.signal, ref: false }).catch(() => undefined);
  }
}

/** What work that was left still does takes effect once, or not at all. @throws UseCaseError 'UNAVAILABLE' when it was left */
async function untilLeft(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const left = async (): Promise<void> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: over.signal });
    await sleep(leaveLimitMs, undefined, { signal: over.signal });
    throw new UseCaseError('UNAVAILABLE', 'the process stopped before the shard was done');
  };
  try {
    await Promise.race([work, left()]);
  } finally {
    over.abort();
  }
}

function reasonOf({ attempts, lastError }: ExhaustedJob): string {
  if (lastError === null) return `every process that worked on it ended (${attempts} attempts)`;
  return `it failed ${attempts} times, the last time with: ${lastError.split('\n')[0]}`;
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
