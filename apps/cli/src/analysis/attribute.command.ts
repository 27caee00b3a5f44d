import { attributeFiles, formatAttributeReport } from '@ballast/file-use-cases';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { singleValue } from '../option-value';
import { printAnswer, readTextFile } from './answer-question';

interface AttributeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly portfolio?: string;
  readonly json?: boolean;
}

/** `ballast attribute`: why requirement and buffer changed between two portfolio files. */
@Command({
  name: 'attribute',
  description:
    'Splits the change between two portfolio files of one account into trades, price, volatility, time, rates, parameters and cash. No database.',
})
export class AttributeCommand extends BallastCommand {
  override async run(_words: string[], options: AttributeOptions): Promise<void> {
    const { from, to = options.portfolio } = options;
    if (from === undefined || to === undefined)
      throw new CommandFailure(
        exitCodes.usage,
        'attribute needs --from FILE and --to FILE (or --portfolio FILE as the later one)',
      );
    if (from === '-' && to === '-')
      throw new CommandFailure(exitCodes.usage, 'standard input can be one of the two files, not both');
    const later = await readTextFile(to);
    const result = attributeFiles({ from: await readTextFile(from), to: later });
    await printAnswer(later.fileName, result, { ...options, format: formatAttributeReport });
  }

  @Option({ flags: '--from <file>', description: 'portfolio file of the earlier instant; - reads standard input' })
  from(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--to <file>', description: 'portfolio file of the later instant; - reads standard input' })
  to(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--portfolio <file>', description: 'the later instant, where --to is not given' })
  portfolio(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--json', description: 'everything as JSON instead of text' })
  json(): boolean {
    return true;
  }
}
