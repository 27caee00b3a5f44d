import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { builtFile } from '../drills/drill';

/** The built service in a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it writes to its standard output. */
  readonly lines: Interface;
}

/** Starts the built API as production does and waits for its READY line. */
export async function startServiceProcess(environment: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const built = JSON.stringify(builtFile('apps/api/src/serve.js'));
  return startServer(`${tellHeap} require(${built}).serve({ demo: true })`, environment);
}

/** On SIGUSR2 the process writes what its heap holds after two collections [bytes]; needs --expose-gc. */
const tellHeap = `process.on('SIGUSR2', () => {
  gc(); gc();
  process.stdout.write('HEAP ' + process.memoryUsage().heapUsed + '\\n');
});`;

/** Bytes a service holds after a full collection. */
export function readHeap({ process: child, lines }: ServiceProcess): Promise<number> {
  return new Promise((resolve) => {
    const listen = (line: string): void => {
      const bytes = /^HEAP (\d+)$/.exec(line)?.[1];
      if (bytes === undefined) return;
      lines.off('line', listen);
      resolve(Number(bytes));
    };
    lines.on('line', listen);
    child.kill('SIGUSR2');
  });
}

/** Runs a script in a process of its own and waits for its READY line. */
export async function startServer(script: string, environment: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const options = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  const child = spawn(process.execPath, ['--max-semi-space-size=64', '--expose-gc', ...options, '-e', script], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const ready = /^READY (\S+)/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before READY`)));
  });
  return { url, process: child, lines };
}
