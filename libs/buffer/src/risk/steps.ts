/**
 * A computation in pieces: it stops after each bounded piece of work, so that whoever runs it can let others have a turn.
 * Running it to the end at once gives the same result.
 */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Runs a computation to its end. */
export function finish<Result>(steps: Steps<Result>): Result {
  let next = steps.next();
  while (next.done !== true) next = steps.next();
  return next.value;
}
