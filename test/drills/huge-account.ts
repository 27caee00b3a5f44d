import { spawn } from 'node:child_process';
import fs from 'node:fs';
import { batchAsOf, fillBatchFirm } from '../support/batch-book';
import { formatInstant } from '@ballast/domain';
import { openTestDatabase, type TestDatabase } from '../support/postgres';
import { builtFile, type Drill, type DrillOutcome, longest, requireThat } from './drill';

const heapMegabytes = 512;

/** An account whose book is a firm's, in a process with little memory. */
export const hugeAccount: Drill = {
  id: 'FD-12',
  title: `an account of 50,000 positions, in processes with ${heapMegabytes} MB of heap`,
  promise: 'it is evaluated, replayed and exported, or refused as TOO_LARGE; no process ends for lack of memory',
  inEveryRun: false,
  run: async ({ intensity }): Promise<DrillOutcome> => {
    const positions = intensity === 'full' ? 50_000 : 2_000;
    const db = await openTestDatabase({ statementTimeoutMs: 120_000 });
    try {
      const book = { accounts: 1, positionsPerAccount: positions, contracts: positions };
      await fillBatchFirm(db.database, db.superuserUrl, book);
      const run = await inLittleMemory(db, ['run', '--as-of', formatInstant(batchAsOf), '--json']);
      const { run: id, state } = JSON.parse(run.stdout) as { run: string; state: string };
      requireThat(state === 'COMPLETED', `the run is ${state}`);
      const replay = await inLittleMemory(db, ['replay', id]);
      const exported = await inLittleMemory(db, ['export', 'positions', '--format', 'csv']);
      const rows = exported.stdout.trimEnd().split('\n').length - 1;
      requireThat(rows === positions, `${rows} positions exported instead of ${positions}`);
      const all = [run, replay, exported];
      const peak = Math.max(...all.map(({ peakMegabytes }) => peakMegabytes));
      return {
        figures: `${positions.toLocaleString('en').replace(',', ' ')} positions: run ${longest([run.ms])}, replay with every figure equal ${longest([replay.ms])}, export ${longest([exported.ms])}; most memory of a process ${peak} MB`,
      };
    } finally {
      await db.close();
    }
  },
};

interface Finished {
  readonly stdout: string;
  readonly ms: number;
  readonly peakMegabytes: number;
}

async function inLittleMemory(db: TestDatabase, words: readonly string[]): Promise<Finished> {
  const started = performance.now();
  const entry = builtFile('apps/cli/src/main.js');
  const limits = { WORKER_THREAD_MEMORY: String(heapMegabytes), STATEMENT_TIMEOUT_MS: '120000' };
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMegabytes}`, entry, ...words], {
    env: { ...process.env, ...db.environment, ...limits },
  });
  let stdout = '';
  let stderr = '';
  let peakMegabytes = 0;
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const look = setInterval(() => (peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid))), 50);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(look);
  requireThat(code === 0, `ballast ${words.join(' ')} ended with ${code ?? child.signalCode}: ${stderr.slice(-400)}`);
  return { stdout, ms: performance.now() - started, peakMegabytes };
}

/** Largest resident memory of a process so far [MB]; 0 where the system does not tell. */
function peakOf(pid: number | undefined): number {
  try {
    const [, kilobytes = '0'] = /VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kilobytes) / 1_024);
  } catch {
    return 0;
  }
}
