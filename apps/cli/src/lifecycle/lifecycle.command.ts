import { formatInstant, type Instant, instantOf, parseInstant } from '@ballast/domain';
import { identifierCell } from '@ballast/formats';
import { FirmStore } from '@ballast/persistence';
import { AmendCalendar, ApplyLifecycleFile, ProcessExpiries } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { readInput } from '../input-file';
import { parsedValue, singleValue } from '../option-value';
import { printJson, printText } from '../print';
import { calendarReport, eventReport, expiryReport, type LifecycleText } from './lifecycle-report-text';

interface LifecycleOptions {
  readonly firm?: string;
  readonly json?: boolean;
  readonly at?: Instant;
  readonly settlement?: string;
  readonly expectRows?: number;
}

const verbs = ['expire', 'apply', 'calendar'] as const;

/** `ballast lifecycle`: what happens to contracts after they were traded. */
@Command({
  name: 'lifecycle',
  arguments: '<verb> [file]',
  argsDescription: { verb: verbs.join(' | '), file: 'events of apply, changes of calendar; - reads standard input' },
  description:
    'Settles expired series, applies exercises, corporate actions and dividends, changes exchange calendars.',
})
export class LifecycleCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly expiries: ProcessExpiries,
    private readonly events: ApplyLifecycleFile,
    private readonly calendars: AmendCalendar,
  ) {
    super();
  }

  override async run([word = '', file]: string[], options: LifecycleOptions): Promise<void> {
    const verb = verbs.find((known) => known === word);
    if (verb === undefined) {
      throw new CommandFailure(exitCodes.usage, `unknown verb ${JSON.stringify(word)}; expected ${verbs.join(', ')}`);
    }
    if ((file === undefined) !== (verb === 'expire')) {
      const rule = verb === 'expire' ? 'expire takes no file; name prices with --settlement' : `${verb} needs a file`;
      throw new CommandFailure(exitCodes.usage, rule);
    }
    const report = await this.perform(verb, file ?? '', options);
    for (const warning of report.warnings) process.stderr.write(`warning: ${warning}\n`);
    if (options.json === true) await printJson(report.json);
    else await printText(report.text);
    if (report.isOpen) process.exitCode = exitCodes.held;
  }

  private async perform(verb: (typeof verbs)[number], file: string, options: LifecycleOptions): Promise<LifecycleText> {
    const { expectRows } = options;
    const at = options.at ?? instantOf(Date.now());
    const source = verb === 'expire' ? undefined : await readInput(file);
    const settlement = options.settlement === undefined ? undefined : await readInput(options.settlement);
    const firm = await chooseFirm(this.firms, options.firm);
    const context = {
      firmId: firm.id,
      recordedBy: operatorName(),
      ...(expectRows === undefined ? {} : { control: { rows: expectRows, sums: {} } }),
    };
    if (source === undefined) {
      const command = { ...context, at, ...(settlement === undefined ? {} : { settlement }) };
      return expiryReport(await this.expiries.execute(command), { firm: firm.code, at: formatInstant(at) });
    }
    if (verb === 'apply') return eventReport(await this.events.execute(context, source), firm.code);
    return calendarReport(await this.calendars.execute({ ...context, at }, source), firm.code);
  }

  @Option({
    flags: '--at <instant>',
    description: 'expire: series that expired at or before this; calendar: holdings of this instant; default now',
  })
  at(value: string, previous: unknown): Instant {
    return parsedValue(value, previous, (text) => parseInstant(text, '--at'));
  }

  @Option({
    flags: '--settlement <file>',
    description:
      'expire: settlement prices underlying,price[,expiry][,session]; else market snapshots up to an hour after expiry; contracts settled am take rows of session am only',
  })
  settlement(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--expect-rows <count>', description: 'apply: refuse the file unless it holds this many events' })
  expectRows(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      if (!/^\d{1,9}$/.test(text)) throw new Error('Expected a number of rows.');
      return Number(text);
    });
  }

  @Option({ flags: '--firm <code>', description: 'firm to work on; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'what was done as JSON' })
  json(): boolean {
    return true;
  }

  @Help('after')
  explain(): string {
    return `
  lifecycle expire --at 2026-06-18T21:00:00Z --settlement settlement.csv
  lifecycle apply events.csv          exercises, assignments, dividends, splits, mergers, reversals, …
  lifecycle calendar changes.csv      a new version of exchange calendars; held series and open calls it concerns
Exit code 5: series stay unprocessed, held series expire on no session, or a change concerns series or calls. docs/file-formats.md shows every format.`;
  }
}
