import { Decimal, type Money } from '@ballast/domain';
import type { AccountResult, WrittenFigures } from '../account-result';
import { bulkRows, type BulkColumns, type BulkValue } from '../bulk-insert';
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

const requirementColumns: BulkColumns = [
  ['run_id', 'uuid'],
  ['as_of', 'timestamptz'],
  ['engine_version', 'text'],
  ['snapshot_hash', 'bytea'],
  ['account_id', 'uuid'],
  ['methodology', 'text'],
  ['parameter_set_id', 'uuid'],
  ['currency', 'text'],
  ['initial_requirement', 'numeric'],
  ['maintenance_requirement', 'numeric'],
  ['net_option_value', 'numeric'],
  ['equity', 'numeric'],
  ['collateral_value', 'numeric'],
  ['buffer', 'numeric'],
  ['buffer_ratio', 'numeric'],
  ['excess', 'numeric'],
  ['status', 'text'],
  ['computed_status', 'text'],
  ['leverage', 'numeric'],
  ['quality', 'text'],
  ['quality_reasons', 'words'],
  ['warnings', 'words'],
  ['model', 'json'],
  ['worst_scenario', 'json'],
  ['scenarios', 'json'],
  ['breakdown', 'json'],
  ['contributions', 'json'],
  ['greeks', 'json'],
  ['equity_components', 'json'],
  ['collateral', 'json'],
  ['parameter_hash', 'bytea'],
  ['input_hash', 'bytea'],
  ['result_hash', 'bytea'],
  ['previous_status', 'text'],
  ['figures', 'bytea'],
  ['is_observation', 'boolean'],
];

/** A result with what its rows have in common written out. */
interface WrittenResult {
  readonly owner: WrittenOwner;
  readonly result: AccountResult;
  readonly explained: boolean;
}

/** The run of results as the columns of their rows. */
interface WrittenOwner {
  readonly run: ResultOwner;
  readonly at: string;
  readonly snapshotHash: Buffer;
}

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
  const rows = sorted.flatMap(writeResults).map(toRequirementRow);
  const { names, select, from, parameters } = bulkRows(requirementColumns, rows, 2);
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
  return results.map((result) => ({ owner: writtenOwner, result, explained }));
}

function toRequirementRow({ owner, result, explained }: WrittenResult): BulkValue[] {
  const { requirement } = result;
  if (!explained && result.figures === undefined)
    throw new PersistenceError(
      'VALUE_REFUSED',
      `account ${result.accountId}: neither explanation nor figures to store`,
    );
  const explanation = explained
    ? [
        json(requirement.scenarios),
        json(requirement.breakdown),
        json(requirement.contributions),
        json(requirement.greeks),
      ]
    : [null, null, null, null];
  const isIndeterminate = result.quality === 'INDETERMINATE';
  const figures = result.written ?? writeFigures(result);
  return [
    owner.run.runId,
    owner.at,
    owner.run.engineVersion,
    owner.snapshotHash,
    result.accountId,
    requirement.methodology,
    result.parameterSetId,
    result.baseCurrency,
    figures.initial,
    figures.maintenance,
    figures.netOptionValue,
    figures.equity,
    figures.collateralValue,
    figures.buffer,
    figures.bufferRatio,
    figures.excess,
    result.status,
    result.computedStatus,
    figures.leverage,
    result.quality,
    words(result.qualityReasons),
    words(requirement.warnings),
    explained ? json(requirement.model) : null,
    json(requirement.worstScenario),
    ...explanation,
    json(isIndeterminate || !explained ? [] : result.equityComponents),
    json(isIndeterminate || !explained ? [] : result.collateral),
    Buffer.from(result.parameterHash, 'hex'),
    Buffer.from(result.inputHash, 'hex'),
    Buffer.from(result.resultHash, 'hex'),
    result.previousStatus ?? null,
    result.figures ?? null,
    // A row without its explanation is narrow enough to be read as the observation it holds.
    explained ? null : 'true',
  ];
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
