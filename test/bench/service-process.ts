import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** The built service in a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly process: ChildProcess;
}

/** Starts the built API as production does and waits for its READY line. */
export async function startServiceProcess(environment: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const built = path.resolve(__dirname, '../../apps/api/src/serve.js');
  return startServer(`require(${JSON.stringify(built)}).serve({ demo: true })`, environment);
}

/** Runs a script in a process of its own and waits for its READY line. */
export async function startServer(script: string, environment: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const options = process.env['BENCH_NODE_OPTIONS']?.split(' ') ?? [];
  const child = spawn(process.execPath, ['--max-semi-space-size=64', ...options, '-e', script], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = /^READY (\S+)/.exec(line)?.[1];
      if (ready !== undefined) resolve(ready);
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before READY`)));
  });
  return { url, process: child };
}
