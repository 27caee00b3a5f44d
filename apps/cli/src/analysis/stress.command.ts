import {
  type AssetClass,
  assetClasses,
  formatStressReport,
  type ReverseStressQuestion,
  stressPortfolioFile,
} from '@ballast/file-use-cases';
import { parseStressScenarioFile } from '@ballast/formats';
import { Command, Option } from 'nest-commander';
import { CommandFailure, exitCodes } from '../exit-code';
import { parsedValue } from '../option-value';
import { AnalysisCommand } from './analysis-command';
import { type NamedNumbers, readFraction, readNamedNumbers, readNumber } from './analysis-values';
import { type AnalysisOptions, printAnswer, readTextFile } from './answer-question';

interface StressOptions extends AnalysisOptions {
  readonly scenario?: readonly string[];
  readonly custom?: string;
  readonly classes?: Readonly<Record<string, AssetClass>>;
  readonly reverse?: boolean;
  readonly horizon?: number;
  readonly volatilities?: NamedNumbers;
  readonly correlations?: NamedNumbers;
  readonly betas?: NamedNumbers;
  readonly budget?: number;
}

/** `ballast stress`: one portfolio file under historical and own scenarios, and the moves that exhaust its buffer. */
@Command({
  name: 'stress',
  description:
    'Revalues one portfolio file under historical and custom scenarios, and with --reverse finds the smallest and the most likely move that exhausts its buffer. No database.',
})
export class StressCommand extends AnalysisCommand {
  override async run(_words: string[], options: StressOptions): Promise<void> {
    const source = await readTextFile(options.portfolio);
    const { custom: path, classes, scenario: names = [] } = options;
    const file = path === undefined ? null : await readTextFile(path);
    const reverse = reverseOf(options);
    const result = stressPortfolioFile({
      ...source,
      question: {
        names,
        custom: file === null ? [] : parseStressScenarioFile(file.text, file.fileName, assetClasses),
        ...(classes === undefined ? {} : { classes }),
        ...(reverse === null ? {} : { reverse }),
      },
    });
    await printAnswer(source.fileName, result, { ...options, format: formatStressReport });
  }

  @Option({
    flags: '--scenario <names>',
    description: 'names of the library, separated by commas; may repeat; all of it without --scenario and --custom',
  })
  scenario(value: string, previous: readonly string[] | undefined): readonly string[] {
    return [...(previous ?? []), ...value.split(',').map((name) => name.trim())];
  }

  @Option({ flags: '--custom <file>', description: 'JSON file of scenarios of your own (docs/file-formats.md)' })
  custom(value: string): string {
    return value;
  }

  @Option({
    flags: '--classes <classes>',
    description: 'UNDERLYING=ASSET-CLASS where the symbol does not tell; commas',
  })
  classes(value: string, previous: unknown): Readonly<Record<string, AssetClass>> {
    return parsedValue(value, previous, readClasses);
  }

  @Option({ flags: '--reverse', description: 'also find the moves of prices that exhaust the buffer' })
  reverse(): boolean {
    return true;
  }

  @Option({ flags: '--horizon <days>', description: 'trading days of the reverse move, 1 to 250; default 1' })
  horizon(value: string, previous: unknown): number {
    return parsedValue(value, previous, readNumber);
  }

  @Option({
    flags: '--volatilities <volatilities>',
    description: 'UNDERLYING=0.25 per year for the reverse move, separated by commas; default that of the market',
  })
  volatilities(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readFraction));
  }

  @Option({
    flags: '--correlations <correlations>',
    description: 'FIRST:SECOND=0.8 of pairs and one number for all others, separated by commas; default 0.5',
  })
  correlations(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readNumber));
  }

  @Option({
    flags: '--betas <betas>',
    description: 'UNDERLYING=BETA for the parallel reverse move, separated by commas; default 1',
  })
  betas(value: string, previous: unknown): NamedNumbers {
    return parsedValue(value, previous, (text) => readNamedNumbers(text, readNumber));
  }

  @Option({ flags: '--budget <count>', description: 'markets valued at most by each search; default 3000' })
  budget(value: string, previous: unknown): number {
    return parsedValue(value, previous, readNumber);
  }
}

function readClasses(text: string): Readonly<Record<string, AssetClass>> {
  const pairs = text.split(',').map((part) => {
    const cut = part.lastIndexOf('=');
    const found = assetClasses.find((name) => name === part.slice(cut + 1).trim());
    if (cut < 1 || found === undefined)
      throw new Error(`expected UNDERLYING=ASSET-CLASS with one of ${assetClasses.join(', ')}, got "${part}"`);
    return [part.slice(0, cut).trim(), found] as const;
  });
  return Object.fromEntries(pairs);
}

/** What the options say about the reverse move; null when it is not asked for. */
function reverseOf(options: StressOptions): Partial<ReverseStressQuestion> | null {
  const { horizon, volatilities, correlations, betas, budget } = options;
  const given = [horizon, volatilities, correlations, betas, budget].some((value) => value !== undefined);
  if (options.reverse !== true) {
    if (given) throw new CommandFailure(exitCodes.usage, 'an option of the reverse move was given without --reverse');
    return null;
  }
  if (volatilities?.general !== undefined || betas?.general !== undefined)
    throw new CommandFailure(
      exitCodes.usage,
      '--volatilities, --betas: expected UNDERLYING=NUMBER, separated by commas',
    );
  const pairs = Object.entries(correlations?.byName ?? {}).map(([names, correlation]) => {
    const [left = '', right, ...more] = names.split(':');
    if (right === undefined || more.length > 0)
      throw new CommandFailure(exitCodes.usage, `--correlations: expected FIRST:SECOND=NUMBER, got "${names}"`);
    return { left, right, correlation };
  });
  return {
    ...(horizon === undefined ? {} : { horizonDays: horizon }),
    ...(volatilities === undefined ? {} : { volatilities: volatilities.byName }),
    ...(correlations?.general === undefined ? {} : { correlation: correlations.general }),
    ...(pairs.length === 0 ? {} : { correlations: pairs }),
    ...(betas === undefined ? {} : { betas: betas.byName }),
    ...(budget === undefined ? {} : { budget }),
  };
}
