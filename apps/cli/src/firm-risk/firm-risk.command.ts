import { instantOf, parseCurrency } from '@ballast/domain';
import { addUpPortfolioFiles, firmRiskText } from '@ballast/file-use-cases';
import { identifierCell } from '@ballast/formats';
import { Database, FirmStore } from '@ballast/persistence';
import { firmRiskJson, ReadFirmRisk, ReadSession, type RiskGrouping, topMaximum } from '@ballast/use-cases';
import { Command, Help, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { printAnswer } from '../analysis/answer-question';
import { CommandFailure, exitCodes } from '../exit-code';
import { chooseFirm, operatorName } from '../firm-choice';
import { parsedValue } from '../option-value';
import { printJson, printText } from '../print';
import { readAccountFiles } from './account-files';

interface FirmRiskOptions {
  readonly firm?: string;
  readonly portfolio?: readonly string[];
  readonly by?: RiskGrouping;
  readonly scenario?: readonly string[];
  readonly currency?: string;
  readonly top?: number;
  readonly json?: boolean;
}

/** `ballast firm-risk`: what all accounts of a firm come to together, now and under stress. */
@Command({
  name: 'firm-risk',
  description:
    'Adds up the accounts of a firm, as its latest completed run saw them, or portfolio files: Greeks, stress, concentration.',
})
export class FirmRiskCommand extends BallastCommand {
  constructor(
    private readonly firms: FirmStore,
    private readonly database: Database,
    private readonly readFirmRisk: ReadFirmRisk,
  ) {
    super();
  }

  override async run(_words: string[], options: FirmRiskOptions): Promise<void> {
    if (options.portfolio !== undefined) return this.addUpFiles(options.portfolio, options);
    const firm = await chooseFirm(this.firms, options.firm);
    const principal = { subject: operatorName(), firmId: firm.id, roles: ['risk'] as const };
    const session = new ReadSession(this.database, principal);
    const { by = 'UNDERLYING', scenario = [], currency, top = 10 } = options;
    const now = instantOf(Date.now());
    const request = { by, scenarios: scenario, top, now, ...(currency === undefined ? {} : { currency }) };
    const answer = await this.readFirmRisk.execute(session, request).finally(() => session.close());
    if (options.json === true) await printJson({ firm: firm.code, ...firmRiskJson(answer) });
    else await printText(firmRiskText(answer));
    if (answer.quality !== 'OK' && answer.quality !== 'STALE') process.exitCode = exitCodes.held;
  }

  /** Touches no database. */
  private async addUpFiles(paths: readonly string[], options: FirmRiskOptions): Promise<void> {
    if (options.firm !== undefined)
      throw new CommandFailure(exitCodes.usage, '--firm: portfolio files belong to no stored firm');
    const { by = 'UNDERLYING', scenario = [], currency, top = 10, json } = options;
    const question = { by, scenarios: scenario, top, ...(currency === undefined ? {} : { currency }) };
    const result = addUpPortfolioFiles(await readAccountFiles(paths), question);
    const name = paths.join(', ');
    if (result.status === 'rejected') return printAnswer(name, result, { format: () => '' });
    const { view, ...figures } = result.output;
    if (json === true) await printJson(figures);
    else await printText(firmRiskText(view));
    process.exitCode = result.exitCode;
  }

  @Option({
    flags: '--portfolio <path>',
    description:
      'portfolio file of one account, named after the file, or a folder of them; may be given several times. No database',
  })
  portfolio(value: string, previous: readonly string[] = []): readonly string[] {
    return [...previous, value];
  }

  @Option({ flags: '--by <grouping>', description: 'how Greeks are summed: underlying (default) or expiry' })
  by(value: string, previous: unknown): RiskGrouping {
    return parsedValue(value, previous, (text) => {
      if (text === 'underlying') return 'UNDERLYING';
      if (text === 'expiry') return 'EXPIRY';
      throw new CommandFailure(exitCodes.usage, `--by: expected underlying or expiry, got ${text}`);
    });
  }

  @Option({
    flags: '--scenario <name>',
    description: 'scenario of the library; may be given several times; default all',
  })
  scenario(value: string, previous: readonly string[] = []): readonly string[] {
    return [...previous, value];
  }

  @Option({ flags: '--currency <code>', description: 'currency of all amounts; default that of most accounts' })
  currency(value: string, previous: unknown): string {
    return parsedValue(value, previous, (text) => parseCurrency(text, '--currency'));
  }

  @Option({ flags: '--top <rows>', description: `rows of each list of largest ones, 0 to ${topMaximum}; default 10` })
  top(value: string, previous: unknown): number {
    return parsedValue(value, previous, (text) => {
      if (/^\d{1,2}$/.test(text) && Number(text) <= topMaximum) return Number(text);
      throw new CommandFailure(exitCodes.usage, `--top: expected a whole number from 0 to ${topMaximum}`);
    });
  }

  @Option({ flags: '--firm <code>', description: 'firm to add up; needed where several exist' })
  firm(value: string, previous: unknown): string {
    return parsedValue(value, previous, identifierCell);
  }

  @Option({ flags: '--json', description: 'every figure as JSON' })
  json(): boolean {
    return true;
  }

  @Help('after')
  explain(): string {
    return `
Exit code 5: an account could not be valued or converted and takes no part; it is named.`;
  }
}
