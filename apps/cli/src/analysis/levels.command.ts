import { findLevelsOfFile, formatLevelsReport } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { CommandFailure, exitCodes } from '../exit-code';
import { parsedValue } from '../option-value';
import { AnalysisCommand } from './analysis-command';
import { type NamedNumbers, readNamedNumbers, readNumber } from './analysis-values';
import { type AnalysisOptions, printAnswer, readTextFile } from './answer-question';

/** `ballast levels`: prices and moves at which the buffer of one portfolio file is gone. */
@Command({
  name: 'levels',
  description:
    'Finds the prices of each underlying, and the moves of all prices and of volatility, at which equity equals the maintenance requirement. No database.',
})
export class LevelsCommand extends AnalysisCommand {
  override async run(_words: string[], options: AnalysisOptions & { betas?: NamedNumbers }): Promise<void> {
    if (options.betas?.general !== undefined)
      throw new CommandFailure(exitCodes.usage, '--betas: expected UNDERLYING=BETA, several separated by commas');
    const source = await readTextFile(options.portfolio);
    const betas = options.betas?.byName;
    const result = findLevelsOfFile({ ...source, ...(betas === undefined ? {} : { betas }) });
    await printAnswer(source.fileName, result, { ...options, format: formatLevelsReport });
  }

  @Option({
    flags: '--betas <betas>',
    description: 'UNDERLYING=BETA for the parallel move, separated by commas; default 1',
  })
  betas(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readNumber));
  }
}
