import { evaluatePortfolioFile, formatMarginReport } from '@ballast/file-use-cases';
import { decodeText } from '@ballast/formats';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure } from '../exit-code';
import { readInput } from '../input-file';
import { singleValue } from '../option-value';
import { printJson, printText } from '../print';

/** `ballast margin`: the requirement of one portfolio file, explained. */
@Command({
  name: 'margin',
  description: 'Computes the requirement, equity and buffer of one portfolio file. No database.',
})
export class MarginCommand extends BallastCommand {
  override async run(_words: string[], options: { portfolio: string; json?: boolean }): Promise<void> {
    const source = await readInput(options.portfolio);
    const { text } = decodeText(source.bytes, source.name);
    const result = evaluatePortfolioFile({ text, fileName: source.name });
    if (result.status === 'rejected') throw new CommandFailure(result.exitCode, result.message);
    if (options.json === true) await printJson(result.output);
    else await printText(formatMarginReport(result.output));
    if (result.status === 'indeterminate') {
      process.stderr.write(`${source.name}: indeterminate: ${result.output.qualityReasons.join('; ')}\n`);
    }
    process.exitCode = result.exitCode;
  }

  @Option({ flags: '--portfolio <file>', required: true, description: 'portfolio file (JSON); - reads standard input' })
  portfolio(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--json', description: 'everything as JSON: scenarios, breakdown, contributions, Greeks' })
  json(): boolean {
    return true;
  }
}
