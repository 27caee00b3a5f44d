import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** A process of the bench, by its first line of output ready. */
export interface BenchProcess {
  readonly pid: number;
  /** Asks it to end and waits for that. */
  readonly stop: () => Promise<void>;
}

/** Starts a built worker and waits until it is ready. */
export async function startWorker(environment: Readonly<Record<string, string>>): Promise<BenchProcess> {
  const entry = path.resolve(__dirname, '../../apps/worker/src/main.js');
  const child = spawn(process.execPath, [...process.execArgv, entry], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve) => createInterface({ input: child.stdout }).once('line', () => resolve()));
  return {
    pid: child.pid as number,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Runs a built script to its end. @throws Error when it ends with another code than 0 */
export async function runScript(file: string, input: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [file, ...input], { stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`${path.basename(file)} ended with ${code}`);
}

/** Time a process computed so far [s], with that of its ended children; 0 where the system does not tell. */
export function processorTime(pid: number | string): number {
  const file = `/proc/${pid}/stat`;
  if (!fs.existsSync(file)) return 0;
  const fields = fs.readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ').slice(11, 15) ?? [];
  return fields.reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** Processes of the server of a data directory: its postmaster, and those that it started; none where the system does not tell. */
export function serverProcesses(dataDir: string): readonly string[] {
  if (!fs.existsSync('/proc/self/stat')) return [];
  const postmaster = fs.readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
  const isOfServer = (pid: string): boolean =>
    fs.existsSync(`/proc/${pid}/stat`) &&
    fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1] === postmaster;
  return [postmaster, ...fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOfServer(name))];
}

/** Time that the server of a data directory computed so far [s]. */
export function serverTime(dataDir: string): number {
  return serverProcesses(dataDir).reduce((sum, pid) => sum + processorTime(pid), 0);
}

/** Memory of the server now [MiB]: what each process has for itself, and its share of what they share. */
export function serverMemory(dataDir: string): number {
  return serverProcesses(dataDir).reduce((sum, pid) => sum + figureOf(`/proc/${pid}/smaps_rollup`, 'Pss'), 0);
}

/** Largest resident set of a process [MiB]; 0 where the system does not tell. */
export function peakMemory(pid: number): number {
  return figureOf(`/proc/${pid}/status`, 'VmHWM');
}

function figureOf(file: string, name: string): number {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(fs.readFileSync(file, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}
