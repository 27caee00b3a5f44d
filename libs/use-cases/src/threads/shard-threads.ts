import { existsSync } from 'node:fs';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { type CommonSpanColumns, createCommonSpanColumns } from '@ballast/margin';
import { Database, type ShardOutcome } from '@ballast/persistence';
import { Injectable, Logger } from '@nestjs/common';
import { EnginePhases, enginePhases } from '../engine/engine-phases';
import type { ShardJob } from '../engine/job-queue';
import type { ColumnsWanted } from '../engine/run-columns';
import { runsKept } from '../engine/shard-runner';
import { type ShardOrder, type ShardReport, type ShardThreadData, shardThreadRole } from './shard-messages';

/** How the threads of a process work. */
export interface ShardThreadSettings {
  /** Threads at most, ≥ 1; each begins when there is work that the others have no hand free for. */
  readonly threads: number;
  /** Shards that one thread works on side by side, ≥ 1. */
  readonly concurrency: number;
  /** Largest heap of one thread [MiB]. */
  readonly memoryMaximum: number;
  /** A thread with work whose event loop stood still for so long is ended [s]. */
  readonly silenceSeconds: number;
  /** Whether threads without work stay. */
  readonly standing: boolean;
}

/** The compiled thread; there is none where the sources run uncompiled, and then shards are worked on in turns. */
const threadFile = path.join(__dirname, 'shard-thread.js');
/** Room for what is short-lived: the results of one shard and more [MiB]. */
const youngMaximum = 96;
/** Threads without work end after this long, and give their memory back [ms]. */
const idleMs = 60_000;
/** Longest wait for a thread to close its connections [ms]. */
const endLimitMs = 3_000;
const pulseCheckMs = 1_000;
/** Longest wait for the first pulse of a thread, which loads its code on a machine that may be busy [s]. */
const beginLimitSeconds = 120;

interface ShardInHand {
  readonly resolve: (outcome: ShardOutcome | 'nothing to do') => void;
  readonly reject: (failure: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  /** Shards it was chosen for. */
  load: number;
  readonly inHand: Map<number, ShardInHand>;
  readonly pulse: Int32Array;
  /** Last pulse seen, and checks since it changed. */
  seen: number;
  still: number;
  idle: NodeJS.Timeout | undefined;
  readonly ready: Promise<unknown>;
  readonly ended: Promise<void>;
}

/**
 * Works on shards in threads, each with its own connections, while this process minds the queue. What they value of contracts
 * stands in memory that they have in common, so that each contract of a run is valued once in the process.
 */
@Injectable()
export class ShardThreads {
  private readonly logger = new Logger(ShardThreads.name);
  private readonly all = new Set<Thread>();
  private readonly columns = new Map<string, Map<string, CommonSpanColumns>>();
  /** Where the time of threads went, those that ended included. */
  readonly phases = new EnginePhases();
  private readonly told = new WeakMap<Thread, Readonly<Record<string, number>>>();
  private shards = 0;
  private beginning: Promise<unknown> = Promise.resolve();
  private readonly file: string | null;

  /** @param options.file  the compiled thread; found beside this file when absent */
  constructor(
    private readonly database: Database,
    options: { readonly file?: string } = {},
  ) {
    this.file = options.file ?? (existsSync(threadFile) ? threadFile : null);
  }

  /** Whether there is a compiled thread to begin. */
  get isProvided(): boolean {
    return this.file !== null;
  }

  /** Begins as many threads as there may be, and waits until they are ready or gone, so that the first shards need not. */
  async begin(settings: ShardThreadSettings): Promise<void> {
    const taken = await Promise.all(Array.from({ length: settings.threads }, () => this.take(settings)));
    await Promise.all(taken.map(({ ready, ended }) => Promise.race([ready, ended])));
    for (const thread of taken) this.giveBack(thread, settings);
  }

  /**
   * As ShardRunner.execute, in the thread with the fewest shards in hand.
   *
   * @throws Error naming the end of the thread when it died of this shard, or of another beside it
   */
  async execute(
    job: ShardJob,
    worker: string,
    signal: AbortSignal,
    settings: ShardThreadSettings,
  ): Promise<ShardOutcome | 'nothing to do'> {
    const thread = await this.take(settings);
    const id = (this.shards += 1);
    const leave = (): void => this.tell(thread, { order: 'leave', id });
    try {
      return await new Promise((resolve, reject) => {
        thread.inHand.set(id, { resolve, reject });
        signal.addEventListener('abort', leave, { once: true });
        this.tell(thread, { order: 'work', id, job, worker });
        if (signal.aborted) leave();
      });
    } finally {
      signal.removeEventListener('abort', leave);
      thread.inHand.delete(id);
      this.giveBack(thread, settings);
    }
  }

  /** A run is over: what was valued for it is given up. */
  forget(runId: string): void {
    this.columns.delete(runId);
  }

  /** Ends all threads; their shards are over by then, or are given up. */
  async close(): Promise<void> {
    await Promise.all([...this.all].map((thread) => this.end(thread)));
  }

  /** Several callers at once must not begin more threads than there may be. */
  private take(settings: ShardThreadSettings): Promise<Thread> {
    const taking = this.beginning.then(async () => {
      const [idlest] = [...this.all].sort((one, other) => one.load - other.load);
      const isEnough = idlest !== undefined && (idlest.load === 0 || this.all.size >= settings.threads);
      const thread = isEnough ? idlest : await this.open(settings);
      clearTimeout(thread.idle);
      thread.load += 1;
      return thread;
    });
    this.beginning = taking.catch(() => undefined);
    return taking;
  }

  private async open({ concurrency, memoryMaximum, silenceSeconds }: ShardThreadSettings): Promise<Thread> {
    // One connection per shard at hand, and one for what they have in common.
    const database = await this.database.settingsForThread(concurrency + 1);
    const pulse = new Int32Array(new SharedArrayBuffer(4));
    const workerData: ShardThreadData = { role: shardThreadRole, database, pulse };
    const resourceLimits = { maxOldGenerationSizeMb: memoryMaximum, maxYoungGenerationSizeMb: youngMaximum };
    const worker = new Worker(this.file ?? threadFile, { workerData, resourceLimits });
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    const ready = new Promise((resolve) => worker.once('message', resolve));
    const watched = { pulse, seen: 0, still: 0 };
    const thread: Thread = { worker, load: 0, inHand: new Map(), ...watched, idle: undefined, ready, ended };
    this.all.add(thread);
    worker.on('message', (report: ShardReport) => this.hear(thread, report));
    worker.on('error', (failure) => this.bury(thread, `the thread that worked on it died: ${messageOf(failure)}`));
    worker.on('exit', () => this.bury(thread, 'the thread that worked on it ended'));
    const watch = setInterval(() => this.feelPulse(thread, silenceSeconds), pulseCheckMs).unref();
    void ended.then(() => clearInterval(watch));
    return thread;
  }

  private hear(thread: Thread, report: ShardReport): void {
    switch (report.report) {
      case 'ready':
        return;
      case 'done':
        this.addPhases(thread, report.phases);
        return thread.inHand.get(report.id)?.resolve(report.outcome);
      case 'failed':
        return thread.inHand.get(report.id)?.reject(report.failure);
      case 'wants columns':
        return this.tell(thread, { order: 'take columns', id: report.id, columns: this.columnsFor(report.wanted) });
      case 'event':
        return this.database.settings.onEvent?.(report.message, report.failure ?? undefined);
    }
  }

  private columnsFor({ runId, currency, room }: ColumnsWanted): CommonSpanColumns {
    for (const id of [...this.columns.keys()].slice(0, -runsKept)) if (id !== runId) this.columns.delete(id);
    const ofRun = this.columns.get(runId) ?? new Map<string, CommonSpanColumns>();
    const columns = ofRun.get(currency) ?? createCommonSpanColumns(room);
    this.columns.set(runId, ofRun.set(currency, columns));
    return columns;
  }

  private addPhases(thread: Thread, phases: Readonly<Record<string, number>>): void {
    const before = this.told.get(thread);
    for (const phase of enginePhases) this.phases.add(phase, (phases[phase] ?? 0) - (before?.[phase] ?? 0));
    this.told.set(thread, phases);
  }

  /** Counted in checks, not by a clock: a machine that slept, or a process that stood still, blames no thread. */
  private feelPulse(thread: Thread, silenceSeconds: number): void {
    const pulse = Atomics.load(thread.pulse, 0);
    thread.still = pulse === thread.seen && thread.inHand.size > 0 ? thread.still + 1 : 0;
    thread.seen = pulse;
    const patience = pulse === 0 ? beginLimitSeconds : silenceSeconds;
    if (thread.still * pulseCheckMs < patience * 1_000) return;
    this.bury(thread, `the thread that worked on it stood still for ${patience} s`);
    void thread.worker.terminate();
  }

  /** The shards of a thread that is no more have failed; the queue delivers them again as often as it may. */
  private bury(thread: Thread, reason: string): void {
    if (this.all.delete(thread) && thread.inHand.size > 0)
      this.logger.error(`${reason.replace(' that worked on it', '')}, with ${thread.inHand.size} shards in hand`);
    clearTimeout(thread.idle);
    for (const { reject } of thread.inHand.values()) reject(new Error(reason));
    thread.inHand.clear();
  }

  private giveBack(thread: Thread, { standing }: ShardThreadSettings): void {
    thread.load -= 1;
    if (thread.load === 0 && !standing && this.all.has(thread))
      thread.idle = setTimeout(() => void this.end(thread), idleMs).unref();
  }

  private async end(thread: Thread): Promise<void> {
    if (!this.all.delete(thread)) return;
    clearTimeout(thread.idle);
    this.tell(thread, { order: 'end' });
    const late = setTimeout(() => void thread.worker.terminate(), endLimitMs);
    await thread.ended;
    clearTimeout(late);
  }

  private tell(thread: Thread, order: ShardOrder): void {
    thread.worker.postMessage(order);
  }
}

function messageOf(failure: unknown): string {
  return failure instanceof Error ? failure.message : String(failure);
}
