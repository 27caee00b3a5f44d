import { runWorkerProcess } from './run-worker-process';

/** Entry of a worker by itself; `ballast worker` calls the same function. */
runWorkerProcess().catch((error: unknown) => {
  const { exitCode } = error as { exitCode?: number };
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = exitCode ?? 1;
});
