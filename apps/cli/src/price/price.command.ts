import { priceFile } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { runCaseFile, type CaseFileOptions } from '../case-file-run';
import { BallastCommand } from '../command-base';
import { singleValue } from '../option-value';

/** `ballast price`: prices every row of a file. */
@Command({ name: 'price', description: 'Prices every contract of a CSV file, with its sensitivities. No database.' })
export class PriceCommand extends BallastCommand {
  override run(_words: string[], options: CaseFileOptions): Promise<void> {
    return runCaseFile(options, 'price', priceFile);
  }

  @Option({ flags: '--in <file>', required: true, description: 'CSV of contracts; - reads standard input' })
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
