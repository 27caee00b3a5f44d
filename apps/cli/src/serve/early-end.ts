type Stop = (signal: NodeJS.Signals) => void;

const signals = ['SIGTERM', 'SIGINT'] as const;
let stop: Stop | null = null;
let isEnding = false;

/** From now on a signal ends a service that is still starting, and leaves no embedded server behind; a second one at once. */
export function endEarlyOnSignal(): void {
  if (stop !== null) return;
  stop = (signal) => {
    const code = signal === 'SIGINT' ? 130 : 143;
    if (isEnding) process.exit(code);
    isEnding = true;
    const exit = (): never => process.exit(code);
    import('@ballast/embedded-database').then(({ EmbeddedPostgres }) => EmbeddedPostgres.releaseAll()).then(exit, exit);
  };
  for (const signal of signals) process.on(signal, stop);
}

/** The service minds signals itself. */
export function leaveSignals(): void {
  if (stop !== null) for (const signal of signals) process.off(signal, stop);
  stop = null;
}

/** Waits for the end where a signal brought it: what a start fails of then is no failure. */
export async function waitForEarlyEnd(): Promise<void> {
  if (isEnding) await new Promise(() => undefined);
}
