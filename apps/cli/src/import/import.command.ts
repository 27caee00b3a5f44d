import { type Instant, instantOf, parseInstant } from '@ballast/domain';
import {
  balanceSums,
  type ControlTotals,
  describeProblem,
  FileRefusal,
  identifierCell,
  type MarketFormat,
  marketFormats,
  numberCell,
  parseControlTotals,
  positionSums,
  readAccountFile,
} from '@ballast/formats';
import { type Firm, FirmStore } from '@ballast/persistence';
import type { ImportContext, ImportReport } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { readInput, requireReadable } from '../input-file';
import { parsedValue, singleValue } from '../option-value';
import { printJson, printText } from '../print';
import { FollowImport } from './follow-import';
import { importReportText } from './import-report-text';
import type { ImportOptions } from './import-options';
import { type ImportKind, importKinds, ImportRunners, isStreamed } from './import-runners';

@Command({
  name: 'import',
  arguments: '<kind> [files...]',
  argsDescription: {
    kind: importKinds.join(' | '),
    files: 'files to read; - reads standard input, which --follow does by itself',
  },
  description: 'Loads files into a firm: every row or none. Importing a file again changes nothing.',
})
export class ImportCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly runners: ImportRunners,
    private readonly follower: FollowImport,
  ) {
    super();
  }

  override async run([kindWord = '', ...paths]: string[], options: ImportOptions): Promise<void> {
    const kind = importKinds.find((known) => known === kindWord);
    if (kind === undefined) {
      throw new CommandFailure(
        exitCodes.usage,
        `cannot import ${JSON.stringify(kindWord)}; expected ${importKinds.join(', ')}`,
      );
    }
    if (options.follow === true) {
      this.follower.check(kind, paths, options);
      return this.follower.run(await chooseFirm(this.firms, options.firm), paths, options);
    }
    if (paths.length === 0) throw new CommandFailure(exitCodes.usage, "missing required argument 'files'");
    try {
      const control = controlTotals(kind, paths, options);
      if (isStreamed(kind)) await Promise.all(paths.map(requireReadable));
      if ([options.every, options.silence, options.stream].some((value) => value !== undefined))
        throw new CommandFailure(exitCodes.usage, '--every, --silence and --stream belong to --follow');
      if (kind !== 'market' && (options.secondSource !== undefined || options.staleAfter !== undefined))
        throw new CommandFailure(exitCodes.usage, '--second-source and --stale-after belong to a market');
      const sources = isStreamed(kind) ? [] : await Promise.all(paths.map(readInput));
      const secondSources = await Promise.all((options.secondSource ?? []).map(readInput));
      const firm = await this.firmFor(kind, options, () => sources.forEach(readAccountFile));
      const context: ImportContext = {
        firmId: firm.id,
        recordedBy: operatorName(),
        ...(control === undefined ? {} : { control }),
      };
      const now = instantOf(Date.now());
      for (const report of await this.runners.run(kind, { context, paths, sources, secondSources, options, now })) {
        await this.print(report, firm, options);
      }
    } catch (error) {
      if (error instanceof FileRefusal && options.json === true) await printRefusal(error);
      throw error;
    }
  }

  /** Accounts may be the first thing a firm has: then the firm is created, once the file is known to be good. */
  private async firmFor(kind: ImportKind, options: ImportOptions, checkFiles: () => void): Promise<Firm> {
    const { firm: code } = options;
    if (kind === 'accounts' && code !== undefined && (await this.firms.findByCode(code)) === null) {
      checkFiles();
      const firm = await this.firms.create({ code, name: code });
      process.stderr.write(`firm ${code} created\n`);
      return firm;
    }
    return chooseFirm(this.firms, code);
  }

  private async print(report: ImportReport, firm: Firm, options: ImportOptions): Promise<void> {
    for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`);
    if (options.json === true) await printJson({ firm: firm.code, ...report });
    else await printText(importReportText(report, firm.code));
  }

  @Option({ flags: '--firm <code>', description: 'firm to load into; needed where several exist, created by accounts' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'control totals as JSON; a refusal lists its problems' })
  json(): boolean {
    return true;
  }

  @Option({ flags: '--expect-rows <count>', description: 'refuse the file unless it holds this many rows of data' })
  expectRows(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      if (!/^\d{1,9}$/.test(text)) throw new Error('Expected a number of rows.');
      return Number(text);
    });
  }

  @Option({
    flags: '--control <totals>',
    description: 'totals of the sender: rows=3,quantity=498 (positions), amount=… (balances), sha256=…',
  })
  control(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({
    flags: '--valid-from <instant>',
    description:
      'positions, balances, collateral: since when rows hold that do not say; haircuts: effective from; default now',
  })
  validFrom(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--valid-from'));
  }

  @Option({
    flags: '--mode <mode>',
    description: 'positions, collateral: replace (the file is all there is, default) or merge',
  })
  mode(value: string, previous: unknown): 'REPLACE' | 'MERGE' {
    return parsedValue(value, previous, (text) => {
      if (text !== 'replace' && text !== 'merge') throw new Error('Expected replace or merge.');
      return text === 'merge' ? 'MERGE' : 'REPLACE';
    });
  }

  @Option({
    flags: '--as-of <instant>',
    description: 'market: instant of the snapshot; default that of the latest quote',
  })
  asOf(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--as-of'));
  }

  @Option({
    flags: '--format <format>',
    description: `market: ${marketFormats.join(' | ')}; default told by the header`,
  })
  format(value: string, previous: unknown): MarketFormat {
    return parsedValue(value, previous, (text) => {
      const format = marketFormats.find((known) => known === text);
      if (format === undefined) throw new Error(`Expected ${marketFormats.join(', ')}.`);
      return format;
    });
  }

  @Option({ flags: '--underlying <id>', description: 'market, lean: the underlying when the file name does not say' })
  underlying(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--underlying-price <price>', description: 'market, lean: price of an underlying without a row' })
  underlyingPrice(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--date <date>', description: 'market, lean: trading day when the file name does not say' })
  date(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--rate <rate>', description: 'market, lean: continuously compounded rate, for example 0.03' })
  rate(value: string, previous: unknown): number {
    return parsedValue(value, previous, numberCell);
  }

  @Option({ flags: '--dividend-yield <yield>', description: 'market, lean: continuously compounded yield' })
  dividendYield(value: string, previous: unknown): number {
    return parsedValue(value, previous, numberCell);
  }

  @Option({
    flags: '--second-source <file>',
    description:
      'market: quotes or underlyings by another source, taken where the own ones are stale, missing or wrong; may be given several times',
  })
  secondSource(value: string, previous: readonly string[] = []): readonly string[] {
    return [...previous, value];
  }

  @Option({
    flags: '--stale-after <seconds>',
    description:
      'market: age from which a price is stale; default 86400, one day; with --follow 60 for underlyings and 300 for contracts',
  })
  staleAfter(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      if (!/^[1-9]\d{0,6}$/.test(text)) throw new Error('Expected whole seconds from 1 to 9999999.');
      return Number(text);
    });
  }

  @Option({
    flags: '--follow',
    description: 'market: follow a stream of quotes, NDJSON on standard input or files that appear in a directory',
  })
  follow(): boolean {
    return true;
  }

  @Option({
    flags: '--every <seconds>',
    description: '--follow: shortest time between two snapshots, 0.05 to 3600; default 1',
  })
  every(value: string, previous: unknown): number {
    return parsedValue(value, previous, secondsFrom);
  }

  @Option({
    flags: '--silence <seconds>',
    description: '--follow: a stream that says nothing for so long raises FEED_GAP; default 60',
  })
  silence(value: string, previous: unknown): number {
    return parsedValue(value, previous, secondsFrom);
  }

  @Option({
    flags: '--stream <name>',
    description: '--follow: name under which its place is remembered; default stdin, or the name of the directory',
  })
  stream(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--schedule <name>', description: 'haircuts: name of the schedule; default HOUSE' })
  schedule(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--vintage <text>', description: 'haircuts: which vintage of a file that holds several' })
  vintage(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Help('after')
  explain(): string {
    return `
  import accounts accounts.csv --firm ALPHA
  import instruments instruments.csv [underlyings.csv]
  import market quotes.csv underlyings.csv [forwards.csv] [fx.csv]      or one Deribit or LEAN chain
  import market quotes.csv underlyings.csv --second-source other.csv --stale-after 60
  feed | ballast import market --follow                                 or --follow quotes/ for a directory
  import positions positions.csv --valid-from 2026-01-05T00:00:00Z
  import balances balances.csv
  import parameters parameters.json
  import haircuts haircuts.csv [limits.csv] --schedule HOUSE --valid-from 2026-01-01T00:00:00Z
  import collateral collateral.csv
docs/file-formats.md shows every format.`;
  }
}

function secondsFrom(text: string): number {
  const seconds = /^\d{1,4}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds >= 0.05 && seconds <= 3_600) return seconds;
  throw new Error('Expected seconds from 0.05 to 3600.');
}

/** Columns that a control total may sum. */
const sumsByKind: Readonly<Partial<Record<ImportKind, readonly string[]>>> = {
  positions: positionSums,
  balances: balanceSums,
};

function controlTotals(
  kind: ImportKind,
  paths: readonly string[],
  { control, expectRows }: ImportOptions,
): ControlTotals | undefined {
  const totals = [
    ...(control === undefined ? [] : control.split(',')),
    ...(expectRows === undefined ? [] : [`rows=${expectRows}`]),
  ];
  if (totals.length === 0) return undefined;
  try {
    const announced = parseControlTotals(totals, sumsByKind[kind] ?? []);
    if (kind === 'parameters') throw new Error('a parameter file has no control totals');
    const isTogether = kind === 'instruments' || kind === 'market';
    if (paths.length > 1 && !isTogether)
      throw new Error('control totals are those of one file; import the files one by one');
    return announced;
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `--control: ${(error as Error).message}`);
  }
}

function printRefusal(refusal: FileRefusal): Promise<void> {
  const { problems, problemCount } = refusal;
  return printJson({
    refused: true,
    stored: 0,
    problemCount,
    problems: problems.map((problem) => ({ ...problem, text: describeProblem(problem) })),
  });
}
