import { existsSync } from 'node:fs';
import path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { DomainError, type Instant } from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  BufferPolicyStore,
  CalendarStore,
  Database,
  FirmControlsStore,
  FirmStore,
  InstrumentStore,
  MarginCallStore,
  MarginRunStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
  type PersistenceOptions,
} from '@ballast/persistence';
import { DecideMarginCalls } from '../decide-margin-calls';
import { demoFirms } from './demo-account';
import { demoEvaluation, type DemoEvaluation } from './demo-evaluation';
import { drawFirmBook, type DemoFirmBook } from './demo-firm-book';
import { DemoFirmWriter, DemoHistory, DemoRecords } from './demo-firm-writer';

interface Task {
  readonly firmCodes: readonly string[];
  readonly persistence: Omit<PersistenceOptions, 'onEvent' | 'onTransaction'>;
}

interface DrawnFirm {
  readonly book: DemoFirmBook;
  readonly evaluation: DemoEvaluation;
}

type Report =
  { readonly firmCode: string; readonly day: number } | { readonly accounts: number } | { readonly failure: string };

/** Marks the threads that this file is the entry of. */
const role = 'demo-firms';

/** The compiled form of this file; there is none where the sources run uncompiled, and then no thread either. */
const threadFile = path.join(__dirname, 'demo-firm-thread.js');

/** Whether the demo can be loaded in a thread of its own here. */
export function canLoadInThread(): boolean {
  return existsSync(threadFile);
}

let warm: { readonly thread: Worker; readonly until: Instant } | null = null;

/**
 * Starts the thread before there is a database to write to: it draws the firms and evaluates their days while the database
 * is still being made.
 */
export function warmFirmThread(until: Instant): void {
  if (warm !== null || !canLoadInThread()) return;
  warm = { thread: startThread(until), until };
  warm.thread.unref();
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
  thread.ref();
  const done = new Promise<number>((resolve, reject) => {
    thread.on('message', (report: Report) => {
      if ('day' in report) input.report(report.firmCode, report.day);
      else if ('accounts' in report) resolve(report.accounts);
      else reject(new Error(report.failure));
    });
    thread.on('error', reject);
    thread.on('exit', (code) => reject(new Error(`the thread that loads the demo ended with ${code}`)));
  });
  thread.postMessage({ firmCodes, persistence } satisfies Task);
  return done;
}

function startThread(until: Instant): Worker {
  return new Worker(threadFile, { workerData: { role, until }, resourceLimits: { maxYoungGenerationSizeMb: 128 } });
}

async function runThread(task: Task, tell: (report: Report) => void, drawn: ReadonlyMap<string, DrawnFirm>) {
  const database = new Database(() => task.persistence);
  try {
    const writer = writerOf(database);
    const loads = task.firmCodes.map(async (firmCode) => {
      const firm = drawn.get(firmCode);
      if (firm === undefined) throw new DomainError('INVALID_PARAMETER', `no demo firm ${firmCode}`, 'firmCode');
      await writer.write(firm.book, (day) => tell({ firmCode, day }), firm.evaluation);
      return firm.book.accounts.length;
    });
    // All settle before the first failure is told, so that nothing goes on in the background.
    await Promise.allSettled(loads);
    tell({ accounts: (await Promise.all(loads)).reduce((sum, accounts) => sum + accounts, 0) });
  } finally {
    await database.onApplicationShutdown();
  }
}

function writerOf(database: Database): DemoFirmWriter {
  const records = new DemoRecords(
    new FirmStore(database),
    new AccountStore(database),
    new InstrumentStore(database),
    new PositionStore(database),
    new BalanceStore(database),
  );
  const history = new DemoHistory(
    new RiskParameterStore(database),
    new MarketSnapshotStore(database),
    new MarginRunStore(database),
    new DecideMarginCalls(
      new MarginCallStore(database),
      new BufferPolicyStore(database),
      new FirmControlsStore(database),
      new CalendarStore(database),
    ),
  );
  return new DemoFirmWriter(database, records, history);
}

/** Draws all firms and evaluates their days in turn until it is stopped: messages get their turn between the days. */
function drawAhead(until: Instant): { readonly drawn: ReadonlyMap<string, DrawnFirm>; readonly stop: () => void } {
  const drawn = new Map(
    demoFirms.map((plan) => {
      const book = drawFirmBook(plan, until);
      return [plan.code, { book, evaluation: demoEvaluation(book) }];
    }),
  );
  let stopped = false;
  const advance = (): void => {
    if (stopped || ![...drawn.values()].some(({ evaluation }) => evaluation.advance())) return;
    setImmediate(advance);
  };
  setImmediate(advance);
  return { drawn, stop: () => (stopped = true) };
}

if (!isMainThread && parentPort !== null && (workerData as { role?: string } | null)?.role === role) {
  const port = parentPort;
  const tell = (report: Report): void => port.postMessage(report);
  const ahead = drawAhead((workerData as { readonly until: Instant }).until);
  port.once('message', (task: Task) => {
    ahead.stop();
    runThread(task, tell, ahead.drawn).catch((failure: unknown) => tell({ failure: String(failure) }));
  });
}
