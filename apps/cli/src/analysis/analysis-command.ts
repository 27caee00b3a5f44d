import { Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { singleValue } from '../option-value';

/** What every analysis of a portfolio file takes. */
export abstract class AnalysisCommand extends BallastCommand {
  @Option({ flags: '--portfolio <file>', required: true, description: 'portfolio file (JSON); - reads standard input' })
  portfolio(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--json', description: 'everything as JSON instead of text' })
  json(): boolean {
    return true;
  }
}
