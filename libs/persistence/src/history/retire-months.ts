import type { Instant } from '@ballast/domain';
import type { Client } from 'pg';
import { isBelieved } from '../stores/market-snapshot-store';

/** One month of one partitioned table that the retention policy gives up, or keeps although it is old. */
export interface RetiredMonth {
  readonly table: string;
  readonly partition: string;
  /** RFC 3339. */
  readonly month: string;
  readonly rows: number;
  /** Why it is kept; null when it is given up. */
  readonly keptBecause: string | null;
}

interface PartitionRow {
  readonly parent: string;
  readonly child: string;
  readonly month: Date;
}

/**
 * Gives up the months that ended `keepMonths` whole months (UTC) before the month of `now`, or earlier: detached and dropped, one transaction per
 * partition, with a chained note of it. A month that somebody still goes on from is kept whole, in every table.
 *
 * @param owner  connection of the role that owns the tables; the application role may not
 */
export async function retireMonths(
  owner: Client,
  input: { readonly now: Instant; readonly keepMonths: number; readonly dryRun: boolean; readonly operator: string },
): Promise<RetiredMonth[]> {
  // Months are those of UTC, also where they are added up.
  await owner.query(`SET timezone = 'UTC'`);
  const { rows: partitions } = await owner.query<PartitionRow>(
    `SELECT * FROM (SELECT h.inhparent::regclass::text AS parent, h.inhrelid::regclass::text AS child,
       substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \\(''([^'']+)''\\)')::timestamptz AS month
     FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid JOIN pg_partitioned_table p ON p.partrelid = h.inhparent) AS parts
     WHERE month + interval '1 month' <= date_trunc('month', $2::timestamptz) - make_interval(months => $1) ORDER BY month, parent`,
    [input.keepMonths, new Date(input.now).toISOString()],
  );
  const needs = await findNeeds(owner);
  const retired: RetiredMonth[] = [];
  for (const { parent, child, month } of partitions) {
    const entry = { table: parent, partition: child, month: month.toISOString() };
    const keptBecause = needs.get(month.toISOString());
    if (keptBecause !== undefined) retired.push({ ...entry, rows: 0, keptBecause });
    else if (input.dryRun) retired.push({ ...entry, rows: 0, keptBecause: null });
    else {
      const answer = await owner.query<{ rows: string }>('SELECT retire_month($1, $2, $3, $4) AS rows', [
        parent,
        child,
        month,
        input.operator,
      ]);
      retired.push({ ...entry, rows: Number(answer.rows[0]?.rows), keptBecause: null });
    }
  }
  return retired;
}

/** What the next runs and a replay of the newest ones go on from, and why its month is kept: a `month`, in order of the reasons. */
const needQueries: readonly (readonly [why: string, sql: string])[] = [
  [
    'it holds the newest figures of an account',
    `SELECT date_trunc('month', at, 'UTC') AS month FROM latest_buffers
     UNION
     SELECT date_trunc('month', s.as_of, 'UTC') FROM (SELECT DISTINCT run_id FROM latest_buffers) l
       JOIN margin_runs r USING (run_id) JOIN market_snapshots s USING (snapshot_id)`,
  ],
  [
    'it holds the newest market of a firm',
    `SELECT date_trunc('month', max(s.as_of), 'UTC') AS month FROM market_snapshots s
     UNION SELECT date_trunc('month', max(s.as_of), 'UTC') FROM market_snapshots s WHERE ${isBelieved}`,
  ],
  [
    // Where the newest figures are in doubt, held or missing, the next run goes on from older ones.
    'it holds the last figures of an account that somebody stands behind',
    `SELECT date_trunc('month', t.as_of, 'UTC') AS month FROM latest_buffers l CROSS JOIN LATERAL (
       (SELECT r.as_of FROM requirements r WHERE r.firm_id = l.firm_id AND r.account_id = l.account_id
          AND r.quality <> 'INDETERMINATE' ORDER BY r.as_of DESC LIMIT 1)
       UNION
       (SELECT r.as_of FROM requirements r WHERE r.firm_id = l.firm_id AND r.account_id = l.account_id AND (r.quality = 'OK'
          OR (r.quality = 'HELD' AND EXISTS (SELECT FROM requirement_releases c WHERE c.firm_id = r.firm_id
            AND c.account_id = r.account_id AND c.as_of = r.as_of AND c.run_id = r.run_id)))
        ORDER BY r.as_of DESC LIMIT 1)) AS t WHERE l.quality <> 'OK'`,
  ],
  [
    'a run that has not ended is evaluated there',
    `SELECT date_trunc('month', t.at, 'UTC') AS month FROM margin_runs r JOIN market_snapshots s USING (firm_id, snapshot_id)
     CROSS JOIN LATERAL (VALUES (r.as_of), (s.as_of)) AS t (at) WHERE r.state = 'RUNNING'`,
  ],
];

/** Why months are kept, by their beginning, of all firms; the owner sees one firm at a time, too. */
async function findNeeds(owner: Client): Promise<ReadonlyMap<string, string>> {
  const { rows: firms } = await owner.query<{ id: string }>('SELECT firm_id AS id FROM firm_directory()');
  const needs = new Map<string, string>();
  for (const { id } of firms) {
    await owner.query(`SELECT set_config('app.firm_id', $1, false)`, [id]);
    for (const [why, sql] of needQueries) {
      const { rows } = await owner.query<{ month: Date | null }>(sql);
      for (const { month } of rows)
        if (month !== null && !needs.has(month.toISOString())) needs.set(month.toISOString(), why);
    }
  }
  return needs;
}
