import { formatInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { FirmStore } from '@ballast/persistence';
import { type ReplayReport, ReplayRun } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { exitCodes } from '../exit-code';
import { chooseFirm } from '../firm-choice';
import { parsedValue } from '../option-value';
import { printJson, printText } from '../print';
import { type ProgressBar, startProgressBar } from '../progress-bar';

interface ReplayOptions {
  readonly account?: string;
  readonly firm?: string;
  readonly json?: boolean;
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
    const firm = await chooseFirm(this.firms, options.firm);
    const progress: { bar?: ProgressBar } = {};
    progress.bar = await startProgressBar('replay', 1_000, { unit: 'accounts' });
    const report = await this.replay
      .execute({
        firmId: firm.id,
        runId,
        ...(options.account === undefined ? {} : { accountCode: options.account }),
        onProgress: (done, total) => {
          progress.bar?.update(Math.round((1_000 * done) / Math.max(1, total)), done);
        },
      })
      .finally(() => progress.bar?.stop());
    if (options.json === true) await printJson(summaryOf(report));
    else await printText(describe(report));
    if (report.differenceCount > 0) process.exitCode = exitCodes.held;
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

function summaryOf({ run, accounts, engineVersion, differenceCount, differences }: ReplayReport) {
  return {
    run: run.id,
    asOf: formatInstant(run.asOf),
    writtenBy: run.engineVersion,
    replayedBy: engineVersion,
    accounts,
    accountsWithoutResult: run.accountCount - run.accountsDone,
    resultHash: run.resultHash,
    differenceCount,
    differences,
  };
}

function describe({ run, accounts, engineVersion, differenceCount, differences }: ReplayReport): string {
  const versions =
    engineVersion === run.engineVersion ? '' : `; written by ${run.engineVersion}, replayed by ${engineVersion}`;
  const missing = run.accountCount - run.accountsDone;
  const gap = missing === 0 ? '' : `; ${missing} more accounts of the run have no result`;
  if (differenceCount === 0)
    return `${run.id}: ${accounts} accounts, every figure equal; ${run.resultHash}${versions}${gap}\n`;
  const lines = differences.map(({ account, field, stored, replayed }) => {
    return `  ${account ?? 'run'} ${field}: stored ${stored}, replayed ${replayed}\n`;
  });
  const more = differenceCount > differences.length ? `  and ${differenceCount - differences.length} more\n` : '';
  return `${run.id}: ${accounts} accounts, ${differenceCount} differences${versions}\n${lines.join('')}${more}`;
}
