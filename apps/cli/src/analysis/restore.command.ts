import type { RestorationTarget } from '@ballast/file-use-cases';
import { Decimal } from '@ballast/domain';
import { formatRestoreReport, restoreFile } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { CommandFailure, exitCodes } from '../exit-code';
import { parsedValue } from '../option-value';
import { AnalysisCommand } from './analysis-command';
import { type NamedNumbers, readAmount, readFraction, readNamedNumbers, readNumber } from './analysis-values';
import { type AnalysisOptions, printAnswer, readTextFile } from './answer-question';

interface RestoreOptions extends AnalysisOptions {
  readonly target?: RestorationTarget;
  readonly hedges?: NamedNumbers;
  readonly halfSpread?: number;
  readonly fee?: Decimal;
  readonly budget?: number;
}

/** `ballast restore`: the way back above the target level of one portfolio file. */
@Command({
  name: 'restore',
  description:
    'Finds the smallest deposit and the cheapest closing and hedging trades that bring one portfolio file back to its target level. No database.',
})
export class RestoreCommand extends AnalysisCommand {
  override async run(_words: string[], options: RestoreOptions): Promise<void> {
    if (options.hedges?.general !== undefined)
      throw new CommandFailure(exitCodes.usage, '--hedges: expected ID=LARGEST_QUANTITY, several separated by commas');
    const source = await readTextFile(options.portfolio);
    const { target = 'CALL', halfSpread = 0, fee = new Decimal(0), budget } = options;
    const hedges = Object.entries(options.hedges?.byName ?? {});
    const result = restoreFile({
      ...source,
      question: {
        target,
        hedges: hedges.map(([instrumentId, maximum]) => ({ instrumentId, maximum })),
        costs: { halfSpread, feePerContract: fee },
        ...(budget === undefined ? {} : { budget }),
      },
    });
    await printAnswer(source.fileName, result, { ...options, format: formatRestoreReport });
  }

  @Option({
    flags: '--target <level>',
    description: 'level to reach: call (default, max of initial and 1.2 × maintenance), initial or maintenance',
  })
  target(value: string, previous: unknown): RestorationTarget {
    return parsedValue(value, previous, (text) => {
      const found = (['CALL', 'INITIAL', 'MAINTENANCE'] as const).find((known) => known === text.toUpperCase());
      if (found === undefined) throw new Error('expected call, initial or maintenance');
      return found;
    });
  }

  @Option({
    flags: '--hedges <contracts>',
    description: 'contracts of the file that may be bought or sold besides closing: ID=LARGEST_QUANTITY, commas',
  })
  hedges(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readNumber));
  }

  @Option({
    flags: '--half-spread <fraction>',
    description: 'half of the bid-ask spread: 0.01 or 1% of the price; default 0',
  })
  halfSpread(value: string, previous: unknown): number {
    return parsedValue(value, previous, readFraction);
  }

  @Option({ flags: '--fee <amount>', description: 'fees per contract traded, in its currency; default 0' })
  fee(value: string, previous: unknown): Decimal {
    return parsedValue(value, previous, readAmount);
  }

  @Option({ flags: '--budget <sets>', description: 'sets of trades looked at before settling; default 10000' })
  budget(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      const budget = readNumber(text);
      if (!Number.isInteger(budget) || budget < 1 || budget > 10_000_000) throw new Error('expected 1 to 10000000');
      return budget;
    });
  }
}
