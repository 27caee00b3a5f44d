import { Decimal, type Instant, type Money } from '@ballast/domain';
import type { AccountResult } from '../account-result';
import { bulkRows, type BulkColumns, type BulkValue } from '../bulk-insert';
import { toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import { insertHeld } from './held-result-writer';
import { PersistenceError } from '../persistence-error';

/** The run that results belong to. */
export interface ResultOwner {
  readonly runId: string;
  readonly asOf: Instant;
  readonly engineVersion: string;
  readonly snapshotHash: string;
}

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
];

const observationColumns: BulkColumns = [
  ['run_id', 'uuid'],
  ['at', 'timestamptz'],
  ['account_id', 'uuid'],
  ['currency', 'text'],
  ['equity', 'numeric'],
  ['maintenance', 'numeric'],
  ['initial', 'numeric'],
  ['buffer', 'numeric'],
  ['buffer_ratio', 'numeric'],
  ['status', 'text'],
  ['quality', 'text'],
];

/** A result with what its rows have in common written out. */
interface WrittenResult {
  readonly owner: WrittenOwner;
  readonly result: AccountResult;
  readonly explained: boolean;
  readonly amounts: Readonly<Record<'initial' | 'maintenance' | 'equity' | 'buffer' | 'ratio', string | null>>;
}

/** The run of results as the columns of their rows. */
interface WrittenOwner {
  readonly run: ResultOwner;
  readonly at: string;
  readonly snapshotHash: Buffer;
}

/** Writes results of runs, oldest first: requirements, buffer history, and the newest buffer of each account. */
export async function insertResults(tx: TenantTransaction, runs: readonly RunResults[]): Promise<void> {
  if (runs.every(({ results }) => results.length === 0)) return;
  // In order of the account, so that two runs lock the read model's rows in the same order.
  const sorted = runs.map(({ owner, results, explained = true }) => ({
    owner,
    explained,
    results: [...results].sort((left, right) => (left.accountId < right.accountId ? -1 : 1)),
  }));
  const written = sorted.flatMap(writeResults);
  await insertRows(tx, 'requirements', requirementColumns, written.map(toRequirementRow));
  const observations = written.map(toObservationRow);
  await insertRows(tx, 'buffer_observations', observationColumns, observations);
  await updateLatest(tx, written, observations);
  for (const { owner, results } of sorted) await insertHeld(tx, owner, results);
}

function writeResults({ owner, results, explained = true }: RunResults): WrittenResult[] {
  const at = toTimestamp(owner.asOf);
  const writtenOwner = { run: owner, at, snapshotHash: Buffer.from(owner.snapshotHash, 'hex') };
  return results.map((result) => {
    const { requirement } = result;
    const amounts = {
      initial: amount(result, requirement.initialRequirement, 'initialRequirement'),
      maintenance: amount(result, requirement.maintenanceRequirement, 'maintenanceRequirement'),
      equity: amount(result, result.equity, 'equity'),
      buffer: amount(result, result.buffer, 'buffer'),
      ratio: ratio(result),
    };
    return { owner: writtenOwner, result, explained, amounts };
  });
}

async function insertRows(
  tx: TenantTransaction,
  table: 'requirements' | 'buffer_observations',
  columns: BulkColumns,
  rows: readonly (readonly BulkValue[])[],
): Promise<void> {
  const { names, select, from, parameters } = bulkRows(columns, rows, 2);
  const sql = `INSERT INTO ${table} (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}`;
  await tx.execute(sql, [tx.firmId, ...parameters]);
}

/** One row per account: that of its newest run here, unless a newer one is known already. */
async function updateLatest(
  tx: TenantTransaction,
  written: readonly WrittenResult[],
  observations: readonly BulkValue[][],
): Promise<void> {
  const newest = new Map<string, { readonly at: Instant; readonly row: BulkValue[] }>();
  written.forEach(({ owner, result }, index) => {
    const known = newest.get(result.accountId);
    if (known !== undefined && known.at > owner.run.asOf) return;
    newest.set(result.accountId, { at: owner.run.asOf, row: observations[index] as BulkValue[] });
  });
  const rows = [...newest].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, { row }]) => row);
  const { names, select, from, parameters } = bulkRows(observationColumns, rows, 2);
  const updated = observationColumns.map(([name]) => name).filter((name) => name !== 'account_id');
  await tx.execute(
    `INSERT INTO latest_buffers AS l (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}
     ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
     SET known_at = current_instant(), ${updated.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE excluded.at >= l.at`,
    [tx.firmId, ...parameters],
  );
}

function toRequirementRow({ owner, result, explained, amounts }: WrittenResult): BulkValue[] {
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
  return [
    owner.run.runId,
    owner.at,
    owner.run.engineVersion,
    owner.snapshotHash,
    result.accountId,
    requirement.methodology,
    result.parameterSetId,
    result.baseCurrency,
    amounts.initial,
    amounts.maintenance,
    amount(result, requirement.netOptionValue, 'netOptionValue'),
    amounts.equity,
    amount(result, result.collateralValue, 'collateralValue'),
    amounts.buffer,
    amounts.ratio,
    amount(result, result.excess, 'excess'),
    result.status,
    result.computedStatus,
    isIndeterminate ? null : toNumericOrNull(result.leverage, `leverage of account ${result.accountId}`),
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
  ];
}

function toObservationRow({ owner, result, amounts }: WrittenResult): BulkValue[] {
  return [
    owner.run.runId,
    owner.at,
    result.accountId,
    result.baseCurrency,
    amounts.equity,
    amounts.maintenance,
    amounts.initial,
    amounts.buffer,
    amounts.ratio,
    result.status,
    result.quality,
  ];
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
