/** A wish to stop, told by SIGINT or SIGTERM. */
export interface SignalStop {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** How a command ends that was stopped: 128 + the number of the signal. */
  readonly exitCode: () => number;
  /** Gives the signals back, and aborts what still waits. */
  readonly end: () => void;
}

/** Gives back the signals that were listened to before the command began; nothing where they were not. */
let endEarly = (): void => undefined;

/**
 * Says so when a signal arrives before a long command has begun, while it is still loaded; from `stopOnSignal` on the command
 * answers itself.
 */
export function stopBeforeWork(command: string): void {
  const onSignal = (signal: NodeJS.Signals): void => {
    process.stderr.write(`${command}: stopped before it began; nothing was done, and what was kept before stays\n`);
    process.exit(exitCodeOf(signal));
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  endEarly = () => {
    process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    endEarly = () => undefined;
  };
}

function exitCodeOf(signal: NodeJS.Signals): number {
  return signal === 'SIGINT' ? 130 : 143;
}

/**
 * Lets a long command end by itself when a signal arrives, instead of in the middle of its work.
 *
 * @param told  what standard error is told at the first signal; nothing when absent
 */
export function stopOnSignal(told?: string): SignalStop {
  const stop = new AbortController();
  let exitCode = 130;
  const onSignal = (signal: NodeJS.Signals): void => {
    exitCode = exitCodeOf(signal);
    if (stop.signal.aborted) process.exit(exitCode);
    stop.abort();
    if (told !== undefined) process.stderr.write(`${told}\n`);
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  endEarly();
  return {
    signal: stop.signal,
    exitCode: () => exitCode,
    end: () => {
      stop.abort();
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    },
  };
}
