import { backtestFiles, defaultBacktestQuestion, formatBacktestReport } from '@ballast/file-use-cases';
import { DomainError } from '@ballast/domain';
import { Option, Command } from 'nest-commander';
import { readFraction } from '../analysis/analysis-values';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { readInput } from '../input-file';
import { parsedValue, singleValue } from '../option-value';
import { printJson, printText } from '../print';

interface BacktestOptions {
  readonly prices: string;
  readonly volatility: string;
  readonly index?: string;
  readonly shares?: readonly [string, string];
  readonly volatilityColumn?: string;
  readonly factor?: number;
  readonly json?: boolean;
}

/** `ballast backtest`: do 99 % requirements cover what the next day takes? */
@Command({
  name: 'backtest',
  description:
    'Runs 99 % requirements of eight standard portfolios day by day on price history and tests coverage, independence and procyclicality. No database.',
})
export class BacktestCommand extends BallastCommand {
  override async run(_words: string[], options: BacktestOptions): Promise<void> {
    const [prices, volatility] = await Promise.all([readInput(options.prices), readInput(options.volatility)]);
    const question = {
      index: options.index ?? defaultBacktestQuestion.index,
      shares: options.shares ?? defaultBacktestQuestion.shares,
      volatilityColumn: options.volatilityColumn ?? defaultBacktestQuestion.volatilityColumn,
      shareVolatilityFactor: options.factor ?? defaultBacktestQuestion.shareVolatilityFactor,
    };
    try {
      const output = backtestFiles({ prices, volatility }, question);
      if (options.json === true) await printJson(output);
      else await printText(formatBacktestReport(output));
    } catch (error) {
      if (error instanceof DomainError) throw new CommandFailure(exitCodes.dataRejected, error.message);
      throw error;
    }
  }

  @Option({ flags: '--prices <file>', required: true, description: 'daily prices: CSV date,SYMBOL,…' })
  prices(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({
    flags: '--volatility <file>',
    required: true,
    description: 'daily volatility of the index in per cent: CSV',
  })
  volatility(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--index <symbol>', description: 'column of the index; default SP500' })
  index(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--shares <symbols>', description: 'columns of two shares; default AAPL,JPM' })
  shares(value: string, previous: unknown): readonly [string, string] {
    return parsedValue(value, previous, (text) => {
      const [first, second, ...more] = text.split(',').map((part) => part.trim());
      if (!first || !second || more.length > 0) throw new Error('expected two symbols separated by a comma');
      return [first, second] as const;
    });
  }

  @Option({ flags: '--volatility-column <name>', description: 'column of the volatility file; default CLOSE' })
  volatilityColumn(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--factor <number>', description: 'implied / EWMA volatility of shares; default 1.1' })
  factor(value: string, previous: unknown): number {
    return parsedValue(value, previous, readFraction);
  }

  @Option({ flags: '--json', description: 'everything as JSON instead of the table' })
  json(): boolean {
    return true;
  }
}
