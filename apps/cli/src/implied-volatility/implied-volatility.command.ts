import { impliedVolatilityFile } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { runCaseFile, type CaseFileOptions } from '../case-file-run';
import { BallastCommand } from '../command-base';
import { singleValue } from '../option-value';

/** `ballast implied-volatility`: inverts every row of a file. */
@Command({
  name: 'implied-volatility',
  description: 'Finds the volatility behind every price of a CSV file. No database.',
})
export class ImpliedVolatilityCommand extends BallastCommand {
  override run(_words: string[], options: CaseFileOptions): Promise<void> {
    return runCaseFile(options, 'implied-volatility', impliedVolatilityFile);
  }

  @Option({ flags: '--in <file>', required: true, description: 'CSV of prices; - reads standard input' })
  in(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--out <file>', description: 'file to write instead of standard output; appears when complete' })
  out(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--json', description: 'one JSON array of objects instead of CSV' })
  json(): boolean {
    return true;
  }
}
