import type { DataQuality, Instant, Methodology, Money } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import type { BufferStatus } from '../buffer-status';
import { Database } from '../database';
import { ParameterImpactEntity } from '../entities/parameter-impact.entity';
import { checkPageSize, KeysetCursors, type Page, type PageRequest } from '../keyset-page';
import { moneyOrNull, toColumns, toNumericOrNull } from '../row-values';
import { isUuid, type TenantScope, type TenantTransaction } from '../tenant';

/** A stored row, with the name people know the account by. */
export interface NamedImpactRow extends ParameterImpactRow {
  readonly accountCode: string;
}

/** Requirement of one account before and after; amounts are null exactly where the quality is INDETERMINATE. */
export interface ParameterImpactRow {
  readonly accountId: string;
  readonly methodology: Methodology;
  readonly currency: string;
  readonly initialBefore: Money | null;
  readonly initialAfter: Money | null;
  readonly maintenanceBefore: Money | null;
  readonly maintenanceAfter: Money | null;
  readonly statusBefore: BufferStatus;
  readonly statusAfter: BufferStatus;
  readonly qualityBefore: DataQuality;
  readonly qualityAfter: DataQuality;
  /** Why the new parameters give no figure; empty otherwise. */
  readonly reasons: readonly string[];
}

/** Sum over the accounts of one methodology and base currency that have figures before and after. */
export interface ParameterImpactTotal {
  readonly methodology: Methodology;
  readonly currency: string;
  readonly accountCount: number;
  /** Accounts whose requirement changes. */
  readonly changedCount: number;
  /** Exact decimals. */
  readonly initialBefore: string;
  readonly initialAfter: string;
  readonly maintenanceBefore: string;
  readonly maintenanceAfter: string;
}

/** What a proposed parameter set would do, without its accounts. */
export interface ParameterImpact {
  readonly parameterSetId: string;
  readonly computedAt: Instant;
  /** Null when there was no market to compute on: then there are no accounts either. */
  readonly snapshotId: string | null;
  readonly asOf: Instant | null;
  readonly positionsAt: Instant | null;
  /** The set in effect before. */
  readonly replacedSetId: string | null;
  readonly accountCount: number;
  readonly totals: readonly ParameterImpactTotal[];
}

export interface NewParameterImpact extends Omit<ParameterImpact, 'parameterSetId' | 'computedAt' | 'accountCount'> {
  /** Largest move first. */
  readonly rows: readonly ParameterImpactRow[];
}

const rowsPerStatement = 5_000;
const columns =
  'account_id, methodology, currency, initial_before, initial_after, maintenance_before, maintenance_after, ' +
  'status_before, status_after, quality_before, quality_after';

interface StoredRow {
  readonly code: string;
  readonly account_id: string;
  readonly ordinal: number;
  readonly methodology: Methodology;
  readonly currency: string;
  readonly initial_before: string | null;
  readonly initial_after: string | null;
  readonly maintenance_before: string | null;
  readonly maintenance_after: string | null;
  readonly status_before: BufferStatus;
  readonly status_after: BufferStatus;
  readonly quality_before: DataQuality;
  readonly quality_after: DataQuality;
  readonly reasons: string[];
}

/** Impact reports of proposed parameter sets: stored once with the proposal, never changed. */
@Injectable()
export class ParameterImpactStore {
  constructor(private readonly database: Database) {}

  async insert(scope: TenantScope, parameterSetId: string, impact: NewParameterImpact): Promise<void> {
    const { snapshotId, asOf, positionsAt, replacedSetId, totals, rows } = impact;
    await this.database.withTenant(scope, async (tx) => {
      const { firmId } = tx;
      const head = { firmId, parameterSetId, snapshotId, asOf, positionsAt, replacedSetId, totals };
      await tx.manager.insert(ParameterImpactEntity, { ...head, accountCount: rows.length });
      for (let start = 0; start < rows.length; start += rowsPerStatement)
        await insertRows(tx, parameterSetId, { rows: rows.slice(start, start + rowsPerStatement), start });
    });
  }

  /** Reports of many sets at once; a set without a report is absent. */
  async findByIds(scope: TenantScope, parameterSetIds: readonly string[]): Promise<Map<string, ParameterImpact>> {
    const known = [...new Set(parameterSetIds.filter(isUuid))];
    if (known.length === 0) return new Map();
    const found = await this.database.withTenant(scope, (tx) =>
      tx.manager
        .createQueryBuilder(ParameterImpactEntity, 'i')
        .where('i.parameter_set_id = ANY (:known::uuid[])', { known })
        .getMany(),
    );
    return new Map(found.map(({ firmId: _, ...impact }) => [impact.parameterSetId, impact as ParameterImpact]));
  }

  /** One page of accounts, largest move first. */
  async findPage(
    scope: TenantScope,
    request: PageRequest & { readonly parameterSetId: string },
  ): Promise<Page<NamedImpactRow>> {
    const { parameterSetId } = request;
    const first = checkPageSize(request.first);
    const cursors = new KeysetCursors({ list: 'parameterImpact', firmId: scope.firmId, parameterSetId });
    const [after] = request.after == null ? [null] : cursors.decode(request.after, [{ pattern: /^\d{1,9}$/ }]);
    if (!isUuid(parameterSetId)) return { items: [], hasNextPage: false };
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<StoredRow>(
        `SELECT a.code, i.* FROM parameter_impact_rows i JOIN accounts a ON a.firm_id = i.firm_id AND a.account_id = i.account_id
         WHERE parameter_set_id = $1 AND ($2::integer IS NULL OR ordinal > $2) ORDER BY ordinal LIMIT ${first + 1}`,
        [parameterSetId, after ?? null],
      ),
    );
    return cursors.toPage(rows, first, (row) => ({ node: toImpactRow(row), key: [String(row.ordinal)] }));
  }

  /** How many rows all pages of `findPage` have. */
  async count(scope: TenantScope, parameterSetId: string): Promise<number> {
    if (!isUuid(parameterSetId)) return 0;
    const sql = 'SELECT count(*)::integer AS count FROM parameter_impact_rows WHERE parameter_set_id = $1';
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, [parameterSetId]));
    return row?.count ?? 0;
  }
}

async function insertRows(
  tx: TenantTransaction,
  parameterSetId: string,
  { rows, start }: { readonly rows: readonly ParameterImpactRow[]; readonly start: number },
): Promise<void> {
  const values = rows.map((row, index) => [
    start + index + 1,
    JSON.stringify(row.reasons),
    row.accountId,
    row.methodology,
    row.currency,
    toNumericOrNull(row.initialBefore?.amount, 'initialBefore'),
    toNumericOrNull(row.initialAfter?.amount, 'initialAfter'),
    toNumericOrNull(row.maintenanceBefore?.amount, 'maintenanceBefore'),
    toNumericOrNull(row.maintenanceAfter?.amount, 'maintenanceAfter'),
    row.statusBefore,
    row.statusAfter,
    row.qualityBefore,
    row.qualityAfter,
  ]);
  const types = 'integer json uuid text text numeric numeric numeric numeric text text text text'.split(' ');
  const arrays = types.map((type, index) => `$${index + 3}::${type}[]`).join(', ');
  await tx.execute(
    `INSERT INTO parameter_impact_rows (firm_id, parameter_set_id, ordinal, reasons, ${columns})
     SELECT $1::uuid, $2::uuid, r.ordinal, ARRAY(SELECT json_array_elements_text(r.reasons)), ${columns}
     FROM unnest(${arrays}) AS r (ordinal, reasons, ${columns})`,
    [tx.firmId, parameterSetId, ...toColumns(values, types.length)],
  );
}

function toImpactRow(row: StoredRow): NamedImpactRow {
  const { currency } = row;
  return {
    accountCode: row.code,
    accountId: row.account_id,
    methodology: row.methodology,
    currency,
    initialBefore: moneyOrNull(row.initial_before, currency),
    initialAfter: moneyOrNull(row.initial_after, currency),
    maintenanceBefore: moneyOrNull(row.maintenance_before, currency),
    maintenanceAfter: moneyOrNull(row.maintenance_after, currency),
    statusBefore: row.status_before,
    statusAfter: row.status_after,
    qualityBefore: row.quality_before,
    qualityAfter: row.quality_after,
    reasons: row.reasons,
  };
}
