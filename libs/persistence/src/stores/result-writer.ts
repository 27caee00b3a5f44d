import { Decimal, type Money } from '@ballast/domain';
import type { AccountResult, WrittenFigures } from '../account-result';
import { bulkFilled, type BulkValue } from '../bulk-insert';
import { toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import { insertHeld } from './held-result-writer';
import type { ResultOwner } from './result-owner';
import { PersistenceError } from '../persistence-error';

/** Results of one run. */
export interface RunResults {
  readonly owner: ResultOwner;
  readonly results: readonly AccountResult[];
  /** Whether the explanations are stored beside the figures, or recomputed when somebody asks; yes when absent. */
  readonly explained?: boolean;
}

const ratioDecimals = 12;

/** A result with what its rows have in common written out. */
interface WrittenResult {
  readonly owner: WrittenOwner;
  readonly result: AccountResult;
  readonly requirement: AccountResult['requirement'];
  readonly figures: WrittenFigures;
  readonly explained: boolean;
}

/** The run of results as the columns of their rows. */
interface WrittenOwner {
  readonly run: ResultOwner;
  readonly at: string;
  readonly snapshotHash: Buffer;
}

/** Columns of a requirement, and what each holds of a result. */
const requirementColumns: readonly (readonly [name: string, type: string, of: (row: WrittenResult) => BulkValue])[] = [
  ['run_id', 'uuid', ({ owner }) => owner.run.runId],
  ['as_of', 'timestamptz', ({ owner }) => owner.at],
  ['engine_version', 'text', ({ owner }) => owner.run.engineVersion],
  ['snapshot_hash', 'bytea', ({ owner }) => owner.snapshotHash],
  ['account_id', 'uuid', ({ result }) => result.accountId],
  ['methodology', 'text', ({ requirement }) => requirement.methodology],
  ['parameter_set_id', 'uuid', ({ result }) => result.parameterSetId],
  ['currency', 'text', ({ result }) => result.baseCurrency],
  ['initial_requirement', 'numeric', ({ figures }) => figures.initial],
  ['maintenance_requirement', 'numeric', ({ figures }) => figures.maintenance],
  ['net_option_value', 'numeric', ({ figures }) => figures.netOptionValue],
  ['equity', 'numeric', ({ figures }) => figures.equity],
  ['collateral_value', 'numeric', ({ figures }) => figures.collateralValue],
  ['buffer', 'numeric', ({ figures }) => figures.buffer],
  ['buffer_ratio', 'numeric', ({ figures }) => figures.bufferRatio],
  ['excess', 'numeric', ({ figures }) => figures.excess],
  ['status', 'text', ({ result }) => result.status],
  ['computed_status', 'text', ({ result }) => result.computedStatus],
  ['leverage', 'numeric', ({ figures }) => figures.leverage],
  ['quality', 'text', ({ result }) => result.quality],
  ['quality_reasons', 'words', ({ result }) => words(result.qualityReasons)],
  ['warnings', 'words', ({ requirement }) => words(requirement.warnings)],
  ['model', 'json', ({ explained, requirement }) => (explained ? json(requirement.model) : null)],
  ['worst_scenario', 'json', ({ requirement }) => json(requirement.worstScenario)],
  ['scenarios', 'json', ({ explained, requirement }) => (explained ? json(requirement.scenarios) : null)],
  ['breakdown', 'json', ({ explained, requirement }) => (explained ? json(requirement.breakdown) : null)],
  ['contributions', 'json', ({ explained, requirement }) => (explained ? json(requirement.contributions) : null)],
  ['greeks', 'json', ({ explained, requirement }) => (explained ? json(requirement.greeks) : null)],
  ['equity_components', 'json', (row) => (isItemised(row) ? json(row.result.equityComponents) : '[]')],
  ['collateral', 'json', (row) => (isItemised(row) ? json(row.result.collateral) : '[]')],
  ['parameter_hash', 'hash', ({ result }) => result.parameterHash],
  ['input_hash', 'hash', ({ result }) => result.inputHash],
  ['result_hash', 'hash', ({ result }) => result.resultHash],
  ['previous_status', 'text', ({ result }) => result.previousStatus ?? null],
  ['figures', 'bytea', ({ result }) => result.figures ?? null],
  // A row without its explanation is narrow enough to be read as the observation it holds.
  ['is_observation', 'boolean', ({ explained }) => (explained ? null : 'true')],
];

/**
 * Writes results of runs, oldest first. The database itself derives the newest buffer of each account from the requirements,
 * and the buffer history where a requirement is not its own observation (`record_observations`).
 *
 * @param after  what the transaction is busy with: rows are put together at once and sent when that has ended
 */
export async function insertResults(
  tx: TenantTransaction,
  runs: readonly RunResults[],
  after?: Promise<unknown>,
): Promise<void> {
  if (runs.every(({ results }) => results.length === 0)) return;
  // In order of the account, so that rows of one account come to lie beside each other.
  const sorted = runs.map(({ owner, results, explained = true }) => ({
    owner,
    explained,
    results: [...results].sort((left, right) => (left.accountId < right.accountId ? -1 : 1)),
  }));
  const rows = sorted.flatMap(writeResults);
  const columns = requirementColumns.map(([name, type, of]) => ({ name, type, values: rows.map(of) }));
  const { names, select, from, parameters } = bulkFilled(columns, 2);
  await after;
  // The stamp is asked for once and not, as the column's default, for every row.
  await tx.execute(
    `INSERT INTO requirements (firm_id, known_at, ${names})
     SELECT $1::uuid, (SELECT known_instant()), ${select} FROM ${from}`,
    [tx.firmId, ...parameters],
  );
  for (const { owner, results } of sorted) await insertHeld(tx, owner, results);
}

function writeResults({ owner, results, explained = true }: RunResults): WrittenResult[] {
  const at = toTimestamp(owner.asOf);
  const writtenOwner = { run: owner, at, snapshotHash: Buffer.from(owner.snapshotHash, 'hex') };
  return results.map((result) => {
    if (!explained && result.figures === undefined)
      throw new PersistenceError(
        'VALUE_REFUSED',
        `account ${result.accountId}: neither explanation nor figures to store`,
      );
    const { requirement } = result;
    return { owner: writtenOwner, result, requirement, explained, figures: result.written ?? writeFigures(result) };
  });
}

/** Whether what the equity and the collateral consist of is stored. */
function isItemised({ explained, result }: WrittenResult): boolean {
  return explained && result.quality !== 'INDETERMINATE';
}

function writeFigures(result: AccountResult): WrittenFigures {
  const { requirement } = result;
  const isIndeterminate = result.quality === 'INDETERMINATE';
  return {
    initial: amount(result, requirement.initialRequirement, 'initialRequirement'),
    maintenance: amount(result, requirement.maintenanceRequirement, 'maintenanceRequirement'),
    netOptionValue: amount(result, requirement.netOptionValue, 'netOptionValue'),
    equity: amount(result, result.equity, 'equity'),
    collateralValue: amount(result, result.collateralValue, 'collateralValue'),
    buffer: amount(result, result.buffer, 'buffer'),
    bufferRatio: ratio(result),
    excess: amount(result, result.excess, 'excess'),
    leverage: isIndeterminate ? null : toNumericOrNull(result.leverage, `leverage of account ${result.accountId}`),
  };
}

function words(texts: readonly string[]): string {
  return texts.length === 0 ? '[]' : JSON.stringify(texts);
}

/** INDETERMINATE means that no figure may be relied on, so none is stored. */
function amount(result: AccountResult, money: Money | null, field: string): string | null {
  if (money === null || result.quality === 'INDETERMINATE') return null;
  if (money.currency !== result.baseCurrency) {
    const message = `${field} of account ${result.accountId} is in ${money.currency}, expected ${result.baseCurrency}`;
    throw new PersistenceError('VALUE_REFUSED', message);
  }
  return toNumeric(money.amount, `${field} of account ${result.accountId}`);
}

function ratio(result: AccountResult): string | null {
  if (result.bufferRatio === null || result.quality === 'INDETERMINATE') return null;
  const rounded = result.bufferRatio.toDecimalPlaces(ratioDecimals, Decimal.ROUND_FLOOR);
  return toNumeric(rounded, `bufferRatio of account ${result.accountId}`);
}

/** Decimals become strings of plain digits; NaN and infinity, which JSON would turn into null, are refused. */
function json(value: unknown): string | null {
  if (value === null) return null;
  const text = JSON.stringify(value);
  // Only a text with a null in it can hide one; looking at every member costs more than writing the text.
  if (text.includes('null')) requireFiniteNumbers(value, '');
  return text;
}

function requireFiniteNumbers(value: unknown, key: string): void {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new PersistenceError('VALUE_REFUSED', `${key}: expected a finite number, got ${value}`);
  }
  if (typeof value !== 'object' || value === null || value instanceof Decimal) return;
  for (const [name, member] of Object.entries(value)) requireFiniteNumbers(member, name);
}
