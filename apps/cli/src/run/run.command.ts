import { formatInstant, type Instant, parseInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { FirmStore, type MarginRun } from '@ballast/persistence';
import { RunMargin, RunWorker } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { readThreadSettings } from '../../../worker/src/worker-settings';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';
import { type ProgressBar, startProgressBar } from '../progress-bar';
import { threadCount } from '../worker/thread-count';

interface RunOptions {
  readonly asOf?: Instant;
  readonly firm?: string;
  readonly json?: boolean;
  readonly shardSize?: number;
  readonly threads?: number;
  readonly underlying?: readonly string[];
}

/** `ballast run`: evaluates every account of a firm. */
@Command({ name: 'run', description: 'Evaluates every account of a firm on its latest market snapshot.' })
export class RunCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly runMargin: RunMargin,
    private readonly worker: RunWorker,
  ) {
    super();
  }

  override async run(_words: string[], options: RunOptions): Promise<void> {
    const firm = await chooseFirm(this.firms, options.firm);
    const { threads } = options;
    this.worker.prepare({ ...readThreadSettings(process.env), ...(threads === undefined ? {} : { threads }) });
    const progress: { bar?: ProgressBar } = {};
    const { run: opened, finished } = await this.runMargin.start({
      firmId: firm.id,
      requestedBy: operatorName(),
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
      ...(options.underlying === undefined ? {} : { underlyings: options.underlying }),
      ...(options.shardSize === undefined ? {} : { shardSize: options.shardSize }),
      onProgress: (done) => progress.bar?.update(done, done),
    });
    progress.bar = await startProgressBar('run', opened.accountCount, { unit: 'accounts' });
    const run = await finished.finally(() => progress.bar?.stop());
    if (options.json === true) await printJson(runSummary(run, firm.code));
    else
      await printText(
        alignColumns(Object.entries(runSummary(run, firm.code)).map(([name, value]) => [name, String(value)])),
      );
    if (run.state !== 'COMPLETED') {
      process.stderr.write(`${run.failureReason ?? run.state}\n`);
      process.exitCode = exitCodes.held;
    }
    const doubts = [
      ['indeterminate', run.accountsIndeterminate],
      ['degraded', run.accountsDegraded],
      ['held until somebody releases them', run.accountsHeld],
    ] as const;
    for (const [word, count] of doubts) {
      if (count === 0) continue;
      process.stderr.write(`${count} of ${run.accountCount} accounts are ${word}\n`);
      process.exitCode = exitCodes.held;
    }
  }

  @Option({
    flags: '--as-of <instant>',
    description:
      'positions, parameters and snapshot of this instant; default: what is held now, at the latest snapshot',
  })
  asOf(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--as-of'));
  }

  @Option({
    flags: '--underlying <id>',
    description:
      'only accounts that hold contracts on this underlying, after its price moved; may be given several times',
  })
  underlying(value: string, previous: readonly string[] = []): readonly string[] {
    return [...previous, identifierCell(value)];
  }

  @Option({
    flags: '--shard-size <accounts>',
    description:
      'cut the run into shards of so many accounts, which workers share; default: 1000 from 5000 accounts on, else none',
  })
  shardSize(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
      throw new CommandFailure(exitCodes.usage, '--shard-size: expected a whole number from 1 to 999999');
    });
  }

  @Option({
    flags: '--threads <count>',
    description: 'threads of this process that work on shards; default: WORKER_THREADS, else the cores',
  })
  threads(value: string, previous: unknown): number {
    return threadCount(value, previous);
  }

  @Option({ flags: '--firm <code>', description: 'firm to evaluate; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'the run as JSON' })
  json(): boolean {
    return true;
  }
}

function runSummary(run: MarginRun, firm: string) {
  return {
    firm,
    run: run.id,
    state: run.state,
    asOf: formatInstant(run.asOf),
    snapshot: run.snapshotId,
    accounts: run.accountCount,
    indeterminate: run.accountsIndeterminate,
    degraded: run.accountsDegraded,
    held: run.accountsHeld,
    resultHash: run.resultHash,
    seconds: run.finishedAt === null ? null : (run.finishedAt - run.startedAt) / 1_000,
    accountsPerSecond: throughputOf(run),
  };
}

/** Whole accounts per second from the opening of the run to its end; null for a run that took no time at all. */
function throughputOf({ startedAt, finishedAt, accountsDone }: MarginRun): number | null {
  const milliseconds = finishedAt === null ? 0 : finishedAt - startedAt;
  return milliseconds === 0 ? null : Math.round((1_000 * accountsDone) / milliseconds);
}
