import { existsSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { DomainError, type Instant } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  Database,
  FirmStore,
  InstrumentStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
  type PersistenceOptions,
} from '@ballast/persistence';
import { ParameterSetsInEffect } from '../parameter-sets-in-effect';
import { demoFirms, type DemoFirmPlan } from './demo-account';
import { DemoFirmWriter, DemoHistory, DemoRecords } from './demo-firm-writer';

interface Task {
  readonly firmCode: string;
  readonly until: number;
  readonly persistence: Omit<PersistenceOptions, 'onEvent'>;
}

type Report = { readonly day: number } | { readonly accounts: number } | { readonly failure: string };

/** Marks the threads that this file is the entry of. */
const role = 'demo-firm';

/** The compiled form of this file; there is none where the sources run uncompiled, and then no thread either. */
const threadFile = path.join(__dirname, 'demo-firm-thread.js');

/** Whether a firm can be loaded in a thread of its own here. */
export function canLoadInThread(): boolean {
  return existsSync(threadFile);
}

let warm: Worker | null = null;

/** Starts the thread before there is work for it: it loads its code while the database is still being made. */
export function warmFirmThread(): void {
  if (!canLoadInThread()) return;
  warm ??= startThread();
  warm.unref();
}

/**
 * Loads one firm of the demo in a thread of its own with its own connection, so that the first start uses both cores.
 *
 * @returns how many accounts it has
 * @throws what the thread died of
 */
export function loadFirmInThread(
  plan: DemoFirmPlan,
  input: { readonly until: Instant; readonly persistence: PersistenceOptions; readonly report: (day: number) => void },
): Promise<number> {
  const { onEvent: _onEvent, ...persistence } = input.persistence;
  const thread = warm ?? startThread();
  warm = null;
  thread.ref();
  const done = new Promise<number>((resolve, reject) => {
    thread.on('message', (report: Report) => {
      if ('day' in report) input.report(report.day);
      else if ('accounts' in report) resolve(report.accounts);
      else reject(new Error(report.failure));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`the thread that loads ${plan.code} ended with ${code}`)));
  });
  thread.postMessage({ firmCode: plan.code, until: input.until, persistence } satisfies Task);
  return done;
}

function startThread(): Worker {
  return new Worker(threadFile, { workerData: { role }, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
}

async function runThread(task: Task, tell: (report: Report) => void): Promise<void> {
  const plan = demoFirms.find(({ code }) => code === task.firmCode);
  if (plan === undefined) throw new DomainError('INVALID_PARAMETER', `no demo firm ${task.firmCode}`, 'firmCode');
  const database = new Database(() => task.persistence);
  try {
    const parameters = new RiskParameterStore(database);
    const writer = new DemoFirmWriter(
      database,
      new DemoRecords(
        new FirmStore(database),
        new AccountStore(database),
        new InstrumentStore(database),
        new PositionStore(database),
        new BalanceStore(database),
      ),
      new DemoHistory(
        parameters,
        new ParameterSetsInEffect(parameters),
        new MarketSnapshotStore(database),
        new MarginRunStore(database),
      ),
    );
    tell({ accounts: await writer.write(plan, task.until as Instant, (day) => tell({ day })) });
  } finally {
    await database.onApplicationShutdown();
  }
}

if (!isMainThread && parentPort !== null && (workerData as { role?: string } | null)?.role === role) {
  const port = parentPort;
  const tell = (report: Report): void => port.postMessage(report);
  port.once('message', (task: Task) => {
    runThread(task, tell).catch((failure: unknown) => tell({ failure: String(failure) }));
  });
}
