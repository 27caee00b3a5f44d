import { serve } from './serve';

/** Entry of the service by itself; `ballast serve` and `ballast demo` call the same function. */
serve({ demo: false }).catch((error: unknown) => {
  const { exitCode } = error as { exitCode?: number };
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCode ?? 1;
});
