import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FirmRisk } from '@ballast/buffer';
import type { PriceCase, PriceFigures } from '@ballast/formats';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { priceCase } from '../case-file/price-file';
import { answerInTurns } from '../run/run-in-turns';
import { UseCaseError } from '../caller/use-case-error';
import { type AccountSource, prepareSource } from './account-source';
import { type AnalysisJobs, analysisJobs, type AnalysisName } from './analysis-jobs';
import { analysisThreadRole, type ThreadAnswer, type ThreadTask } from './analysis-thread';
import { addUpFirm, type FirmAccountSource, type FirmSource } from './firm-source';
import { fromMessage, toMessage } from './message-codec';
import { readFailure } from './thread-failure';

/** Bounds of one analysis. */
export interface AnalysisBounds {
  /** Input to blame when it takes too long. */
  readonly field: string;
  /** Aborted when nobody waits for the answer any more: the computation ends at once. */
  readonly signal?: AbortSignal;
}

/** A firm that is being added up. */
export interface FirmComputation {
  readonly add: (accounts: readonly FirmAccountSource[]) => Promise<void>;
  readonly conclude: () => Promise<FirmRisk>;
  /** Gives the thread back; safe to call any number of times. */
  readonly close: () => void;
}

/** Longest that one analysis, or one page of a firm, may compute [ms]. */
const totalMs = 20_000;
/** Analyses that may wait for a thread. */
const waitingMaximum = 64;
/** Idle threads end after this long, so that a quiet service holds no memory for them [ms]. */
const idleMs = 60_000;
/** The compiled thread; there is none where the sources run uncompiled, and then analyses run in turns on the event loop. */
const threadFile = path.join(__dirname, 'analysis-thread.js');

interface Thread {
  readonly worker: Worker;
  idle: NodeJS.Timeout | undefined;
}

interface Waiting {
  readonly start: (thread: Thread) => void;
  readonly refuse: (reason: Error) => void;
}

/**
 * Computes long analyses in threads, so that the event loop stays free for others. The figures are those of computing at
 * once. A thread that computes for too long, or for nobody, is ended and replaced.
 */
@Injectable()
export class AnalysisThreads implements OnModuleDestroy {
  private readonly idle: Thread[] = [];
  private readonly all = new Set<Thread>();
  private readonly waiting: Waiting[] = [];
  private stopped = false;
  private readonly most: number;
  private readonly file: string | null;

  /** @param options.file  compiled thread; null = compute in turns; found beside this file when absent */
  constructor(options: { readonly file?: string | null; readonly threads?: number } = {}) {
    this.file = options.file === undefined ? (existsSync(threadFile) ? threadFile : null) : options.file;
    this.most = options.threads ?? Math.max(2, Math.min(4, availableParallelism() - 1));
  }

  /**
   * Analyses one account.
   *
   * @throws UseCaseError 'BAD_USER_INPUT' when it takes longer than one request may, 'UNAVAILABLE' when too many wait or
   *         the service stops; DomainError as the analysis
   */
  async analyse<Name extends AnalysisName>(
    name: Name,
    source: AccountSource,
    question: AnalysisJobs[Name]['question'],
    bounds: AnalysisBounds,
  ): Promise<AnalysisJobs[Name]['result']> {
    if (this.file === null) return answerInTurns(analysisJobs[name](prepareSource(source), question), bounds.field);
    const thread = await this.take(bounds.signal);
    return (await this.ask(thread, { task: 'analyse', name, source, question }, bounds, 'last')) as never;
  }

  /** Prices one contract whose model takes long. @throws as analyse; PricingInputError 'INVALID_PRICING_INPUT' */
  async price(contract: PriceCase, bounds: AnalysisBounds): Promise<PriceFigures> {
    if (this.file === null) return priceCase(contract);
    const thread = await this.take(bounds.signal);
    return (await this.ask(thread, { task: 'price', contract }, bounds, 'last')) as PriceFigures;
  }

  /** Begins the risk of a firm; the caller closes it. @throws as analyse */
  async openFirm(source: FirmSource, bounds: AnalysisBounds): Promise<FirmComputation> {
    if (this.file === null) return firmInTurns(source, bounds);
    const thread = await this.take(bounds.signal);
    let isOpen = true;
    const ask = async (task: ThreadTask): Promise<unknown> => {
      try {
        return await this.ask(thread, task, bounds, 'more');
      } catch (error) {
        close();
        throw error;
      }
    };
    const close = (): void => {
      if (isOpen) this.giveBack(thread);
      isOpen = false;
    };
    await ask({ task: 'open-firm', source });
    return {
      add: async (accounts) => void (await ask({ task: 'add-accounts', accounts })),
      conclude: async () => (await ask({ task: 'conclude-firm' })) as FirmRisk,
      close,
    };
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    for (const { refuse } of this.waiting.splice(0)) refuse(stopping());
    await Promise.all([...this.all].map((thread) => this.end(thread)));
  }

  /** One message, one answer. A thread that does not answer in time is ended. */
  private ask(thread: Thread, task: ThreadTask, bounds: AnalysisBounds, turn: 'last' | 'more'): Promise<unknown> {
    const { worker } = thread;
    const { signal, field } = bounds;
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void, keep: boolean): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abandon);
        worker.removeAllListeners('message').removeAllListeners('error').removeAllListeners('exit');
        if (!keep) void this.end(thread);
        else if (turn === 'last') this.giveBack(thread);
        finish();
      };
      const timer = setTimeout(() => settle(() => reject(tooLong(field)), false), totalMs);
      const abandon = (): void => settle(() => reject(nobodyWaits()), false);
      worker.once('message', (answer: ThreadAnswer) => {
        if ('failure' in answer) settle(() => reject(readFailure(answer.failure)), true);
        else settle(() => resolve(fromMessage(answer.result)), true);
      });
      worker.once('error', (error) => settle(() => reject(error), false));
      worker.once('exit', () => settle(() => reject(stopping()), false));
      signal?.addEventListener('abort', abandon);
      if (signal?.aborted === true) abandon();
      else worker.postMessage(toMessage(task));
    });
  }

  private take(signal: AbortSignal | undefined): Promise<Thread> {
    if (this.stopped) return Promise.reject(stopping());
    if (signal?.aborted === true) return Promise.reject(nobodyWaits());
    const free = this.idle.pop();
    if (free !== undefined) {
      clearTimeout(free.idle);
      free.worker.removeAllListeners('exit').removeAllListeners('error').ref();
      return Promise.resolve(free);
    }
    if (this.all.size < this.most) return Promise.resolve(this.begin());
    if (this.waiting.length >= waitingMaximum)
      return Promise.reject(new UseCaseError('UNAVAILABLE', 'too many analyses are waiting: ask again later'));
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(entry), 1);
        reject(nobodyWaits());
      };
      const entry: Waiting = {
        start: (thread) => {
          signal?.removeEventListener('abort', leave);
          resolve(thread);
        },
        refuse: reject,
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.push(entry);
    });
  }

  private begin(): Thread {
    const worker = new Worker(this.file ?? threadFile, { workerData: { role: analysisThreadRole } });
    const thread: Thread = { worker, idle: undefined };
    this.all.add(thread);
    return thread;
  }

  private giveBack(thread: Thread): void {
    if (!this.all.has(thread)) return;
    const next = this.waiting.shift();
    if (next !== undefined) return next.start(thread);
    thread.idle = setTimeout(() => void this.end(thread), idleMs).unref();
    thread.worker.once('exit', () => this.forget(thread)).once('error', () => this.forget(thread));
    thread.worker.unref();
    this.idle.push(thread);
  }

  private forget(thread: Thread): void {
    clearTimeout(thread.idle);
    this.all.delete(thread);
    const place = this.idle.indexOf(thread);
    if (place >= 0) this.idle.splice(place, 1);
  }

  private async end(thread: Thread): Promise<void> {
    if (!this.all.has(thread)) return;
    this.forget(thread);
    const ended = thread.worker.terminate();
    const next = this.stopped ? undefined : this.waiting.shift();
    next?.start(this.begin());
    await ended;
  }
}

function firmInTurns(source: FirmSource, { field }: AnalysisBounds): FirmComputation {
  const firm = addUpFirm(source);
  return {
    add: (accounts) => answerInTurns(firm.add(accounts), field),
    conclude: () => Promise.resolve(firm.conclude()),
    close: () => undefined,
  };
}

function tooLong(field: string): UseCaseError {
  const message = `the computation was given up after ${totalMs / 1000} s: ask for fewer paths, steps or days, or of an account with fewer contracts`;
  return new UseCaseError('BAD_USER_INPUT', message, field);
}

function nobodyWaits(): UseCaseError {
  return new UseCaseError('UNAVAILABLE', 'the request is over');
}

function stopping(): UseCaseError {
  return new UseCaseError('UNAVAILABLE', 'the service is shutting down');
}
