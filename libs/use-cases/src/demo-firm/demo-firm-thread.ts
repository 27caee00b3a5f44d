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
import { DemoFirmWriter, DemoHistory, DemoRecords, drawBook, type FirmBook, snapshotOf } from './demo-firm-writer';

interface Task {
  readonly firmCode: string;
  readonly until: number;
  readonly persistence: Omit<PersistenceOptions, 'onEvent'>;
}

/** What a thread may draw before it gets its task. */
interface Ahead {
  readonly firmCode?: string | undefined;
  readonly until?: number;
}

interface Drawn {
  readonly firmCode: string;
  readonly until: number;
  readonly book: FirmBook;
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

/**
 * Starts the thread before there is work for it: it loads its code and draws the market of the largest firm while the
 * database is still being made.
 */
export function warmFirmThread(until: Instant): void {
  if (!canLoadInThread()) return;
  warm ??= startThread({ firmCode: demoFirms[0]?.code, until });
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

function startThread(ahead: Ahead = {}): Worker {
  return new Worker(threadFile, { workerData: { role, ...ahead }, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
}

async function runThread(task: Task, tell: (report: Report) => void, drawn: Drawn | null): Promise<void> {
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
    const isSame = drawn?.firmCode === task.firmCode && drawn.until === task.until;
    const book = isSame ? drawn.book : drawBook(plan, task.until as Instant);
    tell({ accounts: await writer.write(plan, task.until as Instant, (day) => tell({ day }), book) });
  } finally {
    await database.onApplicationShutdown();
  }
}

/** Draws the market of a firm day by day until the task arrives: messages get their turn between the days. */
function drawAhead({ firmCode, until }: Ahead): { readonly book: Drawn | null; readonly stop: () => void } {
  const plan = demoFirms.find(({ code }) => code === firmCode);
  if (plan === undefined || until === undefined) return { book: null, stop: () => undefined };
  const book = drawBook(plan, until as Instant);
  let stopped = false;
  const draw = (day: number): void => {
    if (stopped || day >= book.closes.length) return;
    snapshotOf(book, day);
    setImmediate(() => draw(day + 1));
  };
  setImmediate(() => draw(0));
  return { book: { firmCode: plan.code, until, book }, stop: () => (stopped = true) };
}

if (!isMainThread && parentPort !== null && (workerData as { role?: string } | null)?.role === role) {
  const port = parentPort;
  const tell = (report: Report): void => port.postMessage(report);
  const drawn = drawAhead(workerData as Ahead);
  port.once('message', (task: Task) => {
    drawn.stop();
    runThread(task, tell, drawn.book).catch((failure: unknown) => tell({ failure: String(failure) }));
  });
}
