/** A wish to stop, told by SIGINT or SIGTERM. */
export interface SignalStop {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** How a command ends that was stopped: 128 + the number of the signal. */
  readonly exitCode: () => number;
  /** Gives the signals back, and aborts what still waits. */
  readonly end: () => void;
}

/** Lets a long command end by itself when a signal arrives, instead of in the middle of its work. */
export function stopOnSignal(): SignalStop {
  const stop = new AbortController();
  let exitCode = 130;
  const onSignal = (signal: NodeJS.Signals): void => {
    exitCode = signal === 'SIGINT' ? 130 : 143;
    if (stop.signal.aborted) process.exit(exitCode);
    stop.abort();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  return {
    signal: stop.signal,
    exitCode: () => exitCode,
    end: () => {
      stop.abort();
      process.off('SIGTERM', onSignal).off('SIGINT', onSignal);
    },
  };
}
