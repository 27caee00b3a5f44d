import type { Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import {
  type ExportBound,
  exportBounds,
  type ExportListDefinition,
  type ExportListName,
  exportLists,
} from '../export-lists';
import { toTimestamp } from '../row-values';
import type { TenantScope } from '../tenant';

/** Which rows of a list are meant. */
export interface ExportSelection {
  readonly runId?: string;
  readonly snapshotId?: string;
  readonly reconciliationId?: string;
  readonly accountId?: string;
  /** Moment at which positions, balances and collateral are held. */
  readonly validAt?: Instant;
  /** … and by which that was known. */
  readonly knownAt?: Instant;
  /** Inclusive. */
  readonly from?: Instant;
  /** Exclusive. */
  readonly to?: Instant;
}

/** A stretch of a list: a text or null per column, and the key after which the next stretch begins. */
export interface ExportPage {
  readonly rows: readonly (readonly (string | null)[])[];
  /** Key of the last row; null when there was none. */
  readonly last: readonly string[] | null;
  readonly isLast: boolean;
}

/** Reads lists of any length stretch by stretch: each in a transaction of its own, so that a slow reader holds nothing open. */
@Injectable()
export class ExportStore {
  constructor(private readonly database: Database) {}

  /**
   * @param page.after  key of the last row that was read, as an earlier page told it
   * @param page.first  rows wanted, ≥ 1
   */
  async readPage(
    scope: TenantScope,
    list: ExportListName,
    selection: ExportSelection,
    page: { readonly first: number; readonly after: readonly string[] | null },
  ): Promise<ExportPage> {
    const definition = exportLists[list];
    const statement = new Statement(selection);
    const { key } = definition;
    const source = statement.bind(definition.source);
    const conditions = conditionsOf(definition, selection).map((sql) => statement.bind(sql));
    if (page.after !== null) {
      const values = page.after.map((value, index) => statement.take(value, key[index]?.type ?? 'text'));
      conditions.push(`(${key.map(({ sql }) => sql).join(', ')}) > (${values.join(', ')})`);
    }
    const columns = [...definition.columns.map(columnText), ...key.map(({ sql, type }) => keyText(sql, type))];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const order = key.map(({ sql }) => sql).join(', ');
    const sql = `SELECT ${columns.join(', ')} FROM ${source} ${where} ORDER BY ${order} LIMIT ${statement.take(page.first, 'bigint')}`;
    const found = await this.database.withTenant(scope, (tx) =>
      tx.texts(sql, statement.values, `export ${list} ${statement.shape}${page.after === null ? '' : '+'}`),
    );
    const width = definition.columns.length;
    const last = found.at(-1)?.slice(width).map(String) ?? null;
    return { rows: found.map((row) => row.slice(0, width)), last, isLast: found.length < page.first };
  }

  /** Rows of a list, for a progress bar. */
  async count(scope: TenantScope, list: ExportListName, selection: ExportSelection): Promise<number> {
    const definition = exportLists[list];
    const statement = new Statement(selection);
    const source = statement.bind(definition.source);
    const conditions = conditionsOf(definition, selection).map((sql) => statement.bind(sql));
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const sql = `SELECT count(*)::float8 AS count FROM ${source} ${where}`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, statement.values));
    return row?.count ?? 0;
  }
}

/** Texts with `:name` for bounds become texts with `$n` and their values. */
class Statement {
  readonly values: unknown[] = [];
  private readonly places = new Map<ExportBound, string>();

  constructor(private readonly selection: ExportSelection) {}

  /** Which bounds are in the text, so that a prepared statement is never taken for another. */
  get shape(): string {
    return [...this.places.keys()].join(',');
  }

  bind(sql: string): string {
    return sql.replaceAll(/(?<!:):([a-zA-Z]+)/g, (_, name: ExportBound) => {
      const known = this.places.get(name);
      if (known !== undefined) return known;
      const value = this.selection[name];
      const place = this.take(typeof value === 'number' ? toTimestamp(value) : value, exportBounds[name]);
      this.places.set(name, place);
      return place;
    });
  }

  take(value: unknown, type: string): string {
    return `$${this.values.push(value)}::${type}`;
  }
}

function conditionsOf({ conditions, needs }: ExportListDefinition, selection: ExportSelection): string[] {
  for (const name of needs) if (selection[name] === undefined) throw new Error(`the list needs ${name}`);
  return conditions.flatMap(({ sql, bound }) => (bound === undefined || selection[bound] !== undefined ? [sql] : []));
}

function columnText({ sql, type }: ExportListDefinition['columns'][number]): string {
  if (type === 'decimal') return `trim_scale((${sql})::numeric)::text`;
  if (type === 'instant') return `to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  if (type === 'texts') return `array_to_json(${sql})::text`;
  return `(${sql})::text`;
}

/** Microseconds are kept: the key has to compare equal to its row. */
function keyText(sql: string, type: string): string {
  return type === 'timestamptz'
    ? `to_char(${sql} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
    : `(${sql})::text`;
}
