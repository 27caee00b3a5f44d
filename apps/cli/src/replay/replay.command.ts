import { formatInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { FirmStore } from '@ballast/persistence';
import { type ReplayReport, ReplayRun } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm } from '../firm-choice';
import { parsedValue } from '../option-value';
import { printJson, printText } from '../print';
import { startProgressBar } from '../progress-bar';
import { stopOnSignal } from '../stop-on-signal';

interface ReplayOptions {
  readonly account?: string;
  readonly firm?: string;
  readonly json?: boolean;
  readonly resume?: boolean;
}

/** `ballast replay`: recomputes a past run from its stored inputs. */
@Command({
  name: 'replay',
  arguments: '<run>',
  description: 'Recomputes a past run from its stored inputs and compares every figure bit for bit.',
  argsDescription: { run: 'identifier of the run' },
})
export class ReplayCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly replay: ReplayRun,
  ) {
    super();
  }

  override async run([runId = '']: string[], options: ReplayOptions): Promise<void> {
    if (options.resume === true && options.account !== undefined)
      throw new CommandFailure(exitCodes.usage, '--resume goes on with a whole run; leave --account out');
    const stop = stopOnSignal('replay: stops after the accounts at hand; a second signal ends it at once');
    const firm = await chooseFirm(this.firms, options.firm);
    const bar = await startProgressBar('replay', 1_000, { unit: 'accounts' });
    let isBegun = false;
    const report = await this.replay
      .execute({
        firmId: firm.id,
        runId,
        ...(options.account === undefined ? {} : { accountCode: options.account }),
        resume: options.resume === true,
        signal: stop.signal,
        onProgress: (done, total) => {
          const tell = isBegun ? bar.update : bar.begin;
          isBegun = true;
          tell(Math.round((1_000 * done) / Math.max(1, total)), done);
        },
      })
      .finally(() => {
        bar.stop();
        stop.end();
      });
    if (options.json === true) await printJson(summaryOf(report));
    else await printText(describe(report));
    if (report.differenceCount > 0) process.exitCode = exitCodes.held;
    if (report.isStopped) process.exitCode = stop.exitCode();
  }

  @Option({ flags: '--resume', description: 'go on where an interrupted replay of the run stopped' })
  resume(): boolean {
    return true;
  }

  @Option({ flags: '--account <code>', description: 'only this account of the run' })
  account(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--firm <code>', description: 'firm of the run; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'the findings as JSON' })
  json(): boolean {
    return true;
  }
}

function summaryOf(report: ReplayReport) {
  const { run, accounts, resumedAfter, isStopped, engineVersion, differenceCount, differences } = report;
  return {
    run: run.id,
    asOf: formatInstant(run.asOf),
    writtenBy: run.engineVersion,
    replayedBy: engineVersion,
    accounts,
    resumedAfter,
    isStopped,
    accountsWithoutResult: run.accountCount - run.accountsDone,
    resultHash: run.resultHash,
    differenceCount,
    differences,
  };
}

function describe({ run, accounts, isStopped, engineVersion, differenceCount, differences }: ReplayReport): string {
  const versions =
    engineVersion === run.engineVersion ? '' : `; written by ${run.engineVersion}, replayed by ${engineVersion}`;
  const missing = run.accountCount - run.accountsDone;
  const gap = missing === 0 ? '' : `; ${missing} more accounts of the run have no result`;
  if (isStopped && accounts === 0)
    return `${run.id}: stopped before the first of ${run.accountsDone} accounts was compared; what an earlier replay kept stays\n`;
  const rest = isStopped
    ? `stopped after ${accounts} of ${run.accountsDone} accounts, which are kept: ballast replay ${run.id} --resume goes on\n`
    : '';
  if (differenceCount === 0) {
    const hash = isStopped ? '' : `; ${run.resultHash}`;
    return `${run.id}: ${accounts} accounts, every figure equal${hash}${versions}${gap}\n${rest}`;
  }
  const lines = differences.map(({ account, field, stored, replayed }) => {
    return `  ${account ?? 'run'} ${field}: stored ${stored}, replayed ${replayed}\n`;
  });
  const more = differenceCount > differences.length ? `  and ${differenceCount - differences.length} more\n` : '';
  return `${run.id}: ${accounts} accounts, ${differenceCount} differences${versions}\n${lines.join('')}${more}${rest}`;
}
