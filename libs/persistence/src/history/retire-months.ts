import type { Instant } from '@ballast/domain';
import type { Client } from 'pg';

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
 * partition, with a chained note of it. A month that still holds the newest figures of some account is kept whole, in
 * every table, because a replay needs its quotes.
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
  const needed = await findNeededMonths(owner);
  const retired: RetiredMonth[] = [];
  for (const { parent, child, month } of partitions) {
    const entry = { table: parent, partition: child, month: month.toISOString() };
    if (needed.has(month.toISOString())) {
      const keptBecause = 'it holds the newest figures of an account';
      retired.push({ ...entry, rows: 0, keptBecause });
    } else if (input.dryRun) retired.push({ ...entry, rows: 0, keptBecause: null });
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

/**
 * Months with an account's newest observation, and with the snapshot it was computed on, of all firms; the owner sees one
 * firm at a time, too.
 */
async function findNeededMonths(owner: Client): Promise<ReadonlySet<string>> {
  const { rows: firms } = await owner.query<{ id: string }>('SELECT firm_id AS id FROM firm_directory()');
  const needed = new Set<string>();
  for (const { id } of firms) {
    await owner.query(`SELECT set_config('app.firm_id', $1, false)`, [id]);
    const { rows } = await owner.query<{ month: Date }>(
      `SELECT date_trunc('month', at, 'UTC') AS month FROM latest_buffers
       UNION
       SELECT date_trunc('month', s.as_of, 'UTC') FROM (SELECT DISTINCT run_id FROM latest_buffers) l
         JOIN margin_runs r USING (run_id) JOIN market_snapshots s USING (snapshot_id)`,
    );
    for (const { month } of rows) needed.add(month.toISOString());
  }
  return needed;
}
