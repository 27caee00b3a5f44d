import { estimateBreachOfFile, formatBreachReport } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { CommandFailure, exitCodes } from '../exit-code';
import { readInput } from '../input-file';
import { parsedValue, singleValue } from '../option-value';
import { type NamedNumbers, readFraction, readNamedNumbers } from './analysis-values';
import { printAnswer, readTextFile } from './answer-question';
import { givenOnly, readCount } from './price-history-command';
import { SimulationCommand, type SimulationOptions } from './simulation-command';

interface BreachOptions extends Omit<SimulationOptions, 'prices'> {
  readonly prices?: string;
  readonly steps?: number;
  readonly volatility?: NamedNumbers;
}

/** `ballast breach`: how likely the buffer of one portfolio file is exhausted within a horizon. */
@Command({
  name: 'breach',
  description:
    'Estimates the probability that the buffer of one portfolio file is exhausted within a horizon, and when. No database.',
})
export class BreachCommand extends SimulationCommand {
  override async run(_words: string[], options: BreachOptions): Promise<void> {
    if (options.volatility?.general !== undefined)
      throw new CommandFailure(exitCodes.usage, '--volatility: expected UNDERLYING=0.3, several separated by commas');
    const source = await readTextFile(options.portfolio);
    const { prices, symbols, window, decay, paths, replicates, seed, steps } = options;
    const result = estimateBreachOfFile({
      ...source,
      ...(prices === undefined ? {} : { prices: await readInput(prices) }),
      ...givenOnly({ symbols, window }),
      question: givenOnly({
        decay,
        paths,
        replicates,
        seed,
        steps,
        horizonDays: options.horizon,
        volatilities: options.volatility?.byName,
      }),
    });
    await printAnswer(source.fileName, result, { ...options, format: formatBreachReport });
  }

  @Option({
    flags: '--prices <file>',
    description: 'daily prices: CSV date,SYMBOL,…; needed unless --volatility says all there is to know',
  })
  override prices(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--steps <count>', description: 'instants at which the account is revalued on a path; default 10' })
  steps(value: string, previous: unknown): number {
    return parsedValue(value, previous, readCount);
  }

  @Option({
    flags: '--volatility <volatilities>',
    description: 'UNDERLYING=0.3 or 30%: annual volatility in place of that of the history; commas',
  })
  volatility(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readFraction));
  }
}
