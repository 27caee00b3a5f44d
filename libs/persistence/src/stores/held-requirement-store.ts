import type { Instant, Money } from '@ballast/domain';
import type { TrustedRequirement } from '@ballast/margin';
import { Injectable } from '@nestjs/common';
import type { BufferStatus } from '../buffer-status';
import { Database } from '../database';
import {
  decimalOf,
  distinctUuids,
  instantFrom,
  instantOrNull,
  toTimestamp,
  toTimestampOrNull,
  uuidList,
} from '../row-values';
import { announceRelease } from '../run-listener';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';
import type { RequirementHold } from './requirement-hold';
import type { RequirementKey } from './requirement-key';
import { knownBy } from './known-time';

/** The last requirement somebody or good data stands behind, and the positions it was computed on. */
export interface TrustedRecord extends TrustedRequirement {
  readonly positionsAt: Instant;
  readonly knownAt: Instant;
}

interface HoldRow {
  readonly account_id: string;
  readonly as_of: Date;
  readonly run_id: string;
  readonly currency: string;
  readonly released_run_id: string;
  readonly released_as_of: Date;
  readonly released_initial: string;
  readonly released_maintenance: string;
  readonly status_on_release: BufferStatus;
  readonly quality_on_release: 'OK' | 'DEGRADED';
  readonly confirmed_by: string | null;
  readonly confirmed_at: Date | null;
  readonly reason: string | null;
}

/** Held requirements and their append-only confirmations; no requirement is ever rewritten. */
@Injectable()
export class HeldRequirementStore {
  constructor(private readonly database: Database) {}

  /** Holds of many requirements by requirement id, with the confirmations known at `knownAt` (default: now). */
  async findByKeys(
    scope: TenantScope,
    keys: readonly RequirementKey[],
    knownAt?: Instant,
  ): Promise<Map<string, RequirementHold>> {
    return this.database.withTenant(scope, (tx) => findHolds(tx, keys, knownAt));
  }

  /** Holds of a run in order of the account; only those that wait when `open`. */
  async findByRun(scope: TenantScope, runId: string, { open }: { readonly open: boolean }): Promise<RequirementHold[]> {
    if (!isUuid(runId)) return [];
    const waiting = open ? 'AND c.run_id IS NULL' : '';
    const sql = `${holdQuery(1)} WHERE h.run_id = $2 ${waiting} ORDER BY h.account_id`;
    return this.database.withTenant(scope, async (tx) => (await tx.rows<HoldRow>(sql, [null, runId])).map(toHold));
  }

  /**
   * The latest requirement of each account that is OK, or was HELD and confirmed by `knownAt`, at or before `asOf`:
   * what a new requirement is compared with. An account without any is absent.
   */
  async findTrusted(
    scope: TenantScope,
    accountIds: readonly string[],
    at: { readonly asOf: Instant; readonly knownAt: Instant },
  ): Promise<Map<string, TrustedRecord>> {
    const known = distinctUuids(accountIds);
    if (known.length === 0) return new Map();
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<TrustedRow>(
        trustedQuery,
        [uuidList(known), toTimestamp(at.asOf), toTimestamp(at.knownAt)],
        'trusted requirements',
      ),
    );
    return new Map(rows.map((row) => [row.account_id, toTrusted(row)]));
  }

  /** What requirements that were held were compared with, by account, as the holds themselves say it. */
  async findReleased(scope: TenantScope, keys: readonly RequirementKey[]): Promise<Map<string, TrustedRecord>> {
    return this.database.withTenant(scope, async (tx) => {
      const holds = [...(await findHolds(tx, keys)).values()];
      if (holds.length === 0) return new Map<string, TrustedRecord>();
      const rows = await tx.rows<{ run_id: string; positions_at: Date; known_at: Date }>(
        'SELECT run_id, positions_at, known_at FROM margin_runs WHERE run_id = ANY ($1::uuid[])',
        [holds.map(({ released }) => released.runId)],
      );
      const runs = new Map(rows.map((row) => [row.run_id, row]));
      return new Map(
        holds.flatMap(({ accountId, released }) => {
          const run = runs.get(released.runId);
          if (run === undefined) return [];
          const moments = { positionsAt: instantFrom(run.positions_at), knownAt: instantFrom(run.known_at) };
          return [[accountId, { ...released, ...moments }] as const];
        }),
      );
    });
  }

  /**
   * Records that a person confirms held requirements of a run; those confirmed before stay as they are. The list of
   * newest buffers follows where the run is still the newest, and listeners to runs are told. What one call confirms
   * carries one instant.
   *
   * @param input.accountIds  only these accounts; all held ones of the run when absent
   * @returns the holds confirmed by this call
   */
  async confirm(
    scope: TenantScope,
    input: {
      readonly runId: string;
      readonly accountIds?: readonly string[] | undefined;
      readonly confirmedBy: string;
      readonly reason: string;
    },
  ): Promise<RequirementHold[]> {
    const { runId, accountIds, confirmedBy, reason } = input;
    if (!isUuid(runId)) return [];
    return this.database.withTenant(scope, async (tx) => {
      const confirmed = await tx.rows<{ account_id: string; as_of: Date; run_id: string }>(
        `INSERT INTO requirement_releases (firm_id, account_id, as_of, run_id, confirmed_by, reason, confirmed_at)
         SELECT firm_id, account_id, as_of, run_id, $2, $3, (SELECT known_instant()) FROM held_requirements h
         WHERE run_id = $1 AND ($4::uuid[] IS NULL OR account_id = ANY ($4)) ORDER BY account_id
         ON CONFLICT ON CONSTRAINT requirement_releases_pk DO NOTHING RETURNING account_id, as_of, run_id`,
        [runId, confirmedBy, reason, accountIds ?? null],
      );
      const keys = confirmed.map((row) => {
        return { accountId: row.account_id, asOf: instantFrom(row.as_of), runId: row.run_id };
      });
      await tx.execute(
        `UPDATE latest_buffers l SET status = h.status_on_release, quality = h.quality_on_release
         FROM held_requirements h WHERE h.run_id = $1 AND h.account_id = ANY ($2::uuid[])
           AND l.firm_id = h.firm_id AND l.account_id = h.account_id AND l.run_id = h.run_id`,
        [runId, keys.map(({ accountId }) => accountId)],
      );
      const holds = [...(await findHolds(tx, keys)).values()];
      const releasedAt = holds[0]?.confirmation?.confirmedAt;
      if (releasedAt !== undefined) await announceRelease(tx, { runId, releasedAt });
      return holds;
    });
  }
}

/** Reads holds inside an open transaction, by requirement id. */
export async function findHolds(
  tx: TenantTransaction,
  keys: readonly RequirementKey[],
  knownAt?: Instant,
): Promise<Map<string, RequirementHold>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.rows<HoldRow>(
    `${holdQuery(1)}
     JOIN unnest($2::uuid[], $3::timestamptz[], $4::uuid[]) AS wanted (account_id, as_of, run_id)
       ON h.account_id = wanted.account_id AND h.as_of = wanted.as_of AND h.run_id = wanted.run_id
     ORDER BY h.account_id`,
    [
      toTimestampOrNull(knownAt),
      keys.map((key) => key.accountId),
      keys.map((key) => toTimestamp(key.asOf)),
      keys.map((key) => key.runId),
    ],
  );
  return new Map(rows.map((row) => [`${row.run_id}.${row.account_id}`, toHold(row)]));
}

function holdQuery(knownAt: number): string {
  return `
    SELECT h.account_id, h.as_of, h.run_id, a.base_currency AS currency, h.released_run_id, h.released_as_of,
      h.released_initial, h.released_maintenance, h.status_on_release, h.quality_on_release,
      c.confirmed_by, c.confirmed_at, c.reason
    FROM held_requirements h JOIN accounts a ON a.firm_id = h.firm_id AND a.account_id = h.account_id
    LEFT JOIN requirement_releases c ON c.firm_id = h.firm_id AND c.account_id = h.account_id AND c.as_of = h.as_of
      AND c.run_id = h.run_id AND ${knownBy('c.confirmed_at', `$${knownAt}`)}`;
}

function toHold(row: HoldRow): RequirementHold {
  const money = (text: string): Money => ({ amount: decimalOf(text), currency: row.currency });
  const confirmedAt = instantOrNull(row.confirmed_at);
  return {
    accountId: row.account_id,
    asOf: instantFrom(row.as_of),
    runId: row.run_id,
    released: {
      asOf: instantFrom(row.released_as_of),
      runId: row.released_run_id,
      initial: money(row.released_initial),
      maintenance: money(row.released_maintenance),
    },
    statusOnRelease: row.status_on_release,
    qualityOnRelease: row.quality_on_release,
    confirmation:
      confirmedAt === null ? null : { confirmedBy: row.confirmed_by ?? '', confirmedAt, reason: row.reason ?? '' },
  };
}

interface TrustedRow {
  readonly account_id: string;
  readonly run_id: string;
  readonly as_of: Date;
  readonly positions_at: Date;
  readonly known_at: Date;
  readonly currency: string;
  readonly initial_requirement: string;
  readonly maintenance_requirement: string;
}

// The accounts' requirements first, then their runs: the planner would look at every account once per run of the firm.
const trustedQuery = `
  WITH t AS MATERIALIZED (SELECT latest.* FROM unnest($1::uuid[]) AS wanted (account_id) CROSS JOIN LATERAL (
    SELECT r.firm_id, r.account_id, r.run_id, r.as_of, r.currency, r.initial_requirement, r.maintenance_requirement
    FROM requirements r
    WHERE r.account_id = wanted.account_id AND r.as_of <= $2::timestamptz AND ${knownBy('r.known_at', '$3')}
      AND (r.quality = 'OK' OR (r.quality = 'HELD' AND EXISTS (
        SELECT FROM requirement_releases c WHERE c.firm_id = r.firm_id AND c.account_id = r.account_id
          AND c.as_of = r.as_of AND c.run_id = r.run_id AND ${knownBy('c.confirmed_at', '$3')})))
    ORDER BY r.as_of DESC, r.known_at DESC, r.run_id DESC LIMIT 1) AS latest)
  SELECT t.*, m.positions_at, m.known_at FROM t JOIN margin_runs m ON m.firm_id = t.firm_id AND m.run_id = t.run_id`;

function toTrusted(row: TrustedRow): TrustedRecord {
  return {
    runId: row.run_id,
    asOf: instantFrom(row.as_of),
    positionsAt: instantFrom(row.positions_at),
    knownAt: instantFrom(row.known_at),
    initial: { amount: decimalOf(row.initial_requirement), currency: row.currency },
    maintenance: { amount: decimalOf(row.maintenance_requirement), currency: row.currency },
  };
}
