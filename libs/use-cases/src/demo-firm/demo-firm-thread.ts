import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Instant } from '@ballast/domain';
import type { PersistenceOptions } from '@ballast/persistence';

/** What the thread is to write, and where to. */
export interface DemoFirmTask {
  readonly firmCodes: readonly string[];
  readonly persistence: Omit<PersistenceOptions, 'onEvent' | 'onTransaction'>;
}

/** What the thread tells: days written, the end, or what it failed of. */
export type DemoFirmReport =
  { readonly firmCode: string; readonly day: number } | { readonly accounts: number } | { readonly failure: string };

/** Marks the threads whose entry is demo-firm-work.ts. */
export const demoFirmRole = 'demo-firms';

/** The compiled entry of the thread; there is none where the sources run uncompiled, and then no thread either. */
const threadFile = path.join(__dirname, 'demo-firm-work.js');

/** Whether the demo can be loaded in a thread of its own here. */
export function canLoadInThread(): boolean {
  return existsSync(threadFile);
}

let warm: { readonly thread: Worker; readonly until: Instant } | null = null;

/**
 * Starts the thread before there is a database to write to: it draws the firms and evaluates their days while the database
 * is still being made. A thread that waits already is kept.
 */
export function warmFirmThread(until: Instant): void {
  if (warm !== null || !canLoadInThread()) return;
  warm = { thread: startThread(until), until };
  warm.thread.unref();
}

let working: Worker | null = null;

/** Ends the threads that were started here and have not finished. */
export async function stopFirmThread(): Promise<void> {
  const threads = [warm?.thread, working];
  warm = null;
  await Promise.all(threads.map((thread) => thread?.terminate()));
}

/**
 * Loads firms of the demo in a thread of its own with its own connections. All of them in one thread: they run the same
 * code, which a second thread would have to load and compile again, and the database has the other core.
 *
 * @returns how many accounts they have
 * @throws what the thread died of
 */
export function loadFirmsInThread(
  firmCodes: readonly string[],
  input: {
    readonly until: Instant;
    readonly persistence: PersistenceOptions;
    readonly report: (firmCode: string, day: number) => void;
  },
): Promise<number> {
  const { onEvent: _onEvent, onTransaction: _onTransaction, ...persistence } = input.persistence;
  const thread = warm?.until === input.until ? warm.thread : startThread(input.until);
  warm = null;
  working = thread;
  thread.ref();
  const done = new Promise<number>((resolve, reject) => {
    thread.on('message', (report: DemoFirmReport) => {
      if ('day' in report) input.report(report.firmCode, report.day);
      else if ('accounts' in report) resolve(report.accounts);
      else reject(new Error(report.failure));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => {
      working = null;
      reject(new Error(`the thread that loads the demo ended with ${code}`));
    });
  });
  thread.postMessage({ firmCodes, persistence } satisfies DemoFirmTask);
  return done;
}

function startThread(until: Instant): Worker {
  const workerData = { role: demoFirmRole, until };
  return new Worker(threadFile, { workerData, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
}
