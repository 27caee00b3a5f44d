import { formatInstant, type Instant, parseInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { FirmStore, type MarginRun } from '@ballast/persistence';
import { RunMargin } from '@ballast/use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { alignColumns, printJson, printText } from '../print';
import { type ProgressBar, startProgressBar } from '../progress-bar';

interface RunOptions {
  readonly asOf?: Instant;
  readonly firm?: string;
  readonly json?: boolean;
}

/** `ballast run`: evaluates every account of a firm. */
@Command({ name: 'run', description: 'Evaluates every account of a firm on its latest market snapshot.' })
export class RunCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly runMargin: RunMargin,
  ) {
    super();
  }

  override async run(_words: string[], options: RunOptions): Promise<void> {
    const firm = await chooseFirm(this.firms, options.firm);
    const progress: { bar?: ProgressBar } = {};
    const { run: opened, finished } = await this.runMargin.start({
      firmId: firm.id,
      requestedBy: operatorName(),
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
      onProgress: (done) => progress.bar?.update(done, done),
    });
    progress.bar = await startProgressBar('run', opened.accountCount);
    const run = await finished.finally(() => progress.bar?.stop());
    if (options.json === true) await printJson(runSummary(run, firm.code));
    else
      await printText(
        alignColumns(Object.entries(runSummary(run, firm.code)).map(([name, value]) => [name, String(value)])),
      );
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
  };
}
