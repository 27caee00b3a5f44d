import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Steps } from '@ballast/buffer';
import { UseCaseError } from '../caller/use-case-error';

/** Longest that a computation keeps the event loop to itself before others get a turn [ms]. */
const turnMs = 8;
/** Longest that a computation of one request may take in all [ms]. */
const totalMs = 20_000;

/** A computation took longer than one request may. */
export class ComputationTooLong extends Error {
  constructor() {
    super(
      `the computation was given up after ${totalMs / 1000} s: ask for fewer paths, steps or days, or of an account with fewer contracts`,
    );
    this.name = 'ComputationTooLong';
  }
}

/**
 * Runs a computation piece by piece, letting the event loop serve others in between; the result is that of running it at
 * once.
 *
 * @throws ComputationTooLong
 */
export async function runInTurns<Result>(steps: Steps<Result>): Promise<Result> {
  const begun = performance.now();
  let turn = begun;
  for (let next = steps.next(); ; next = steps.next()) {
    if (next.done === true) return next.value;
    const now = performance.now();
    if (now - turn < turnMs) continue;
    if (now - begun > totalMs) throw new ComputationTooLong();
    await nextTurn();
    turn = performance.now();
  }
}

/**
 * Runs a computation of a request in turns.
 *
 * @param field  input to blame when it takes too long
 * @throws UseCaseError 'BAD_USER_INPUT' when it takes longer than one request may
 */
export async function answerInTurns<Result>(steps: Steps<Result>, field: string): Promise<Result> {
  try {
    return await runInTurns(steps);
  } catch (error) {
    if (error instanceof ComputationTooLong) throw new UseCaseError('BAD_USER_INPUT', error.message, field);
    throw error;
  }
}
