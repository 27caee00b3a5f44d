import type { MarginRun, MarginRunStore, TenantContext } from '@ballast/persistence';

/** Where the attempts at a run stand. */
export interface RunAttempts {
  /** Idempotency key of the next attempt; null when one was made that did not fail, or as many failed as may. */
  readonly key: string | null;
  /** The last attempt; null before the first. */
  readonly last: MarginRun | null;
}

const attemptsMaximum = 3;

/** Finds out how often a run was tried that is to happen once: runs keep their key, so each attempt has one of its own. */
export async function findAttempts(runs: MarginRunStore, context: TenantContext, name: string): Promise<RunAttempts> {
  let last: MarginRun | null = null;
  for (let attempt = 1; attempt <= attemptsMaximum; attempt += 1) {
    const key = `${name} ${attempt}`;
    const run = await runs.findByIdempotencyKey(context, key);
    if (run === null) return { key, last };
    last = run;
    if (run.state !== 'FAILED') break;
  }
  return { key: null, last };
}
