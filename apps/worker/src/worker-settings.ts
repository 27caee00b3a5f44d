import { availableParallelism } from 'node:os';
import { requireTimes, type ScheduleSettings, type WorkerSettings } from '@ballast/use-cases';

/** A setting of the environment that a worker cannot use; the process ends with exit code 78. */
export class WorkerSettingError extends Error {
  readonly exitCode = 78;
}

/**
 * Reads how a worker works: WORKER_THREADS that compute (default: the cores), WORKER_CONCURRENCY, shards side by side in each
 * (default 2), WORKER_THREAD_MEMORY, the largest heap of one [MiB] (default 2048), and WORKER_SILENCE_SECONDS, after which a
 * worker, or a thread, that is not heard of counts as dead (default 15).
 *
 * @throws WorkerSettingError naming the variable and what was expected
 */
export function readWorkerSettings(variables: Readonly<Record<string, string | undefined>>): WorkerSettings {
  return {
    concurrency: wholeNumber(variables, 'WORKER_CONCURRENCY', { fallback: 2, minimum: 1, maximum: 64 }),
    silenceSeconds: wholeNumber(variables, 'WORKER_SILENCE_SECONDS', { fallback: 15, minimum: 1, maximum: 3_600 }),
    ...readThreadSettings(variables),
  };
}

/** Reads WORKER_THREADS and WORKER_THREAD_MEMORY, of which a process that is no worker knows no more. @throws as above */
export function readThreadSettings(
  variables: Readonly<Record<string, string | undefined>>,
): Required<Pick<WorkerSettings, 'threads' | 'threadMemory'>> {
  const threads = { fallback: Math.min(64, availableParallelism()), minimum: 1, maximum: 64 };
  const memory = { fallback: 2_048, minimum: 128, maximum: 65_536 };
  return {
    threads: wholeNumber(variables, 'WORKER_THREADS', threads),
    threadMemory: wholeNumber(variables, 'WORKER_THREAD_MEMORY', memory),
  };
}

/** Keys of what a worker does by the clock, beside HISTORY_KEEP_MONTHS. */
export const scheduleVariables = ['SCHEDULES', 'END_OF_DAY_RUN', 'INTRADAY_RUNS', 'POSITION_RUNS'] as const;

/**
 * Reads what a worker does by the clock: SCHEDULES (on; off leaves it to others), END_OF_DAY_RUN (five fields of a crontab,
 * UTC), INTRADAY_RUNS (off; on goes by the cadence of each firm), POSITION_RUNS (off; on evaluates accounts whose positions
 * were stated anew), HISTORY_KEEP_MONTHS.
 *
 * @returns null when this worker minds no clock
 * @throws WorkerSettingError naming the variable and what was expected
 */
export function readScheduleSettings(variables: Readonly<Record<string, string | undefined>>): ScheduleSettings | null {
  const isOn = (name: string, usual: boolean): boolean => {
    const text = variables[name] || (usual ? 'on' : 'off');
    if (text !== 'on' && text !== 'off') throw new WorkerSettingError(`${name}: expected on or off`);
    return text === 'on';
  };
  const endOfDay = variables['END_OF_DAY_RUN'] || undefined;
  try {
    if (endOfDay !== undefined) requireTimes(endOfDay);
  } catch {
    throw new WorkerSettingError('END_OF_DAY_RUN: expected five fields of a crontab, for example 30 21 * * 1-5');
  }
  const months = variables['HISTORY_KEEP_MONTHS'] || undefined;
  if (months !== undefined && !/^[1-9]\d{0,3}$/.test(months))
    throw new WorkerSettingError('HISTORY_KEEP_MONTHS: expected a whole number from 1 to 9999');
  const settings = {
    intraday: isOn('INTRADAY_RUNS', false),
    ...(isOn('POSITION_RUNS', false) ? { positions: true } : {}),
    ...(endOfDay === undefined ? {} : { endOfDay }),
    ...(months === undefined ? {} : { keepMonths: Number(months) }),
  };
  return isOn('SCHEDULES', true) ? settings : null;
}

function wholeNumber(
  variables: Readonly<Record<string, string | undefined>>,
  name: string,
  { fallback, minimum, maximum }: { readonly fallback: number; readonly minimum: number; readonly maximum: number },
): number {
  const text = variables[name];
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= minimum && value <= maximum) return value;
  throw new WorkerSettingError(`${name}: expected a whole number from ${minimum} to ${maximum}`);
}
