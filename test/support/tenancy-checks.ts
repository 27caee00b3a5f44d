import type { Database, TenantContext } from '@ballast/persistence';
import type { Client } from 'pg';

/** Tables that know firms, partitions left out. */
export const tenantTablesSql = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND a.attname = 'firm_id' AND NOT a.attisdropped ORDER BY 1`;

/** Tables of which a connection sees rows: without a tenant there must be none. */
export async function findVisibleTables(client: Client): Promise<string[]> {
  const tables = (await client.query<{ name: string }>(tenantTablesSql)).rows;
  const visible: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ any: boolean }>(`SELECT EXISTS (SELECT FROM ${name}) AS any`);
    if (rows[0]?.any === true) visible.push(name);
  }
  return visible;
}

/** One query of one firm: the firms of the rows it saw. */
export type TenantQuery = (firmId: string) => Promise<readonly string[]>;

/** Rows of the tables with money in them, by firm. */
export const rowsByFirmSql = `SELECT DISTINCT firm_id FROM (
  SELECT firm_id FROM accounts UNION ALL SELECT firm_id FROM positions UNION ALL SELECT firm_id FROM balances
  UNION ALL SELECT firm_id FROM requirements UNION ALL SELECT firm_id FROM instruments) AS seen`;

/** The service's own way to ask as a firm. */
export function tenantQuery(database: Database): TenantQuery {
  return (firmId) =>
    database.withTenant({ firmId }, async (tx) =>
      (await tx.rows<{ firm_id: string }>(rowsByFirmSql)).map((row) => row.firm_id),
    );
}

/** Lets requests of firms take turns in no order on few connections. @returns requests that saw a row of another firm, or none */
export async function countForeignAnswers(
  query: TenantQuery,
  firms: readonly string[],
  requests: number,
): Promise<{ readonly foreign: number; readonly empty: number }> {
  const counts = { foreign: 0, empty: 0 };
  await Promise.all(
    Array.from({ length: requests }, async (_, index) => {
      const firmId = firms[(index * 7 + (index % 3)) % firms.length] as string;
      const seen = await query(firmId);
      if (seen.length === 0) counts.empty += 1;
      if (seen.some((firm) => firm !== firmId)) counts.foreign += 1;
    }),
  );
  return counts;
}

/** Unique and foreign keys of tables with firms that leave the firm out: they tell one firm what another has. */
export async function findKeysWithoutFirm(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT c.relname || '.' || x.relname AS name FROM pg_index i
       JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
       JOIN pg_attribute f ON f.attrelid = c.oid AND f.attname = 'firm_id'
     WHERE i.indisunique AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition
       AND f.attnum <> ALL (i.indkey::smallint[]) AND c.relname <> 'firms'
     UNION ALL
     SELECT c.relname || '.' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_attribute f ON f.attrelid = c.oid AND f.attname = 'firm_id'
     WHERE k.contype = 'f' AND c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND f.attnum <> ALL (k.conkey)
     ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

/** Tables that take a row of another firm: tries every table with a copy of a foreign row. */
export async function findWritableAcross(
  database: Database,
  context: TenantContext,
  foreignRows: ReadonlyMap<string, string>,
): Promise<string[]> {
  const taken: string[] = [];
  const columns = await findWritableColumns(database);
  for (const [name, row] of foreignRows) {
    const rollback = new Error('rolled back');
    const outcome: unknown = await database
      .withTenant(context, async (tx) => {
        await tx.execute(
          `INSERT INTO ${name} (${columns.get(name) ?? ''}) SELECT ${columns.get(name) ?? ''}
           FROM jsonb_populate_record(NULL::${name}, $1::jsonb) ON CONFLICT DO NOTHING`,
          [row],
        );
        throw rollback;
      })
      .catch((failure: unknown) => failure);
    if (outcome === rollback) taken.push(name);
    else if ((outcome as { code?: string }).code !== 'FORBIDDEN') throw outcome;
  }
  return taken;
}

/** Columns of every table that a statement may give a value, in a list for SQL; generated ones are left out. */
async function findWritableColumns(database: Database): Promise<ReadonlyMap<string, string>> {
  const rows = await database.rowsWithoutTenant<{ name: string; columns: string }>(
    `SELECT table_name AS name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) AS columns
     FROM information_schema.columns WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name`,
  );
  return new Map(rows.map(({ name, columns }) => [name, columns]));
}

/** One row of every table of a firm, as JSON text, read past all policies. */
export async function sampleRows(superuser: Client, firmId: string): Promise<Map<string, string>> {
  const tables = (await superuser.query<{ name: string }>(tenantTablesSql)).rows;
  const found = new Map<string, string>();
  for (const { name } of tables) {
    const { rows } = await superuser.query<{ row: string }>(
      `SELECT to_jsonb(t)::text AS row FROM ${name} t WHERE firm_id = $1 LIMIT 1`,
      [firmId],
    );
    if (rows[0] !== undefined) found.set(name, rows[0].row);
  }
  return found;
}
