import { stat } from 'node:fs/promises';
import path from 'node:path';
import { instantOf } from '@ballast/domain';
import { describeProblem, identifierCell, readMarketStream } from '@ballast/formats';
import { liveQuoteLimits } from '@ballast/market-data';
import type { Firm } from '@ballast/persistence';
import { type FollowEvent, FollowMarket, type FollowReport, type StreamBatch } from '@ballast/use-cases';
import { Injectable } from '@nestjs/common';
import { CommandFailure, exitCodes } from '../exit-code';
import { operatorName } from '../firm-choice';
import { streamInput } from '../input-file';
import { alignColumns, printText } from '../print';
import type { ImportOptions } from './import-options';
import { stopOnSignal } from '../stop-on-signal';
import { streamDirectory } from './stream-directory';

const everyUsual = 1;
const silenceUsual = 60;
/** Options that belong to files that are imported whole. */
const foreignOptions = ['expectRows', 'control', 'asOf', 'format', 'underlying', 'underlyingPrice', 'date', 'rate', 'dividendYield', 'secondSource', 'validFrom', 'mode', 'schedule', 'vintage'] as const; // prettier-ignore
const progressIntervalMs = 200;

/** `ballast import market --follow`: a stream of quotes until it ends or a signal ends it. */
@Injectable()
export class FollowImport {
  private shownAt = 0;

  constructor(private readonly followMarket: FollowMarket) {}

  /** Refuses what does not go together. @throws CommandFailure */
  check(kind: string, paths: readonly string[], options: ImportOptions): void {
    const refuse = (reason: string): never => {
      throw new CommandFailure(exitCodes.usage, reason);
    };
    if (kind !== 'market') refuse(`--follow belongs to a market, not to ${kind}`);
    if (paths.length > 1) refuse('--follow takes one stream: -, a file or a directory');
    const foreign = foreignOptions.find((name) => options[name] !== undefined);
    if (foreign !== undefined)
      refuse(`--${foreign.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} does not go with --follow`);
  }

  async run(firm: Firm, words: readonly string[], options: ImportOptions): Promise<void> {
    const [place = '-'] = words;
    const stop = stopOnSignal();
    try {
      const isDirectory = place !== '-' && (await stat(place).catch(() => null))?.isDirectory() === true;
      const stream = options.stream ?? identifierCell(place === '-' ? 'stdin' : path.basename(path.resolve(place)));
      const batches = isDirectory
        ? streamDirectory({
            directory: place,
            signal: stop.signal,
            isTaken: (file) => this.followMarket.isTaken(firm.id, { stream, ...file }),
          })
        : streamFile(place, stop.signal);
      const report = await this.followMarket.execute(this.commandOf(firm, stream, options), batches);
      this.clearProgress();
      await this.tell(firm, report, options);
    } finally {
      // Whatever ended it: an input that is still open would keep the process alive.
      stop.end();
    }
  }

  private commandOf(firm: Firm, stream: string, options: ImportOptions) {
    const { staleAfter, every = everyUsual, silence = silenceUsual } = options;
    const age = staleAfter === undefined ? {} : { ageMaximumMs: 1_000 * staleAfter, underlyingAgeMaximumMs: 1_000 * staleAfter }; // prettier-ignore
    return {
      firmId: firm.id,
      recordedBy: operatorName(),
      stream,
      limits: { ...liveQuoteLimits, ...age },
      everyMs: 1_000 * every,
      silenceMs: 1_000 * silence,
      now: () => instantOf(Date.now()),
      onEvent: (event: FollowEvent) => this.show(event, options),
      onProgress: ({ lines, rejected }: Pick<FollowReport, 'lines' | 'rejected'>) => this.progress(lines, rejected),
    };
  }

  private show(event: FollowEvent, { json }: ImportOptions): void {
    this.clearProgress();
    if (json === true) process.stdout.write(`${JSON.stringify(event)}\n`);
    if (event.event === 'rejected') process.stderr.write(`${describeProblem(event.problem)}\n`);
    else if (event.event === 'gap') process.stderr.write(`warning: ${event.reason}\n`);
    else if (event.event === 'waiting') process.stderr.write(`warning: ${event.reason}; trying again\n`);
    else if (json !== true) process.stdout.write(`${lineOf(event)}\n`);
  }

  private async tell(firm: Firm, report: FollowReport, { json }: ImportOptions): Promise<void> {
    const { problems, ...rest } = report;
    if (json === true) await printText(`${JSON.stringify({ event: 'stopped', firm: firm.code, ...rest, problems })}\n`);
    else
      await printText(alignColumns(Object.entries({ firm: firm.code, ...rest }).map(([name, value]) => [name, String(value ?? 'none')]))); // prettier-ignore
    if (report.suspect) process.exitCode = exitCodes.held;
    if (report.rejected > 0) process.exitCode = exitCodes.dataRejected;
  }

  private progress(lines: number, rejected: number): void {
    if (!process.stderr.isTTY || performance.now() - this.shownAt < progressIntervalMs) return;
    this.shownAt = performance.now();
    process.stderr.write(`\r\u001b[K${lines.toLocaleString('en-US')} lines, ${rejected} rejected`);
  }

  private clearProgress(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
  }
}

/** Standard input or a file until its end, or until the signal: what came before is taken. */
async function* streamFile(place: string, signal: AbortSignal): AsyncGenerator<StreamBatch> {
  const { name, bytes } = await streamInput(place);
  const stream = bytes as NodeJS.ReadableStream & { destroy: () => void };
  const end = (): void => stream.destroy();
  if (signal.aborted) return;
  signal.addEventListener('abort', end, { once: true });
  try {
    for await (const lines of readMarketStream({ name, chunks: bytes })) yield { lines };
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

function lineOf(event: Exclude<FollowEvent, { readonly event: 'rejected' | 'gap' | 'waiting' }>): string {
  switch (event.event) {
    case 'started': {
      const from = event.sequence === null ? '' : `, after message ${event.sequence}`;
      return `following ${event.stream} from ${event.snapshotId ?? 'no snapshot'}${from}`;
    }
    case 'committed': {
      const { snapshotId, asOf, frozen, moved, quality, qualityReasons } = event;
      const doubt = quality === 'OK' ? '' : ` ${[quality, ...qualityReasons].join('; ')}`;
      return `snapshot ${snapshotId} as of ${asOf}${frozen ? ' FROZEN' : ''}: ${moved.join(', ')}${doubt}`;
    }
    case 'evaluated':
      return `run ${event.runId} ${event.state}: ${event.accounts} accounts`;
  }
}
