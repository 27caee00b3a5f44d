import { type Instant, instantOf } from '@ballast/domain';
import { Database, newId } from '@ballast/persistence';
import { Injectable, Logger as NestLogger, type BeforeApplicationShutdown } from '@nestjs/common';
import { Logger as JobLogger, makeWorkerUtils, type WorkerUtils } from 'graphile-worker';
import { engineVersion } from '../run/engine-version';
import {
  beatSql,
  exhaustedSql,
  forgetSql,
  jobSchema,
  jobSchemaLock,
  jobSchemaUnlock,
  removeJobsSql,
  schedulesSql,
  unlockSql,
} from './job-schema';

/** What a job of a shard says: whose run, and which part of it. */
export interface ShardJob {
  readonly firmId: string;
  readonly runId: string;
  readonly shard: number;
}

/** A shard job that was tried as often as it may be. */
export interface ExhaustedJob extends ShardJob {
  readonly jobId: string;
  readonly attempts: number;
  /** What the last attempt that could still speak said; null when every attempt ended without a word. */
  readonly lastError: string | null;
}

/** What the queue knows of something that is done by the clock. */
export interface ScheduleState {
  readonly name: string;
  readonly knownSince: Instant;
  /** When a job of it was last due and put into the queue; null before the first time. */
  readonly lastDue: Instant | null;
  /** Jobs that wait or are worked on. */
  readonly waiting: number;
  /** What the last attempt of a job that failed said; null when none did. */
  readonly lastError: string | null;
}

interface OpenQueue {
  readonly utils: WorkerUtils;
  readonly end: () => Promise<void>;
}

/** The queue of graphile-worker, installed at the first use by the role that owns it. */
@Injectable()
export class JobQueue implements BeforeApplicationShutdown {
  /** Names this process in heartbeats and in the ends of shards. */
  readonly process = `${process.pid}-${newId().slice(-12)}`;
  private opening: Promise<OpenQueue> | null = null;
  private readonly logger = new NestLogger(JobQueue.name);
  /** Passes warnings and errors of graphile-worker on, and nothing else. */
  readonly log = new JobLogger(() => (level, message) => {
    if (level === 'error') this.logger.error(message);
    else if (level === 'warning') this.logger.warn(message);
  });

  constructor(private readonly database: Database) {}

  /** Whether a queue is provided; where none is, a run is worked on by one process alone. */
  isProvided(): Promise<boolean> {
    return this.database.hasJobs();
  }

  /** Connections for a worker, which ends them when it is done. */
  openPool(max: number): ReturnType<Database['openJobsPool']> {
    return this.database.openJobsPool(max);
  }

  /** Installs the queue unless that is done. */
  async install(): Promise<void> {
    await this.open();
  }

  /** Says that these workers are alive. */
  async beat(workerIds: readonly string[]): Promise<void> {
    if (workerIds.length > 0) await this.rows(beatSql, [workerIds, this.process, engineVersion]);
  }

  /** Takes leave of workers that ended properly. */
  async forget(workerIds: readonly string[]): Promise<void> {
    await this.rows(forgetSql, [workerIds]);
  }

  /** Frees the jobs of workers that were not heard of for so long [s]. @returns those workers */
  async unlockDead(afterSeconds: number): Promise<readonly string[]> {
    const [row] = await this.rows<{ workers: string[] }>(unlockSql, [afterSeconds]);
    return row?.workers ?? [];
  }

  /** Frees the jobs of workers that are known to be gone. */
  async unlock(workerIds: readonly string[]): Promise<void> {
    await this.rows('SELECT graphile_worker.force_unlock_workers($1::text[])', [workerIds]);
  }

  async findExhausted(): Promise<readonly ExhaustedJob[]> {
    const rows = await this.rows<{ id: string; payload: ShardJob; attempts: number; last_error: string | null }>(
      exhaustedSql,
    );
    return rows.map(({ id, payload, attempts, last_error: lastError }) => {
      return { ...payload, jobId: id, attempts, lastError };
    });
  }

  /** What workers do by the clock; empty before a worker minded it. */
  async findSchedules(): Promise<readonly ScheduleState[]> {
    const rows = await this.rows<{
      name: string;
      known_since: Date;
      last_execution: Date | null;
      waiting: number;
      last_error: string | null;
    }>(schedulesSql);
    return rows.map(({ name, known_since: since, last_execution: last, waiting, last_error: lastError }) => {
      const lastDue = last === null ? null : instantOf(last.getTime());
      return { name, knownSince: instantOf(since.getTime()), lastDue, waiting, lastError };
    });
  }

  async remove(jobIds: readonly string[]): Promise<void> {
    if (jobIds.length > 0) await this.rows(removeJobsSql, [jobIds]);
  }

  /** Called by Nest after the worker has stopped. */
  async beforeApplicationShutdown(): Promise<void> {
    const opening = this.opening;
    this.opening = null;
    const opened = await opening?.catch(() => null);
    await opened?.utils.release();
    await opened?.end();
  }

  private async rows<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { utils } = await this.open();
    return utils.withPgClient(async (client) => (await client.query(sql, [...parameters])).rows as Row[]);
  }

  private open(): Promise<OpenQueue> {
    if (this.opening !== null) return this.opening;
    const opening = this.connect();
    this.opening = opening;
    opening.catch(() => {
      if (this.opening === opening) this.opening = null;
    });
    return opening;
  }

  private async connect(): Promise<OpenQueue> {
    const pgPool = await this.openPool(2);
    const utils = await makeWorkerUtils({ pgPool, logger: this.log });
    try {
      await utils.withPgClient(async (client) => {
        await client.query(jobSchemaLock);
        try {
          await utils.migrate();
          await client.query(jobSchema);
        } finally {
          await client.query(jobSchemaUnlock);
        }
      });
      return { utils, end: () => pgPool.end() };
    } catch (failure) {
      await utils.release();
      await pgPool.end();
      throw failure;
    }
  }
}
