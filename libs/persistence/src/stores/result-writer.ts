import { Decimal, type Instant, type Money } from '@ballast/domain';
import type { AccountResult } from '../account-result';
import { toColumns, toNumeric, toNumericOrNull, toTimestamp } from '../row-values';
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

const ratioDecimals = 12;

/** Column name and element type of a bulk insert; `words` is a list of texts packed as JSON. */
const requirementColumns: readonly (readonly [string, string])[] = [
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
];

const observationColumns: readonly (readonly [string, string])[] = [
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

/** Writes results of one run: requirements, buffer history, and the newest buffer of each account. */
export async function insertResults(
  tx: TenantTransaction,
  owner: ResultOwner,
  results: readonly AccountResult[],
): Promise<void> {
  if (results.length === 0) return;
  // In order of the account, so that two runs lock the read model's rows in the same order.
  const sorted = [...results].sort((left, right) => (left.accountId < right.accountId ? -1 : 1));
  await insertRequirements(tx, owner, sorted);
  await insertObservations(tx, owner, sorted);
  await insertHeld(tx, owner, sorted);
}

async function insertRequirements(
  tx: TenantTransaction,
  owner: ResultOwner,
  results: readonly AccountResult[],
): Promise<void> {
  const { names, select, from } = bulk(requirementColumns, 6);
  const columns = toColumns(results.map(toRequirementRow), requirementColumns.length);
  await tx.execute(
    `INSERT INTO requirements (firm_id, run_id, as_of, engine_version, snapshot_hash, ${names})
     SELECT $1::uuid, $2::uuid, $3::timestamptz, $4, $5::bytea, ${select} FROM ${from}`,
    [
      tx.firmId,
      owner.runId,
      toTimestamp(owner.asOf),
      owner.engineVersion,
      Buffer.from(owner.snapshotHash, 'hex'),
      ...columns,
    ],
  );
}

async function insertObservations(
  tx: TenantTransaction,
  owner: ResultOwner,
  results: readonly AccountResult[],
): Promise<void> {
  const { names, select, from } = bulk(observationColumns, 4);
  const columns = toColumns(results.map(toObservationRow), observationColumns.length);
  const parameters = [tx.firmId, owner.runId, toTimestamp(owner.asOf), ...columns];
  const rows = `SELECT $1::uuid, $2::uuid, $3::timestamptz, ${select} FROM ${from}`;
  await tx.execute(`INSERT INTO buffer_observations (firm_id, run_id, at, ${names}) ${rows}`, parameters);
  const updated = ['at', 'run_id', ...observationColumns.slice(1).map(([name]) => name)];
  await tx.execute(
    `INSERT INTO latest_buffers AS l (firm_id, run_id, at, ${names}) ${rows}
     ON CONFLICT ON CONSTRAINT latest_buffers_pk DO UPDATE
     SET known_at = current_instant(), ${updated.map((name) => `${name} = excluded.${name}`).join(', ')}
     WHERE excluded.at >= l.at`,
    parameters,
  );
}

function bulk(columns: readonly (readonly [string, string])[], from: number) {
  const arrays = columns.map(([, type], index) => `$${from + index}::${type === 'words' ? 'json' : type}[]`).join(', ');
  const names = columns.map(([name]) => name).join(', ');
  const select = columns
    .map(([name, type]) => (type === 'words' ? `ARRAY(SELECT json_array_elements_text(r.${name}))` : `r.${name}`))
    .join(', ');
  return { names, select, from: `unnest(${arrays}) AS r (${names})` };
}

function toRequirementRow(result: AccountResult): unknown[] {
  const { requirement } = result;
  const isIndeterminate = result.quality === 'INDETERMINATE';
  return [
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
    json(requirement.model),
    json(requirement.worstScenario),
    json(requirement.scenarios),
    json(requirement.breakdown),
    json(requirement.contributions),
    json(requirement.greeks),
    json(isIndeterminate ? [] : result.equityComponents),
    json(isIndeterminate ? [] : result.collateral),
    Buffer.from(result.parameterHash, 'hex'),
    Buffer.from(result.inputHash, 'hex'),
    Buffer.from(result.resultHash, 'hex'),
  ];
}

function toObservationRow(result: AccountResult): unknown[] {
  return [
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
  return JSON.stringify(value, (key, member: unknown) => {
    if (typeof member === 'number' && !Number.isFinite(member)) {
      throw new PersistenceError('VALUE_REFUSED', `${key}: expected a finite number, got ${member}`);
    }
    return member;
  });
}
