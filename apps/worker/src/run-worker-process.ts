import 'reflect-metadata';
import { Database, PersistenceModule } from '@ballast/persistence';
import {
  JobQueue,
  RunMarginModule,
  RunWorker,
  Schedules,
  SchedulesModule,
  type WorkerSettings,
} from '@ballast/use-cases';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { readScheduleSettings, readWorkerSettings } from './worker-settings';

/** A worker by itself: the record and the engine, and nothing that listens. */
@Module({ imports: [PersistenceModule.register(), RunMarginModule, SchedulesModule] })
class WorkerModule {}

/**
 * Works on shards until SIGTERM or SIGINT: the shards at hand are finished or given back, then the process ends. A second
 * signal ends it at once.
 *
 * @param overrides  what a caller sets instead of the environment
 */
export async function runWorkerProcess(overrides: Partial<WorkerSettings> = {}): Promise<void> {
  const settings = { ...readWorkerSettings(process.env), ...overrides };
  const schedules = readScheduleSettings(process.env);
  const app = await NestFactory.createApplicationContext(WorkerModule, {
    logger: ['error', 'warn'],
    abortOnError: false,
  });
  const ended = new Promise<void>((resolve) => {
    let closing = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (closing) process.exit(signal === 'SIGINT' ? 130 : 143);
      closing = true;
      void app.close().then(resolve);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
  await app.get(Database).connect();
  if (!(await app.get(JobQueue).isProvided())) {
    await app.close();
    throw Object.assign(
      new Error('JOBS_DATABASE_URL: expected the database of DATABASE_URL as the role ballast_jobs'),
      {
        exitCode: 78,
      },
    );
  }
  const scheduled = schedules === null ? {} : { scheduled: app.get(Schedules).work(schedules) };
  app.get(RunWorker).start({ standing: true, ...settings, ...scheduled });
  // While its network is away a worker has nothing open, and Node would end a process that has nothing open.
  const alive = setInterval(() => undefined, 60_000);
  await app.get(RunWorker).whenReady();
  process.stdout.write(`READY worker ${process.pid}\n`);
  await ended;
  clearInterval(alive);
}
