import { formatSizeReport, sizeBufferOfFile } from '@ballast/file-use-cases';
import { Command } from 'nest-commander';
import { readInput } from '../input-file';
import { printAnswer, readTextFile } from './answer-question';
import { givenOnly, type HistoryOptions, PriceHistoryCommand } from './price-history-command';

/** `ballast size`: how large a buffer one portfolio file should have. */
@Command({
  name: 'size',
  description:
    'Sizes the buffer of one portfolio file, component by component, and says when to look again. No database.',
})
export class SizeCommand extends PriceHistoryCommand {
  override async run(_words: string[], options: HistoryOptions): Promise<void> {
    const source = await readTextFile(options.portfolio);
    const { symbols, window } = options;
    const result = sizeBufferOfFile({
      ...source,
      prices: await readInput(options.prices),
      ...givenOnly({ symbols, window }),
    });
    await printAnswer(source.fileName, result, { ...options, format: formatSizeReport });
  }
}
