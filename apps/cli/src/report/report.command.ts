import {
  defaultPinBand,
  formatInstant,
  type Instant,
  instantOf,
  parseCalendarDate,
  parseInstant,
} from '@ballast/domain';
import { identifierCell, numberCell } from '@ballast/formats';
import { type Firm, FirmStore, persistenceOptionsFromEnv } from '@ballast/persistence';
import { type ReportDocument, ReportExpiryExposure, ReportStatements, ReportSummary } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { readInput } from '../input-file';
import { parsedValue, singleValue } from '../option-value';
import { printJson, printText } from '../print';
import { startProgressBar } from '../progress-bar';
import { expiryExposureCsv, expiryExposureJson, expiryExposureText } from './expiry-exposure-text';
import { findForgery, findSigningKey, type ReportSeal } from './report-seal';
import { openReportWriter, type ReportFormat, reportFormats, type ReportWriter } from './report-writer';

interface ReportOptions {
  readonly firm?: string;
  readonly date?: string;
  readonly asOf?: Instant;
  readonly pinBand?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly format?: ReportFormat;
  readonly run?: string;
  readonly account?: readonly string[];
  readonly from?: Instant;
  readonly out?: string;
  readonly force?: boolean;
  readonly in?: string;
}

const kinds = ['expiry', 'statement', 'summary', 'verify'] as const;
type Kind = (typeof kinds)[number];

/** What belongs to which report; `firm`, `json` and `csv` to all that look at the record. */
const optionsOf: Readonly<Record<Kind, readonly (keyof ReportOptions)[]>> = {
  expiry: ['date', 'asOf', 'pinBand', 'json', 'csv', 'firm'],
  statement: ['run', 'account', 'format', 'json', 'csv', 'out', 'force', 'firm'],
  summary: ['run', 'from', 'format', 'json', 'csv', 'out', 'force', 'firm'],
  verify: ['in'],
};

/** `ballast report`: lists for people who decide. */
@Command({
  name: 'report',
  arguments: '<kind>',
  argsDescription: { kind: kinds.join(' | ') },
  description: 'Reports on a firm: margin statements, a summary of coverage and calls, what expiries make of accounts.',
})
export class ReportCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly exposure: ReportExpiryExposure,
    private readonly statements: ReportStatements,
    private readonly summary: ReportSummary,
  ) {
    super();
  }

  override async run([word = '']: string[], options: ReportOptions): Promise<void> {
    const kind = kinds.find((known) => known === word);
    if (kind === undefined)
      throw new CommandFailure(exitCodes.usage, `unknown report ${JSON.stringify(word)}; expected ${kinds.join(', ')}`);
    const foreign = (Object.keys(options) as (keyof ReportOptions)[]).find((name) => !optionsOf[kind].includes(name));
    if (foreign !== undefined)
      throw new CommandFailure(exitCodes.usage, `--${foreign} does not belong to report ${kind}`);
    if (kind === 'verify') return this.verify(options);
    if (kind === 'expiry') return this.reportExpiries(options);
    const firm = await chooseFirm(this.firms, options.firm);
    const writer = await openReportWriter({
      format: formatOf(options),
      out: options.out,
      force: options.force === true,
      title: `${firm.name}: margin ${kind}`,
      writtenAt: formatInstant(instantOf(Date.now())),
    });
    try {
      if (kind === 'statement') await this.reportStatements(firm, options, writer);
      else await this.reportSummary(firm, options, writer);
      await writer.commit();
    } catch (error) {
      writer.discard();
      throw error;
    }
  }

  private async reportStatements(firm: Firm, options: ReportOptions, writer: ReportWriter): Promise<void> {
    const principal = { subject: operatorName(), firmId: firm.id, roles: ['back-office'] as const };
    const bar = await startProgressBar('statements', options.out === undefined ? undefined : 1_000, {
      unit: 'accounts',
    });
    const onProgress = (done: number, total: number): void =>
      bar.update(Math.round((1_000 * done) / Math.max(1, total)), done);
    const request = { firm, runId: options.run, accountCodes: options.account, onProgress };
    await this.statements
      .execute(principal, request, async (statement) => {
        doubt(statement);
        await writer.take(statement);
      })
      .finally(() => bar.stop());
  }

  private async reportSummary(firm: Firm, options: ReportOptions, writer: ReportWriter): Promise<void> {
    const principal = { subject: operatorName(), firmId: firm.id, roles: ['back-office'] as const };
    const summary = await this.summary.execute(principal, { firm, runId: options.run, from: options.from });
    doubt(summary);
    await writer.take(summary);
  }

  /** Checks reports in JSON against their seals and the key of this installation. */
  private async verify({ in: path }: ReportOptions): Promise<void> {
    if (path === undefined) throw new CommandFailure(exitCodes.usage, '--in FILE is needed: reports in JSON');
    const key = findSigningKey(persistenceOptionsFromEnv(process.env).dataDir);
    const reports = sealedReports(path, (await readInput(path)).bytes);
    for (const [index, { report, seal }] of reports.entries()) {
      const forgery = findForgery(report, seal, key);
      if (forgery === null) continue;
      throw new CommandFailure(exitCodes.dataRejected, `${path}: report ${index + 1}: ${forgery}`);
    }
    await printText(`${reports.length} reports, every one as it was signed\n`);
  }

  private async reportExpiries(options: ReportOptions): Promise<void> {
    const { date, asOf, pinBand = defaultPinBand } = options;
    if (date === undefined) throw new CommandFailure(exitCodes.usage, '--date is needed: the day of the expiries');
    if (options.json === true && options.csv === true) {
      throw new CommandFailure(exitCodes.usage, 'one of --json and --csv, not both');
    }
    const firm = await chooseFirm(this.firms, options.firm);
    const report = await this.exposure.execute({
      firmId: firm.id,
      date,
      pinBand,
      ...(asOf === undefined ? {} : { asOf }),
    });
    if (options.json === true) await printJson({ firm: firm.code, ...expiryExposureJson(report) });
    else await printText(options.csv === true ? expiryExposureCsv(report) : expiryExposureText(report));
    const isOpen = report.accounts.some(
      ({ after, series }) => after.quality === 'INDETERMINATE' || series.some(({ price }) => price === null),
    );
    if (isOpen) process.exitCode = exitCodes.held;
  }

  @Option({ flags: '--date <date>', description: 'day of the expiries on the wall of their exchange, 2026-06-18' })
  date(value: string, previous: unknown): string {
    return parsedValue(value, previous, (text) => parseCalendarDate(text, '--date'));
  }

  @Option({ flags: '--as-of <instant>', description: 'market snapshot at or before this; default the latest' })
  asOf(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--as-of'));
  }

  @Option({
    flags: '--pin-band <share>',
    description: 'share of the strike within which an option is near the money; default 0.01',
  })
  pinBand(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      const band = numberCell(text);
      if (band < 0 || band > 1) throw new Error('Expected a share from 0 to 1.');
      return band;
    });
  }

  @Option({ flags: '--format <format>', description: `statement, summary: ${reportFormats.join(' | ')}; default text` })
  format(value: string, previous: unknown): ReportFormat {
    return parsedValue(value, previous, (text) => {
      const format = reportFormats.find((known) => known === text);
      if (format === undefined) throw new Error(`Expected ${reportFormats.join(', ')}.`);
      return format;
    });
  }

  @Option({ flags: '--run <id>', description: 'statement, summary: run; default the latest completed one' })
  runId(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--account <code>', description: 'statement: only this account; may be given several times' })
  account(value: string, previous: readonly string[] = []): readonly string[] {
    return [...previous, identifierCell(value)];
  }

  @Option({ flags: '--from <instant>', description: 'summary: calls raised since; default a day before the run' })
  from(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--from'));
  }

  @Option({ flags: '--out <file>', description: 'statement, summary: file to write, whole or not at all' })
  out(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--force', description: 'replace the file of --out if it exists' })
  force(): boolean {
    return true;
  }

  @Option({ flags: '--in <file>', description: 'verify: reports in JSON as this installation wrote them' })
  in(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--firm <code>', description: 'firm to report on; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'the report as JSON' })
  json(): boolean {
    return true;
  }

  @Option({ flags: '--csv', description: 'one row per account and series' })
  csv(): boolean {
    return true;
  }

  @Help('after')
  explain(): string {
    return `
  report expiry --date 2026-06-18 [--as-of 2026-06-18T14:00:00Z] [--csv]
  report statement [--run ID] [--account CODE] --format html --out statements.html
  report summary [--run ID] [--from 2026-06-17T00:00:00Z] --format csv
  report verify --in statements.json
Exit code 5: a price is missing, or an account cannot be valued, or a figure rests on data worse than OK.`;
  }
}

function formatOf({ format, json, csv }: ReportOptions): ReportFormat {
  const words = [...(json === true ? ['json' as const] : []), ...(csv === true ? ['csv' as const] : [])];
  const [word] = words;
  if (words.length > 1 || (format !== undefined && word !== undefined && word !== format))
    throw new CommandFailure(exitCodes.usage, 'one of --json, --csv and --format');
  return format ?? word ?? 'text';
}

/** The exit code tells that a figure of the report rests on doubtful data. */
function doubt({ quality }: ReportDocument): void {
  if (quality !== 'OK') process.exitCode = exitCodes.held;
}

function sealedReports(path: string, bytes: Uint8Array): readonly { report: ReportDocument; seal: ReportSeal }[] {
  const refusal = new CommandFailure(exitCodes.dataRejected, `${path}: not reports that ballast wrote as JSON`);
  try {
    const content = JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown;
    const isSealed = (one: unknown): boolean => {
      const { report, seal } = (one ?? {}) as { report?: unknown; seal?: { sha256?: unknown } };
      return typeof report === 'object' && report !== null && typeof seal?.sha256 === 'string';
    };
    if (Array.isArray(content) && content.every(isSealed))
      return content as { report: ReportDocument; seal: ReportSeal }[];
  } catch {
    throw refusal;
  }
  throw refusal;
}
