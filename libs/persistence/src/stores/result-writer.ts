import { Decimal, type Instant, type Money } from '@ballast/domain';
import type { AccountResult } from '../account-result';
import { bulkParameters, bulkSource, type BulkColumns, type BulkValue } from '../bulk-insert';
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

/** Writes results of runs, oldest first: requirements, buffer history, and the newest buffer of each account. */
export async function insertResults(tx: TenantTransaction, runs: readonly RunResults[]): Promise<void> {
  if (runs.every(({ results }) => results.length === 0)) return;
  // In order of the account, so that two runs lock the read model's rows in the same order.
  const sorted = runs.map(({ owner, results, explained = true }) => ({
    owner,
    explained,
    results: [...results].sort((left, right) => (left.accountId < right.accountId ? -1 : 1)),
  }));
  await insertRequirements(tx, sorted);
  await insertObservations(tx, sorted);
  await updateLatest(tx, sorted);
  for (const { owner, results } of sorted) await insertHeld(tx, owner, results);
}

async function insertRequirements(tx: TenantTransaction, runs: readonly RunResults[]): Promise<void> {
  const { names, select, from } = bulkSource(requirementColumns, 2);
  const rows = runs.flatMap(({ owner, results, explained = true }) =>
    results.map((result) => toRequirementRow(owner, result, explained)),
  );
  await tx.execute(`INSERT INTO requirements (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}`, [
    tx.firmId,
    ...bulkParameters(requirementColumns, rows),
  ]);
}

async function insertObservations(tx: TenantTransaction, runs: readonly RunResults[]): Promise<void> {
  const { names, select, from } = bulkSource(observationColumns, 2);
  const rows = runs.flatMap(({ owner, results }) => results.map((result) => toObservationRow(owner, result)));
  await tx.execute(`INSERT INTO buffer_observations (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}`, [
    tx.firmId,
    ...bulkParameters(observationColumns, rows),
  ]);
}

/** One row per account: that of its newest run here, unless a newer one is known already. */
async function updateLatest(tx: TenantTransaction, runs: readonly RunResults[]): Promise<void> {
  const newest = new Map<string, { readonly at: Instant; readonly row: BulkValue[] }>();
  for (const { owner, results } of runs) {
    for (const result of results) {
      const known = newest.get(result.accountId);
      if (known !== undefined && known.at > owner.asOf) continue;
      newest.set(result.accountId, { at: owner.asOf, row: toObservationRow(owner, result) });
    }
  }
  const rows = [...newest].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, { row }]) => row);
  const { names, select, from } = bulkSource(observationColumns, 2);
  const updated = observationColumns.map(([name]) => name).filter((name) => name !== 'account_id');
  await tx.execute(
    `INSERT INTO latest_buffers AS l (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}
     ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
     SET known_at = current_instant(), ${updated.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE excluded.at >= l.at`,
    [tx.firmId, ...bulkParameters(observationColumns, rows)],
  );
}

function toRequirementRow(owner: ResultOwner, result: AccountResult, explained: boolean): BulkValue[] {
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
    owner.runId,
    toTimestamp(owner.asOf),
    owner.engineVersion,
    Buffer.from(owner.snapshotHash, 'hex'),
    result.accountId,
    requirement.methodology,
    result.parameterSetId,
    result.baseCurrency,
    amount(result, requirement.initialRequirement, 'initialRequirement'),
    amount(result, requirement.maintenanceRequirement, 'maintenanceRequirement'),
    amount(result, requirement.netOptionValue, 'netOptionValue'),
    amount(result, result.equity, 'equity'),
    amount(result, result.collateralValue, 'collateralValue'),
    amount(result, result.buffer, 'buffer'),
    ratio(result),
    amount(result, result.excess, 'excess'),
    result.status,
    result.computedStatus,
    isIndeterminate ? null : toNumericOrNull(result.leverage, `leverage of account ${result.accountId}`),
    result.quality,
    JSON.stringify(result.qualityReasons),
    JSON.stringify(requirement.warnings),
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

function toObservationRow(owner: ResultOwner, result: AccountResult): BulkValue[] {
  return [
    owner.runId,
    toTimestamp(owner.asOf),
    result.accountId,
    result.baseCurrency,
    amount(result, result.equity, 'equity'),
    amount(result, result.requirement.maintenanceRequirement, 'maintenance'),
    amount(result, result.requirement.initialRequirement, 'initial'),
    amount(result, result.buffer, 'buffer'),
    ratio(result),
    result.status,
    result.quality,
  ];
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
