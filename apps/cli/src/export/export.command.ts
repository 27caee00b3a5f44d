import { type Instant, instantOf, parseInstant } from '@ballast/domain';
import { identifierCell, positiveIntegerCell } from '@ballast/formats';
import { type ExportListName, exportListNames, FirmStore } from '@ballast/persistence';
import { type ExportFormat, ExportList, exportListOf, type OpenExport } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue, singleValue } from '../option-value';
import { openOutput, type OutputTarget } from '../output-target';
import { type ProgressBar, startProgressBar } from '../progress-bar';

interface ExportOptions {
  readonly format?: ExportFormat;
  readonly json?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly run?: string;
  readonly snapshot?: string;
  readonly reconciliation?: string;
  readonly account?: string;
  readonly asOf?: Instant;
  readonly knownAt?: Instant;
  readonly from?: Instant;
  readonly to?: Instant;
  readonly after?: string;
  readonly limit?: number;
  readonly firm?: string;
}

const selecting = ['run', 'snapshot', 'reconciliation', 'account', 'asOf', 'knownAt', 'from', 'to'] as const;
/** What narrows which list; `account` and the times do so wherever the rows have them. */
const selectingOf: Readonly<Record<ExportListName, readonly (typeof selecting)[number][]>> = {
  accounts: [],
  instruments: [],
  positions: ['account', 'asOf', 'knownAt'],
  balances: ['account', 'asOf', 'knownAt'],
  collateral: ['account', 'asOf', 'knownAt'],
  requirements: ['run', 'account'],
  buffers: ['account', 'from', 'to', 'knownAt'],
  calls: ['account', 'from', 'to'],
  runs: ['from', 'to'],
  snapshots: ['from', 'to'],
  quotes: ['snapshot'],
  underlyings: ['snapshot'],
  breaks: ['reconciliation'],
};
const interruptedExitCode = 130;

/** `ballast export`: a list of any length as CSV or NDJSON. */
@Command({
  name: 'export',
  arguments: '<list>',
  argsDescription: { list: exportListNames.join(' | ') },
  description: 'Writes a list of the firm as CSV or NDJSON, of any length, in constant memory; can be resumed.',
})
export class ExportCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly exports: ExportList,
  ) {
    super();
  }

  override async run([word = '']: string[], options: ExportOptions): Promise<void> {
    const list = listOf(word);
    refuseForeignOptions(list, options);
    const { id: firmId } = await chooseFirm(this.firms, options.firm);
    const principal = { subject: operatorName(), firmId, roles: ['back-office'] as const };
    const { run: runId, snapshot: snapshotId, reconciliation: reconciliationId, account: accountCode } = options;
    const format = options.format ?? (options.json === true ? 'ndjson' : 'csv');
    const request = { list, format, runId, snapshotId, reconciliationId, accountCode, ...timesOf(options) };
    const opened = await this.exports.open(principal, request, instantOf(Date.now()));
    const output = await openOutput(options.out, options.force === true ? 'replace' : 'refuse-existing');
    const total = process.stderr.isTTY ? await this.exports.count(opened) : undefined;
    const bar = await startProgressBar(`export ${list}`, total);
    await this.write(opened, { format, limit: options.limit }, output, bar);
  }

  /** Whatever stops the export, standard output ends with a whole row and standard error says where to go on. */
  private async write(
    opened: OpenExport,
    form: { readonly format: ExportFormat; readonly limit: number | undefined },
    output: OutputTarget,
    bar: ProgressBar,
  ): Promise<void> {
    const state = { cursor: null as string | null, hasMore: false, isStopped: false };
    const stop = (): void => void (state.isStopped = true);
    if (output.isStream) process.once('SIGINT', stop).once('SIGTERM', stop);
    const sayWhere = (): void => {
      if (state.cursor !== null) process.stderr.write(`go on with --after ${state.cursor}\n`);
    };
    try {
      for await (const piece of this.exports.write(opened, form)) {
        await output.write(piece.text);
        state.cursor = piece.cursor;
        state.hasMore = piece.hasMore;
        bar.update(piece.rows, piece.rows);
        if (state.isStopped) break;
      }
      await output.commit();
    } catch (error) {
      bar.stop();
      output.discard();
      if (output.isStream) sayWhere();
      throw error;
    }
    bar.stop();
    if (state.hasMore || state.isStopped) sayWhere();
    if (state.isStopped) process.exitCode = interruptedExitCode;
  }

  @Option({ flags: '--format <format>', description: 'csv (default) or ndjson' })
  format(value: string, previous: unknown): ExportFormat {
    return parsedValue(value, previous, (text) => {
      if (text !== 'csv' && text !== 'ndjson') throw new Error('Expected csv or ndjson.');
      return text;
    });
  }

  @Option({ flags: '--json', description: 'the same as --format ndjson' })
  json(): boolean {
    return true;
  }

  @Option({ flags: '--out <file>', description: 'file to write, whole or not at all; default standard output' })
  out(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--force', description: 'replace the file of --out if it exists' })
  force(): boolean {
    return true;
  }

  @Option({ flags: '--run <id>', description: 'requirements: run; default the latest completed one' })
  runId(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--snapshot <id>', description: 'quotes, underlyings: snapshot; default the latest' })
  snapshot(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--reconciliation <id>', description: 'breaks: reconciliation; default all of them' })
  reconciliation(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--account <code>', description: 'only this account' })
  account(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({
    flags: '--as-of <instant>',
    description: 'positions, balances, collateral: held at this instant; default now',
  })
  asOf(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--as-of'));
  }

  @Option({ flags: '--known-at <instant>', description: '… as far as it was known by this instant; default now' })
  knownAt(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--known-at'));
  }

  @Option({ flags: '--from <instant>', description: 'buffers, calls, runs, snapshots: from this instant on' })
  from(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--from'));
  }

  @Option({ flags: '--to <instant>', description: '… and before this one' })
  to(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--to'));
  }

  @Option({ flags: '--after <cursor>', description: 'go on behind the last row of an earlier export' })
  after(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--limit <rows>', description: 'rows at most; standard error then says where to go on' })
  limit(value: string, previous: unknown): number {
    return parsedValue(value, previous, positiveIntegerCell);
  }

  @Option({ flags: '--firm <code>', description: 'firm to export from; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Help('after')
  explain(): string {
    return `
  export positions --as-of 2026-11-20T21:00:00Z --out positions.csv
  export requirements --run ID --format ndjson | gzip > requirements.ndjson.gz
  export buffers --from 2026-01-01T00:00:00Z --limit 1000000      then the same with --after CURSOR
A file appears whole or not at all. Cells of text never begin a formula. docs/file-formats.md shows the columns.`;
  }
}

function listOf(word: string): ExportListName {
  try {
    return exportListOf(word);
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, (error as Error).message);
  }
}

function timesOf({ asOf, knownAt, from, to, after }: ExportOptions) {
  return { asOf, knownAt, from, to, after };
}

/** An option that the list has no use for is a mistake, and behind a cursor everything is said already. */
function refuseForeignOptions(list: ExportListName, options: ExportOptions): void {
  const given = selecting.filter((name) => options[name] !== undefined);
  const flag = (name: string): string => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const [first] = given;
  if (options.after !== undefined && first !== undefined)
    throw new CommandFailure(exitCodes.usage, `${flag(first)}: --after carries it already; leave it out`);
  const foreign = given.find((name) => !selectingOf[list].includes(name));
  if (foreign !== undefined)
    throw new CommandFailure(exitCodes.usage, `${flag(foreign)} does not belong to export ${list}`);
  if (options.json === true && options.format === 'csv')
    throw new CommandFailure(exitCodes.usage, 'one of --json and --format csv');
}
