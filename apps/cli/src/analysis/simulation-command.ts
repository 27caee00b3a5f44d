import { Option } from 'nest-commander';
import { parsedValue } from '../option-value';
import { readNumber } from './analysis-values';
import { type HistoryOptions, PriceHistoryCommand, readCount } from './price-history-command';

/** Options of every analysis that simulates the market. */
export interface SimulationOptions extends HistoryOptions {
  readonly decay?: number;
  readonly horizon?: number;
  readonly paths?: number;
  readonly replicates?: number;
  readonly seed?: number;
}

/** What every analysis that simulates the market takes. */
export abstract class SimulationCommand extends PriceHistoryCommand {
  @Option({ flags: '--decay <lambda>', description: 'weight of yesterday in volatility, 0.8 to 0.9999; default 0.97' })
  decay(value: string, previous: unknown): number {
    return parsedValue(value, previous, readNumber);
  }

  @Option({ flags: '--horizon <days>', description: 'trading days of the market move' })
  horizon(value: string, previous: unknown): number {
    return parsedValue(value, previous, readCount);
  }

  @Option({ flags: '--paths <count>', description: 'Monte Carlo paths per replicate, a power of two' })
  paths(value: string, previous: unknown): number {
    return parsedValue(value, previous, readCount);
  }

  @Option({ flags: '--replicates <count>', description: 'independent Monte Carlo replicates; default 8' })
  replicates(value: string, previous: unknown): number {
    return parsedValue(value, previous, readCount);
  }

  @Option({ flags: '--seed <number>', description: 'seed of the scrambling; the same seed gives the same bits' })
  seed(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => (text === '0' ? 0 : readCount(text)));
  }
}
