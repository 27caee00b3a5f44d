import type { WorkerSettings } from '@ballast/use-cases';

/** A setting of the environment that a worker cannot use; the process ends with exit code 78. */
export class WorkerSettingError extends Error {
  readonly exitCode = 78;
}

/**
 * Reads how a worker works: WORKER_CONCURRENCY, shards side by side (default 2), and WORKER_SILENCE_SECONDS, after which
 * a worker that is not heard of counts as dead (default 15).
 *
 * @throws WorkerSettingError naming the variable and what was expected
 */
export function readWorkerSettings(variables: Readonly<Record<string, string | undefined>>): WorkerSettings {
  return {
    concurrency: wholeNumber(variables, 'WORKER_CONCURRENCY', { fallback: 2, maximum: 64 }),
    silenceSeconds: wholeNumber(variables, 'WORKER_SILENCE_SECONDS', { fallback: 15, maximum: 3_600 }),
  };
}

function wholeNumber(
  variables: Readonly<Record<string, string | undefined>>,
  name: string,
  { fallback, maximum }: { readonly fallback: number; readonly maximum: number },
): number {
  const text = variables[name];
  if (text === undefined || text === '') return fallback;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= 1 && value <= maximum) return value;
  throw new WorkerSettingError(`${name}: expected a whole number from 1 to ${maximum}`);
}
