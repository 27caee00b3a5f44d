// SPAN-style requirements of a positions file against an exchange's risk-parameter file; touches no database.
import { DomainError, formatMoney, type Money } from '@ballast/domain';
import {
  describeProblem,
  FileRefusal,
  readRiskParameterFile,
  readRiskPositionFile,
  type RiskAccountType,
  type RiskParameterFile,
  type RiskParameterSource,
  selectContracts,
  type SourceFile,
} from '@ballast/formats';
import { computeSpanBookRequirement, indeterminateRequirement, type MarginRequirement } from '@ballast/margin';
import { buildRiskFileBook, buildRiskFileContext, type RiskFileContext } from './evaluate-risk-file-book';
import { type MatchedAccount, matchRiskPositions } from './evaluate-risk-file-positions';
import type { MarginOutput } from '../portfolio-file/margin-output';

/** The output of one account: that of a portfolio file, with the file it comes from; no equity, so no status. */
export interface RiskFileOutput extends MarginOutput {
  /** Absent where the positions file has no account column. */
  readonly account?: string;
  readonly accountType: RiskAccountType;
  readonly parameterFile: {
    readonly name: string;
    readonly format: 'spn' | 'pa2';
    readonly businessDate: string | null;
    readonly clearingOrganizations: readonly string[];
    readonly contracts: number;
  };
}

/** Accounts that were evaluated, or why the files were refused. */
export type RiskFileResult =
  | {
      readonly status: 'evaluated' | 'indeterminate';
      readonly exitCode: 0 | 5;
      readonly outputs: readonly RiskFileOutput[];
      readonly hasAccounts: boolean;
    }
  | { readonly status: 'rejected'; readonly exitCode: 3; readonly code: string; readonly message: string };

/**
 * Evaluates positions against a risk-parameter file: positions first, then the file is streamed once and only what the
 * positions need is kept, then one requirement per account.
 *
 * Never throws for what is in the files: what is impossible comes back as `rejected` with exit code 3, an account with
 * a contract that has no array or price as `indeterminate` with exit code 5 and null amounts.
 *
 * @param input.accountType  whose rates of the file apply
 * @param input.currency     base currency; default the currency of the commodities held, USD where they differ
 */
export async function evaluateRiskFile(input: {
  readonly parameters: RiskParameterSource;
  readonly positions: SourceFile;
  readonly accountType: RiskAccountType;
  readonly currency?: string;
}): Promise<RiskFileResult> {
  try {
    const positions = readRiskPositionFile(input.positions);
    const selection = selectContracts(positions.rows.map(({ value }) => value));
    const file = await readRiskParameterFile({ source: input.parameters, selection, accountType: input.accountType });
    const accounts = matchRiskPositions(positions, file.contracts, file.file);
    const context = buildRiskFileContext(file, input.currency ?? baseCurrencyOf(file));
    const outputs = accounts.map((account) =>
      evaluateAccount(context, account, { accountType: input.accountType, warnings: positions.warnings }),
    );
    const indeterminate = outputs.some(({ quality }) => quality === 'INDETERMINATE');
    return {
      status: indeterminate ? 'indeterminate' : 'evaluated',
      exitCode: indeterminate ? 5 : 0,
      outputs,
      hasAccounts: accounts.some(({ account }) => account !== ''),
    };
  } catch (error) {
    if (error instanceof FileRefusal)
      return { status: 'rejected', exitCode: 3, code: 'INVALID_FILE', message: error.message };
    if (error instanceof DomainError) {
      const message = describeProblem({ file: input.parameters.name, reason: error.message });
      return { status: 'rejected', exitCode: 3, code: error.code, message };
    }
    throw error;
  }
}

/** The one currency of the commodities held; USD where several are; the alphabetically first without USD. */
function baseCurrencyOf(file: RiskParameterFile): string {
  const { commodityOf } = buildRiskFileContext(file, '');
  const currencies = [...new Set(file.contracts.flatMap((contract) => commodityOf(contract)?.currency ?? []))].sort();
  return currencies.includes('USD') ? 'USD' : (currencies[0] ?? 'USD');
}

function evaluateAccount(
  context: RiskFileContext,
  account: MatchedAccount,
  run: { readonly accountType: RiskAccountType; readonly warnings: readonly string[] },
): RiskFileOutput {
  const { book, quantities, netOptionValues, reasons } = buildRiskFileBook(context, account);
  const held = new Set(book.commodities.map(({ id }) => id));
  const warnings = [...run.warnings, ...context.file.warnings.filter((warning) => concerns(warning, held))];
  const currency = context.baseCurrency;
  const requirement =
    reasons.length > 0
      ? indeterminateRequirement({ methodology: 'SPAN', reasons, warnings })
      : computeSpanBookRequirement({ book, quantities, currency, netOptionValues, greeks: [], warnings });
  const { file } = context;
  return {
    ...(account.account === '' ? {} : { account: account.account }),
    accountType: run.accountType,
    parameterFile: {
      name: file.file,
      format: file.format,
      businessDate: file.businessDate,
      clearingOrganizations: file.clearingOrganizations,
      contracts: file.contractCount,
    },
    ...toOutput(requirement, currency),
  };
}

/** Warnings that name a commodity concern its holders; warnings about the file concern everybody. */
function concerns(warning: string, held: ReadonlySet<string>): boolean {
  const commodity = /^([^ :]+): /.exec(warning)?.[1];
  return commodity === undefined || held.has(commodity);
}

function toOutput(requirement: MarginRequirement, currency: string): MarginOutput {
  return {
    methodology: requirement.methodology,
    quality: requirement.quality,
    qualityReasons: requirement.qualityReasons,
    initialRequirement: amountOf(requirement.initialRequirement),
    maintenanceRequirement: amountOf(requirement.maintenanceRequirement),
    netOptionValue: amountOf(requirement.netOptionValue),
    currency,
    model: requirement.model,
    worstScenario: requirement.worstScenario,
    scenarios: requirement.scenarios,
    breakdown: requirement.breakdown.map((node) => ({ ...node, amount: formatMoney(node.amount) })),
    contributions: requirement.contributions.map(({ instrumentId, euler, increment }) => ({
      instrument: instrumentId,
      euler,
      increment,
    })),
    greeks: requirement.greeks,
    equity: null,
    collateralValue: null,
    leverage: null,
    equityComponents: [],
    collateral: [],
    buffer: null,
    bufferRatio: null,
    excess: null,
    callAmount: null,
    status: requirement.quality === 'INDETERMINATE' ? 'INDETERMINATE' : 'NOT_ASSESSED',
    warnings: requirement.warnings,
  };
}

function amountOf(money: Money | null): string | null {
  return money === null ? null : formatMoney(money);
}
