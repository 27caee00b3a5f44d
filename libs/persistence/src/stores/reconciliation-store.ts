import type { BreakCause, BreakKind, StatementBreak } from '@ballast/buffer';
import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { checkPageSize, KeysetCursors, type Page, type PageRequest } from '../keyset-page';
import { newId } from '../new-id';
import { decimalOrNull, instantFrom, toColumns, toNumericOrNull, toTimestamp } from '../row-values';
import { isUuid, type TenantScope } from '../tenant';

/** One comparison of a run with a statement. */
export interface Reconciliation {
  readonly id: string;
  readonly runId: string;
  readonly runAsOf: Instant;
  /** Name of the file, without its folder. */
  readonly statementName: string;
  /** SHA-256 of its bytes, 64 hexadecimal digits. */
  readonly statementSha256: string;
  readonly statementFormat: 'csv' | 'activity-xml';
  /** Day for which the statement was made; null when it does not say. */
  readonly statementDate: string | null;
  readonly coversFirm: boolean;
  /** As the caller chose them: plain JSON. */
  readonly tolerances: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
  readonly accountCount: number;
  readonly matchedCount: number;
  readonly breakCount: number;
  readonly engineVersion: string;
  readonly startedBy: string;
  readonly startedAt: Instant;
  /** Breaks that nobody has settled. */
  readonly openBreakCount: number;
}

export interface NewReconciliation extends Omit<Reconciliation, 'id' | 'startedAt' | 'openBreakCount' | 'breakCount'> {
  /** SHA-256 over everything that decides the outcome. */
  readonly requestHash: string;
  readonly breaks: readonly FoundBreak[];
}

/** A break of an account with its cause. */
export interface FoundBreak extends StatementBreak {
  /** Null for a code the firm does not have. */
  readonly accountId: string | null;
  readonly accountCode: string;
  readonly cause: BreakCause;
}

export const resolutionActions = ['PROPOSE', 'CONFIRM', 'REJECT'] as const;
export type ResolutionAction = (typeof resolutionActions)[number];
export type BreakState = 'OPEN' | 'PROPOSED' | 'RESOLVED';

/** One step on the way to settle a break. */
export interface BreakResolution {
  readonly action: ResolutionAction;
  readonly note: string;
  readonly recordedBy: string;
  readonly recordedAt: Instant;
}

/** A break as it stands now. */
export interface StoredBreak extends FoundBreak {
  /** `<reconciliation>.<ordinal>` */
  readonly id: string;
  readonly reconciliationId: string;
  readonly ordinal: number;
  readonly state: BreakState;
  /** Oldest first. */
  readonly resolutions: readonly BreakResolution[];
}

interface HeadRow {
  readonly reconciliation_id: string;
  readonly run_id: string;
  readonly run_as_of: Date;
  readonly statement_name: string;
  readonly statement_sha256: Buffer;
  readonly statement_format: 'csv' | 'activity-xml';
  readonly statement_date: string | null;
  readonly covers_firm: boolean;
  readonly tolerances: Record<string, unknown>;
  readonly warnings: string[];
  readonly account_count: number;
  readonly matched_count: number;
  readonly break_count: number;
  readonly open_count: number;
  readonly engine_version: string;
  readonly started_by: string;
  readonly known_at: Date;
}

interface BreakRow {
  readonly reconciliation_id: string;
  readonly ordinal: number;
  readonly account_id: string | null;
  readonly account_code: string;
  readonly kind: BreakKind;
  readonly item: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly difference: string | null;
  readonly currency: string | null;
  readonly cause: BreakCause;
  readonly steps: { action: ResolutionAction; note: string; recordedBy: string; recordedAt: string }[] | null;
}

const rowsPerStatement = 2_000;
const lastAction = `(SELECT s.action FROM break_resolutions s WHERE s.firm_id = b.firm_id
  AND s.reconciliation_id = b.reconciliation_id AND s.ordinal = b.ordinal ORDER BY s.step DESC LIMIT 1)`;
const headQuery = `SELECT r.*, (SELECT count(*)::integer FROM reconciliation_breaks b WHERE b.firm_id = r.firm_id
  AND b.reconciliation_id = r.reconciliation_id AND ${lastAction} IS DISTINCT FROM 'CONFIRM') AS open_count FROM reconciliations r`;
const breakQuery = `SELECT b.*, (SELECT json_agg(json_build_object('action', s.action, 'note', s.note, 'recordedBy', s.recorded_by,
    'recordedAt', (extract(epoch FROM s.known_at) * 1000)::bigint::text) ORDER BY s.step) FROM break_resolutions s
    WHERE s.firm_id = b.firm_id AND s.reconciliation_id = b.reconciliation_id AND s.ordinal = b.ordinal) AS steps
  FROM reconciliation_breaks b`;

/** Reconciliations, their breaks and how these were settled; append-only. */
@Injectable()
export class ReconciliationStore {
  constructor(private readonly database: Database) {}

  async insert(scope: TenantScope, reconciliation: NewReconciliation): Promise<string> {
    const id = newId();
    const { breaks } = reconciliation;
    await this.database.withTenant(scope, async (tx) => {
      await tx.execute(
        `INSERT INTO reconciliations (firm_id, reconciliation_id, run_id, run_as_of, request_hash, statement_name,
           statement_sha256, statement_format, statement_date, covers_firm, tolerances, warnings, account_count,
           matched_count, break_count, engine_version, started_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
        [
          tx.firmId,
          id,
          reconciliation.runId,
          toTimestamp(reconciliation.runAsOf),
          Buffer.from(reconciliation.requestHash, 'hex'),
          reconciliation.statementName,
          Buffer.from(reconciliation.statementSha256, 'hex'),
          reconciliation.statementFormat,
          reconciliation.statementDate,
          reconciliation.coversFirm,
          JSON.stringify(reconciliation.tolerances),
          reconciliation.warnings,
          reconciliation.accountCount,
          reconciliation.matchedCount,
          breaks.length,
          reconciliation.engineVersion,
          reconciliation.startedBy,
        ],
      );
      for (let start = 0; start < breaks.length; start += rowsPerStatement) {
        const values = breaks
          .slice(start, start + rowsPerStatement)
          .map((found, index) => [
            start + index + 1,
            found.accountId,
            found.accountCode,
            found.kind,
            found.item,
            toNumericOrNull(found.ours, 'ours'),
            toNumericOrNull(found.theirs, 'theirs'),
            toNumericOrNull(found.difference, 'difference'),
            found.currency,
            JSON.stringify(found.cause),
          ]);
        const types = 'integer uuid text text text numeric numeric numeric text json'.split(' ');
        const arrays = types.map((type, index) => `$${index + 3}::${type}[]`).join(', ');
        const columns = 'ordinal, account_id, account_code, kind, item, ours, theirs, difference, currency, cause';
        await tx.execute(
          `INSERT INTO reconciliation_breaks (firm_id, reconciliation_id, ${columns})
           SELECT $1::uuid, $2::uuid, ${columns} FROM unnest(${arrays}) AS r (${columns})`,
          [tx.firmId, id, ...toColumns(values, types.length)],
        );
      }
    });
    return id;
  }

  async findById(scope: TenantScope, id: string): Promise<Reconciliation | null> {
    if (!isUuid(id)) return null;
    return this.findOne(scope, 'r.reconciliation_id = $1', id);
  }

  /** The reconciliation of the same request, done before; null when there is none. */
  async findByRequest(scope: TenantScope, requestHash: string): Promise<Reconciliation | null> {
    return this.findOne(scope, `r.request_hash = decode($1, 'hex')`, requestHash);
  }

  /** One page of breaks in order; only those not settled when `open`. */
  async findBreaks(
    scope: TenantScope,
    request: PageRequest & { readonly reconciliationId: string; readonly open: boolean },
  ): Promise<Page<StoredBreak>> {
    const { reconciliationId, open } = request;
    const first = checkPageSize(request.first);
    const cursors = new KeysetCursors({ list: 'reconciliationBreaks', firmId: scope.firmId, reconciliationId, open });
    const [after] = request.after == null ? [null] : cursors.decode(request.after, [{ pattern: /^\d{1,9}$/ }]);
    if (!isUuid(reconciliationId)) return { items: [], hasNextPage: false };
    const waiting = open ? `AND ${lastAction} IS DISTINCT FROM 'CONFIRM'` : '';
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<BreakRow>(
        `${breakQuery} WHERE b.reconciliation_id = $1 AND ($2::integer IS NULL OR b.ordinal > $2) ${waiting}
         ORDER BY b.ordinal LIMIT ${first + 1}`,
        [reconciliationId, after ?? null],
      ),
    );
    return cursors.toPage(rows, first, (row) => ({ node: toBreak(row), key: [String(row.ordinal)] }));
  }

  /** Breaks by ordinal, locked until the transaction ends so that two people do not settle one at once. */
  async lockBreaks(
    scope: TenantScope,
    reconciliationId: string,
    ordinals: readonly number[] | null,
  ): Promise<StoredBreak[]> {
    return this.database.withTenant(scope, async (tx) => {
      await tx.rows('SELECT pg_advisory_xact_lock(hashtextextended($1, 11))', [`${tx.firmId} ${reconciliationId}`]);
      const rows = await tx.rows<BreakRow>(
        `${breakQuery} WHERE b.reconciliation_id = $1 AND ($2::integer[] IS NULL OR b.ordinal = ANY ($2)) ORDER BY b.ordinal`,
        [reconciliationId, ordinals],
      );
      return rows.map(toBreak);
    });
  }

  /** Adds one step to each break. */
  async addResolution(
    scope: TenantScope,
    step: {
      readonly reconciliationId: string;
      readonly ordinals: readonly number[];
      readonly action: ResolutionAction;
      readonly note: string;
      readonly recordedBy: string;
    },
  ): Promise<void> {
    await this.database.withTenant(scope, (tx) =>
      tx.execute(
        `INSERT INTO break_resolutions (firm_id, reconciliation_id, ordinal, step, account_id, action, note, recorded_by)
         SELECT b.firm_id, b.reconciliation_id, b.ordinal, 1 + (SELECT count(*) FROM break_resolutions s WHERE s.firm_id = b.firm_id
           AND s.reconciliation_id = b.reconciliation_id AND s.ordinal = b.ordinal), b.account_id, $3, $4, $5
         FROM reconciliation_breaks b WHERE b.reconciliation_id = $1 AND b.ordinal = ANY ($2::integer[]) ORDER BY b.ordinal`,
        [step.reconciliationId, step.ordinals, step.action, step.note, step.recordedBy],
      ),
    );
  }

  private async findOne(scope: TenantScope, condition: string, value: string): Promise<Reconciliation | null> {
    const [row] = await this.database.withTenant(scope, (tx) =>
      tx.rows<HeadRow>(`${headQuery} WHERE ${condition}`, [value]),
    );
    return row === undefined ? null : toReconciliation(row);
  }
}

function toReconciliation(row: HeadRow): Reconciliation {
  return {
    id: row.reconciliation_id,
    runId: row.run_id,
    runAsOf: instantFrom(row.run_as_of),
    statementName: row.statement_name,
    statementSha256: row.statement_sha256.toString('hex'),
    statementFormat: row.statement_format,
    statementDate: row.statement_date,
    coversFirm: row.covers_firm,
    tolerances: row.tolerances,
    warnings: row.warnings,
    accountCount: row.account_count,
    matchedCount: row.matched_count,
    breakCount: row.break_count,
    engineVersion: row.engine_version,
    startedBy: row.started_by,
    startedAt: instantFrom(row.known_at),
    openBreakCount: row.open_count,
  };
}

function toBreak(row: BreakRow): StoredBreak {
  const resolutions = (row.steps ?? []).map(({ recordedAt, ...step }) => {
    return { ...step, recordedAt: instantFrom(new Date(Number(recordedAt))) };
  });
  const last = resolutions.at(-1)?.action;
  return {
    id: `${row.reconciliation_id}.${row.ordinal}`,
    reconciliationId: row.reconciliation_id,
    ordinal: row.ordinal,
    accountId: row.account_id,
    accountCode: row.account_code,
    kind: row.kind,
    item: row.item,
    ours: decimalOrNull(row.ours),
    theirs: decimalOrNull(row.theirs),
    difference: decimalOrNull(row.difference),
    currency: row.currency,
    cause: row.cause,
    state: last === 'CONFIRM' ? 'RESOLVED' : last === 'PROPOSE' ? 'PROPOSED' : 'OPEN',
    resolutions,
  };
}
