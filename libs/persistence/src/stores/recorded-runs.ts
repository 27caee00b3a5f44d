import type { AccountResult } from '../account-result';
import { bulkParameters, bulkSource, type BulkColumns } from '../bulk-insert';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { toTimestamp } from '../row-values';
import type { TenantTransaction } from '../tenant';
import type { NewMarginRun } from './margin-run-rows';
import { countResults } from './result-counts';
import { insertResults } from './result-writer';

/** A run whose results are at hand. */
export interface RecordedRun {
  readonly run: NewMarginRun;
  readonly results: readonly AccountResult[];
  /** SHA-256 over the results of all accounts. */
  readonly resultHash: string;
  /** Whether the explanations are stored beside the figures, or recomputed when somebody asks; yes when absent. */
  readonly explained?: boolean;
}

const runColumns: BulkColumns = [
  ['run_id', 'uuid'],
  ['as_of', 'timestamptz'],
  ['snapshot_id', 'uuid'],
  ['positions_at', 'timestamptz'],
  ['known_at', 'timestamptz'],
  ['state', 'text'],
  ['engine_version', 'text'],
  ['requested_by', 'text'],
  ['idempotency_key', 'text'],
  ['account_count', 'integer'],
  ['accounts_done', 'integer'],
  ['accounts_indeterminate', 'integer'],
  ['accounts_degraded', 'integer'],
  ['accounts_held', 'integer'],
  ['result_hash', 'bytea'],
];

const parameterSetColumns: BulkColumns = [
  ['run_id', 'uuid'],
  ['methodology', 'text'],
  ['parameter_set_id', 'uuid'],
  ['content_hash', 'bytea'],
];

/** Writes runs as COMPLETED together with all their results. */
export async function insertRecordedRuns(tx: TenantTransaction, recorded: readonly RecordedRun[]): Promise<void> {
  if (recorded.length === 0) return;
  const runs = recorded.map((one) => ({ ...one, runId: one.run.id ?? newId() }));
  for (const { run, results } of runs) requireAllAccounts(run, results);
  const snapshotHashes = await readSnapshotHashes(
    tx,
    runs.map(({ run }) => run.snapshotId),
  );
  await insertRuns(tx, runs);
  await insertParameterSets(tx, runs);
  await insertResults(
    tx,
    runs.map(({ runId, run: { asOf, engineVersion, snapshotId }, results, explained = true }) => ({
      owner: { runId, asOf, engineVersion, snapshotHash: snapshotHashes.get(snapshotId) as string },
      results,
      explained,
    })),
  );
}

type IdentifiedRun = RecordedRun & { readonly runId: string };

function requireAllAccounts({ accountCount }: NewMarginRun, results: readonly AccountResult[]): void {
  if (results.length === accountCount) return;
  const message = `the run covers ${accountCount} accounts, but ${results.length} results were written`;
  throw new PersistenceError('VALUE_REFUSED', message);
}

async function readSnapshotHashes(tx: TenantTransaction, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await tx.rows<{ id: string; hash: string }>(
    `SELECT snapshot_id AS id, encode(content_hash, 'hex') AS hash FROM market_snapshots WHERE snapshot_id = ANY ($1::uuid[])`,
    [ids],
  );
  const hashes = new Map(rows.map(({ id, hash }) => [id, hash]));
  const unknown = ids.find((id) => !hashes.has(id));
  if (unknown !== undefined) throw new PersistenceError('REFERENCE_MISSING', `snapshot ${unknown} does not exist`);
  return hashes;
}

async function insertRuns(tx: TenantTransaction, runs: readonly IdentifiedRun[]): Promise<void> {
  const { names, select, from } = bulkSource(runColumns, 2);
  const rows = runs.map(({ runId, run, results, resultHash }) => {
    const counts = countResults(results);
    return [
      runId,
      toTimestamp(run.asOf),
      run.snapshotId,
      toTimestamp(run.positionsAt),
      toTimestamp(run.knownAt),
      'COMPLETED',
      run.engineVersion,
      run.requestedBy,
      run.idempotencyKey ?? null,
      run.accountCount,
      counts.done,
      counts.indeterminate,
      counts.degraded,
      counts.held,
      Buffer.from(resultHash, 'hex'),
    ];
  });
  await tx.execute(
    `INSERT INTO margin_runs (firm_id, finished_at, ${names}) SELECT $1::uuid, current_instant(), ${select} FROM ${from}`,
    [tx.firmId, ...bulkParameters(runColumns, rows)],
  );
}

async function insertParameterSets(tx: TenantTransaction, runs: readonly IdentifiedRun[]): Promise<void> {
  const { names, select, from } = bulkSource(parameterSetColumns, 2);
  const rows = runs.flatMap(({ runId, run }) =>
    run.parameterSets.map(({ methodology, parameterSetId, hash }) => [
      runId,
      methodology,
      parameterSetId,
      Buffer.from(hash, 'hex'),
    ]),
  );
  await tx.execute(
    `INSERT INTO margin_run_parameter_sets (firm_id, ${names}) SELECT $1::uuid, ${select} FROM ${from}`,
    [tx.firmId, ...bulkParameters(parameterSetColumns, rows)],
  );
}
