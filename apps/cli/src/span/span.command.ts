import { evaluateRiskFile, formatMarginReport, type RiskFileOutput } from '@ballast/file-use-cases';
import type { RiskAccountType } from '@ballast/formats';
import { parseCurrency } from '@ballast/domain';
import { Command, Option } from 'nest-commander';
import { BallastCommand } from '../command-base';
import { CommandFailure, exitCodes } from '../exit-code';
import { readInput, streamInput } from '../input-file';
import { parsedValue, singleValue } from '../option-value';
import { printJson, printText } from '../print';
import { startProgressBar } from '../progress-bar';

interface SpanOptions {
  readonly parameters: string;
  readonly positions: string;
  readonly accountType?: RiskAccountType;
  readonly currency?: string;
  readonly json?: boolean;
}

const accountTypes: readonly RiskAccountType[] = ['member', 'hedger', 'speculator'];

/** `ballast span`: the requirement of a positions file against an exchange's risk-parameter file. */
@Command({
  name: 'span',
  description: 'Computes SPAN-style requirements from an exchange risk-parameter file (.spn, .pa2). No database.',
})
export class SpanCommand extends BallastCommand {
  override async run(_words: string[], options: SpanOptions): Promise<void> {
    if (options.parameters === '-' && options.positions === '-')
      throw new CommandFailure(exitCodes.usage, 'standard input can be one of the two files, not both');
    const positions = await readInput(options.positions);
    const parameters = await streamInput(options.parameters);
    const bar = await startProgressBar('span', parameters.size);
    const result = await evaluateRiskFile({
      parameters: { name: parameters.name, bytes: parameters.bytes, onProgress: bar.update },
      positions,
      accountType: options.accountType ?? 'member',
      ...(options.currency === undefined ? {} : { currency: options.currency }),
    }).finally(bar.stop);
    if (result.status === 'rejected') throw new CommandFailure(result.exitCode, result.message);
    if (options.json === true) await printJson(result.hasAccounts ? result.outputs : result.outputs[0]);
    else await printText(result.outputs.map(reportOf).join('\n'));
    for (const { account, quality, qualityReasons } of result.outputs)
      if (quality === 'INDETERMINATE')
        process.stderr.write(`${account ?? positions.name}: indeterminate: ${qualityReasons.join('; ')}\n`);
    process.exitCode = result.exitCode;
  }

  @Option({
    flags: '--parameters <file>',
    required: true,
    description: 'risk-parameter file: XML (.spn) or positional (.pa2); - reads standard input',
  })
  parameters(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({
    flags: '--positions <file>',
    required: true,
    description:
      'CSV: exchange,commodity,type,underlyingMonth,optionMonth,right,strike or instrument; quantity[,account]',
  })
  positions(value: string, previous: unknown): string {
    return singleValue(value, previous);
  }

  @Option({ flags: '--account-type <type>', description: 'whose rates apply: member (default), hedger, speculator' })
  accountType(value: string, previous: unknown): RiskAccountType {
    return parsedValue(value, previous, (text) => {
      const type = accountTypes.find((known) => known === text);
      if (type === undefined) throw new Error(`expected ${accountTypes.join(', ')}`);
      return type;
    });
  }

  @Option({ flags: '--currency <code>', description: 'base currency; default that of the commodities held' })
  currency(value: string, previous: unknown): string {
    return parsedValue(value, previous, (text) => parseCurrency(text, 'currency'));
  }

  @Option({ flags: '--json', description: 'everything as JSON; an array where the positions name accounts' })
  json(): boolean {
    return true;
  }
}

function reportOf(output: RiskFileOutput): string {
  const { name, businessDate, clearingOrganizations } = output.parameterFile;
  const day = businessDate === null ? '' : ` of ${businessDate}`;
  const who = output.account === undefined ? '' : `Account ${output.account}\n`;
  return `${who}${name}, ${clearingOrganizations.join(', ')}${day}, rates of a ${output.accountType}\n${formatMarginReport(output)}`;
}
