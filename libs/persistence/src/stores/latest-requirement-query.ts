import type { Instant } from '@ballast/domain';
import { toTimestamp, uuidList } from '../row-values';
import { knownBy } from './known-time';

/** Until when a requirement is looked for. */
export interface LatestMoment {
  /** Requirements for a later time do not count; absent: all do. */
  readonly asOf?: Instant | undefined;
  /** As known then; absent: now. */
  readonly knownAt?: Instant | undefined;
  /** Of those for `asOf` itself only runs whose positions were of an earlier time count. */
  readonly beforePositionsAt?: Instant | undefined;
}

/**
 * Writes the query for the latest requirement of each account; of several for one time the one known last.
 *
 * @param columns     of requirements
 * @param accountIds  UUIDs, each once
 */
export function latestQuery(
  columns: string,
  accountIds: readonly string[],
  at: LatestMoment,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const conditions = ['r.account_id = wanted.account_id'];
  const parameters: unknown[] = [uuidList(accountIds)];
  if (at.asOf !== undefined) conditions.push(`r.as_of <= $${parameters.push(toTimestamp(at.asOf))}::timestamptz`);
  if (at.knownAt !== undefined) conditions.push(knownBy('r.known_at', `$${parameters.push(toTimestamp(at.knownAt))}`));
  if (at.asOf !== undefined && at.beforePositionsAt !== undefined)
    conditions.push(cameBefore(2, parameters.push(toTimestamp(at.beforePositionsAt))));
  const sql = `SELECT latest.* FROM unnest($1::uuid[]) AS wanted (account_id) CROSS JOIN LATERAL (
    SELECT ${columns} FROM requirements r WHERE ${conditions.join(' AND ')}
    ORDER BY r.as_of DESC, r.known_at DESC, r.run_id DESC LIMIT 1) AS latest`;
  return { sql, parameters };
}

/** Requirements `r` before a time, and those of the time itself whose positions were of an earlier one than the other time. */
export function cameBefore(time: number, positionsAt: number): string {
  return `(r.as_of < $${time}::timestamptz OR EXISTS (SELECT FROM margin_runs m WHERE m.firm_id = r.firm_id
    AND m.run_id = r.run_id AND m.positions_at < $${positionsAt}::timestamptz))`;
}
