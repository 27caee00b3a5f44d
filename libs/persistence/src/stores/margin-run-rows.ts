import type { Instant, Methodology } from '@ballast/domain';
import { MarginRunEntity, MarginRunParameterSetEntity } from '../entities/margin-run.entity';
import type { TenantTransaction } from '../tenant';

/** One margin run of a firm. */
export interface MarginRun {
  readonly id: string;
  readonly asOf: Instant;
  readonly snapshotId: string;
  /** Positions and balances are those held at this time: now for a live run, `asOf` for one in the past. */
  readonly positionsAt: Instant;
  /** … as they were known then. */
  readonly knownAt: Instant;
  /** PARTIAL: some accounts have no result, and the reason names them. */
  readonly state: 'RUNNING' | 'COMPLETED' | 'PARTIAL' | 'FAILED';
  readonly engineVersion: string;
  readonly requestedBy: string;
  readonly idempotencyKey: string | null;
  readonly accountCount: number;
  readonly accountsDone: number;
  /** Accounts for which no figure could be given. */
  readonly accountsIndeterminate: number;
  /** Accounts whose figures rest on a fallback. */
  readonly accountsDegraded: number;
  /** Accounts whose figures waited for a person when the run ended. */
  readonly accountsHeld: number;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  /** SHA-256 over the results of all accounts that have one; null while RUNNING and when FAILED. */
  readonly resultHash: string | null;
  readonly failureReason: string | null;
  /** Shards the run was cut into; null for a run whose results are committed in one transaction. */
  readonly shardCount: number | null;
  readonly parameterSets: readonly RunParameterSet[];
}

export interface RunParameterSet {
  readonly methodology: Methodology;
  readonly parameterSetId: string;
  readonly hash: string;
}

export interface NewMarginRun {
  readonly id?: string;
  readonly asOf: Instant;
  readonly snapshotId: string;
  readonly positionsAt: Instant;
  readonly knownAt: Instant;
  readonly engineVersion: string;
  readonly requestedBy: string;
  readonly idempotencyKey?: string;
  readonly accountCount: number;
  /** Whether only some accounts of the firm are evaluated; false when absent. */
  readonly isPart?: boolean;
  readonly shardCount?: number;
  readonly parameterSets: readonly RunParameterSet[];
}

/** Writes an open run and the parameter sets it uses. */
export async function insertRun(tx: TenantTransaction, runId: string, input: NewMarginRun): Promise<void> {
  const { asOf, snapshotId, positionsAt, knownAt, engineVersion, requestedBy, accountCount } = input;
  const { idempotencyKey = null, shardCount = null, isPart } = input;
  const { firmId } = tx;
  await tx.manager.insert(MarginRunEntity, {
    firmId,
    runId,
    asOf,
    snapshotId,
    positionsAt,
    knownAt,
    state: 'RUNNING',
    engineVersion,
    requestedBy,
    accountCount,
    isPart: isPart === true ? true : null,
    idempotencyKey,
    shardCount,
    accountsDone: 0,
    accountsIndeterminate: 0,
    accountsDegraded: 0,
    accountsHeld: 0,
  });
  const sets = input.parameterSets.map(({ methodology, parameterSetId, hash }) => {
    return { firmId, runId, methodology, parameterSetId, contentHash: hash };
  });
  if (sets.length > 0) await tx.manager.insert(MarginRunParameterSetEntity, sets);
}

/** Gives a run up, unless it has ended. @returns 1 when it was open, else 0 */
export async function markFailed(tx: TenantTransaction, runId: string, reason: string): Promise<number> {
  return tx.execute(
    `UPDATE margin_runs SET state = 'FAILED', failure_reason = $2, finished_at = current_instant()
     WHERE run_id = $1 AND state = 'RUNNING'`,
    [runId, reason.slice(0, 1_000)],
  );
}

/** Reads runs by identifier; one that is still worked on in shards shows how far those are. */
export async function readRuns(tx: TenantTransaction, ids: readonly string[]): Promise<Map<string, MarginRun>> {
  const rows = await tx.manager
    .createQueryBuilder(MarginRunEntity, 'r')
    .where('r.run_id = ANY (:ids::uuid[])', { ids })
    .getMany();
  const sets = await tx.manager
    .createQueryBuilder(MarginRunParameterSetEntity, 'p')
    .where('p.run_id = ANY (:ids::uuid[])', { ids })
    .orderBy('p.methodology')
    .getMany();
  const setsByRun = new Map<string, RunParameterSet[]>(ids.map((id) => [id, []]));
  for (const { runId, methodology, parameterSetId, contentHash } of sets) {
    setsByRun.get(runId)?.push({ methodology, parameterSetId, hash: contentHash });
  }
  const progress = await readProgress(tx, rows);
  return new Map(
    rows.map((row) => [row.runId, { ...toRun(row, setsByRun.get(row.runId) ?? []), ...progress.get(row.runId) }]),
  );
}

type RunCounts = Pick<MarginRun, 'accountsDone' | 'accountsIndeterminate' | 'accountsDegraded' | 'accountsHeld'>;

/** What the ended shards of open runs add up to; their run's own row is written once, when it closes. */
async function readProgress(
  tx: TenantTransaction,
  rows: readonly MarginRunEntity[],
): Promise<ReadonlyMap<string, RunCounts>> {
  const open = rows.filter(({ state, shardCount }) => state === 'RUNNING' && shardCount !== null);
  if (open.length === 0) return new Map();
  const sums = await tx.rows<{ run_id: string } & ShardSums>(
    `SELECT run_id, ${shardSums} FROM margin_run_shard_ends WHERE run_id = ANY ($1::uuid[]) GROUP BY run_id`,
    [open.map(({ runId }) => runId)],
  );
  return new Map(
    sums.map(({ run_id, done, indeterminate, degraded, held }) => [
      run_id,
      {
        accountsDone: done,
        accountsIndeterminate: indeterminate,
        accountsDegraded: degraded,
        accountsHeld: held,
      },
    ]),
  );
}

/** Counts over the ends of shards. */
export interface ShardSums {
  readonly done: number;
  readonly indeterminate: number;
  readonly degraded: number;
  readonly held: number;
}

/** Columns of `ShardSums`. */
export const shardSums = `coalesce(sum(accounts_done), 0)::integer AS done,
  coalesce(sum(accounts_indeterminate), 0)::integer AS indeterminate,
  coalesce(sum(accounts_degraded), 0)::integer AS degraded, coalesce(sum(accounts_held), 0)::integer AS held`;

function toRun(row: MarginRunEntity, parameterSets: readonly RunParameterSet[]): MarginRun {
  const { runId, asOf, snapshotId, positionsAt, knownAt, state, engineVersion, requestedBy, accountCount } = row;
  const { idempotencyKey, accountsDone, accountsIndeterminate, accountsDegraded, accountsHeld } = row;
  const { startedAt, finishedAt, resultHash, failureReason, shardCount } = row;
  return {
    id: runId,
    asOf,
    snapshotId,
    positionsAt,
    knownAt,
    state,
    engineVersion,
    requestedBy,
    idempotencyKey,
    accountCount,
    accountsDone,
    accountsIndeterminate,
    accountsDegraded,
    accountsHeld,
    startedAt,
    finishedAt,
    resultHash,
    failureReason,
    shardCount,
    parameterSets,
  };
}
