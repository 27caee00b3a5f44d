// Entry of the thread that draws, evaluates and writes the demo firms; demo-firm-thread.ts starts it.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { DomainError, type Instant } from '@ballast/domain';
import { Database } from '@ballast/persistence';
import { demoFirms } from './demo-account';
import { demoEvaluation, type DemoEvaluation } from './demo-evaluation';
import { drawFirmBook, type DemoFirmBook } from './demo-firm-book';
import { demoFirmRole, type DemoFirmReport, type DemoFirmTask } from './demo-firm-thread';
import { demoFirmWriterOf } from './demo-firm-writer';

interface DrawnFirm {
  readonly book: DemoFirmBook;
  readonly evaluation: DemoEvaluation;
}

async function runThread(
  task: DemoFirmTask,
  tell: (report: DemoFirmReport) => void,
  drawn: ReadonlyMap<string, DrawnFirm>,
) {
  const database = new Database(() => task.persistence);
  try {
    const writer = demoFirmWriterOf(database);
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

if (!isMainThread && parentPort !== null && (workerData as { role?: string } | null)?.role === demoFirmRole) {
  const port = parentPort;
  const tell = (report: DemoFirmReport): void => port.postMessage(report);
  const ahead = drawAhead((workerData as { readonly until: Instant }).until);
  port.once('message', (task: DemoFirmTask) => {
    ahead.stop();
    runThread(task, tell, ahead.drawn).catch((failure: unknown) => tell({ failure: String(failure) }));
  });
}
