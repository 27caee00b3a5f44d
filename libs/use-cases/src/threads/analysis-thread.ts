// What runs in an analysis thread: it loads no database and no framework, gets data and posts data.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { finish } from '@ballast/buffer';
import type { PriceCase } from '@ballast/formats';
import { priceCase } from '../case-file/price-file';
import { type AccountSource, prepareSource } from './account-source';
import { analysisJobs, type AnalysisName } from './analysis-jobs';
import { addUpFirm, type FirmAccountSource, type FirmAddition, type FirmSource } from './firm-source';
import { fromMessage, toMessage } from './message-codec';
import { postFailure, type PostedFailure } from './thread-failure';

/** What a thread is asked. */
export type ThreadTask =
  | {
      readonly task: 'analyse';
      readonly name: AnalysisName;
      readonly source: AccountSource;
      readonly question: unknown;
    }
  | { readonly task: 'price'; readonly contract: PriceCase }
  | { readonly task: 'open-firm'; readonly source: FirmSource }
  | { readonly task: 'add-accounts'; readonly accounts: readonly FirmAccountSource[] }
  | { readonly task: 'conclude-firm' };

/** What it answers. */
export type ThreadAnswer = { readonly result: unknown } | { readonly failure: PostedFailure };

/** Marks the threads that this file is the entry of. */
export const analysisThreadRole = 'analysis';

/** Performs the tasks of one thread, one after the other; the firm that is being added up is kept between them. */
export function performTasks(): (task: ThreadTask) => unknown {
  let firm: FirmAddition | null = null;
  const opened = (): FirmAddition => {
    if (firm === null) throw new Error('no firm was opened');
    return firm;
  };
  return (task) => {
    switch (task.task) {
      case 'analyse': {
        const compute = analysisJobs[task.name] as (...input: unknown[]) => Parameters<typeof finish>[0];
        return finish(compute(prepareSource(task.source), task.question));
      }
      case 'price':
        return priceCase(task.contract);
      case 'open-firm':
        firm = addUpFirm(task.source);
        return null;
      case 'add-accounts':
        finish(opened().add(task.accounts));
        return null;
      case 'conclude-firm': {
        const risk = opened().conclude();
        firm = null;
        return risk;
      }
    }
  };
}

if (!isMainThread && parentPort !== null && (workerData as { role?: string } | null)?.role === analysisThreadRole) {
  const port = parentPort;
  const perform = performTasks();
  port.on('message', (posted: unknown) => {
    let answer: ThreadAnswer;
    try {
      answer = { result: toMessage(perform(fromMessage(posted) as ThreadTask)) };
    } catch (error) {
      answer = { failure: postFailure(error) };
    }
    port.postMessage(answer);
  });
}
