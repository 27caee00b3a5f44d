import { defaultPinBand, type Instant, parseCalendarDate, parseInstant } from '@ballast/domain';
import { identifierCell, numberCell } from '@ballast/formats';
import { FirmStore } from '@ballast/persistence';
import { ReportExpiryExposure } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm } from '../firm-choice';
import { parsedValue } from '../option-value';
import { printJson, printText } from '../print';
import { expiryExposureCsv, expiryExposureJson, expiryExposureText } from './expiry-exposure-text';

interface ReportOptions {
  readonly firm?: string;
  readonly date?: string;
  readonly asOf?: Instant;
  readonly pinBand?: number;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `ballast report`: lists for people who decide. */
@Command({
  name: 'report',
  arguments: '<kind>',
  argsDescription: { kind: 'expiry' },
  description: 'Reports on a firm; expiry: what the series that end on a day make of every account.',
})
export class ReportCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly exposure: ReportExpiryExposure,
  ) {
    super();
  }

  override async run([kind = '']: string[], options: ReportOptions): Promise<void> {
    if (kind !== 'expiry') {
      throw new CommandFailure(exitCodes.usage, `unknown report ${JSON.stringify(kind)}; expected expiry`);
    }
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
Exit code 5: a price is missing, or an account cannot be valued after its deliveries.`;
  }
}
