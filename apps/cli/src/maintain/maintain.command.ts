import { instantOf } from '@ballast/domain';
import { MaintainHistory } from '@ballast/use-cases';
import { InvalidArgumentError } from 'commander';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { printJson, printText } from '../print';

interface MaintainOptions {
  readonly keepMonths?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `ballast maintain`: partitions ahead, retention. */
@Command({
  name: 'maintain',
  description: 'Makes partitions ahead and gives up months of history that are older than the retention policy keeps.',
})
export class MaintainCommand extends BallastCommand {
  constructor(private readonly maintainHistory: MaintainHistory) {
    super();
  }

  override async run(_words: string[], options: MaintainOptions): Promise<void> {
    const keepMonths = options.keepMonths ?? keepMonthsOf(process.env['HISTORY_KEEP_MONTHS']);
    const dryRun = options.dryRun === true;
    const done = await this.maintainHistory.execute({
      now: instantOf(Date.now()),
      dryRun,
      operator: operatorName(),
      ...(keepMonths === undefined ? {} : { keepMonths }),
    });
    if (options.json === true) return printJson(done);
    const policy = keepMonths === undefined ? 'everything is kept' : `${keepMonths} whole months are kept`;
    const lines = done.months.map(({ partition, rows, keptBecause }) => {
      if (keptBecause !== null) return `  ${partition} stays: ${keptBecause}\n`;
      return dryRun ? `  ${partition} would be given up\n` : `  ${partition} given up, ${rows} rows\n`;
    });
    await printText(`${done.partitionsMade} partitions made ahead; ${policy}\n${lines.join('')}`);
  }

  @Option({
    flags: '--keep-months <number>',
    description: 'whole months of history to keep, at least 1; default: HISTORY_KEEP_MONTHS, else everything',
  })
  keepMonths(value: string, previous: unknown): number {
    return parsedValue(value, previous, monthsFrom);
  }

  @Option({ flags: '--dry-run', description: 'say what would be done and do nothing' })
  dryRun(): boolean {
    return true;
  }

  @Option({ flags: '--json', description: 'what was done as JSON' })
  json(): boolean {
    return true;
  }
}

function monthsFrom(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`expected a whole number of months from 1 to 9999, got ${JSON.stringify(text)}`);
}

function keepMonthsOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return monthsFrom(text);
  } catch (failure) {
    throw new CommandFailure(exitCodes.configuration, `HISTORY_KEEP_MONTHS: ${(failure as Error).message}`);
  }
}
