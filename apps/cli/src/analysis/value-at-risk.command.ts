import { estimateRiskOfFile, formatValueAtRiskReport, type RiskMethod } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { readInput } from '../input-file';
import { parsedValue } from '../option-value';
import { readFraction, readNumber } from './analysis-values';
import { printAnswer, readTextFile } from './answer-question';
import { givenOnly } from './price-history-command';
import { SimulationCommand, type SimulationOptions } from './simulation-command';

interface ValueAtRiskOptions extends SimulationOptions {
  readonly method?: RiskMethod;
  readonly confidence?: number;
  readonly aging?: number;
}

const methodByWord: Readonly<Record<string, RiskMethod>> = {
  historical: 'HISTORICAL',
  filtered: 'FILTERED_HISTORICAL',
  'delta-gamma': 'DELTA_GAMMA',
  'monte-carlo': 'MONTE_CARLO',
};

/** `ballast var`: value at risk and expected shortfall of one portfolio file. */
@Command({
  name: 'var',
  description:
    'Estimates value at risk and expected shortfall of one portfolio file on a price history, with standard errors and what correlation saves. No database.',
})
export class ValueAtRiskCommand extends SimulationCommand {
  override async run(_words: string[], options: ValueAtRiskOptions): Promise<void> {
    const source = await readTextFile(options.portfolio);
    const { method, confidence, decay, paths, replicates, seed, symbols, window } = options;
    const result = estimateRiskOfFile({
      ...source,
      prices: await readInput(options.prices),
      ...givenOnly({ symbols, window }),
      question: givenOnly({
        method,
        confidence,
        decay,
        paths,
        replicates,
        seed,
        horizonDays: options.horizon,
        agingDays: options.aging,
      }),
    });
    await printAnswer(source.fileName, result, { ...options, format: formatValueAtRiskReport });
  }

  @Option({
    flags: '--method <method>',
    description:
      'filtered (historical simulation at present volatility, default), historical, delta-gamma, monte-carlo',
  })
  method(value: string, previous: unknown): RiskMethod {
    return parsedValue(value, previous, (text) => {
      const found = methodByWord[text.toLowerCase().replaceAll('_', '-').replace('filtered-historical', 'filtered')];
      if (found === undefined) throw new Error(`expected ${Object.keys(methodByWord).join(', ')}`);
      return found;
    });
  }

  @Option({ flags: '--confidence <share>', description: '0.99 or 99%; default 0.99' })
  confidence(value: string, previous: unknown): number {
    return parsedValue(value, previous, readFraction);
  }

  @Option({ flags: '--aging <days>', description: 'calendar days that contracts age over the horizon; default 0' })
  aging(value: string, previous: unknown): number {
    return parsedValue(value, previous, readNumber);
  }
}
