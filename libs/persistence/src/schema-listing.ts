import type { Client } from 'pg';

/**
 * Lists the schema from the catalogs as text: domains, tables with columns, constraints, indexes, policies, triggers and
 * rights, views, and functions, each sorted by name. Monthly partitions are left out, because which exist depends on the date.
 * Equal schemas give equal text, so `migrations/schema.sql` is compared with it.
 *
 * @param client  connection of the owner
 */
export async function listSchema(client: Pick<Client, 'query'>): Promise<string> {
  const sections = [
    await listDomains(client),
    await listTables(client),
    await listViews(client),
    await listFunctions(client),
  ];
  const head =
    '-- The schema after all migrations, listed from the catalogs by `node dist/migrations/write-schema.js`.';
  return `${[head, ...sections.flat()].join('\n\n')}\n`;
}

async function lines(client: Pick<Client, 'query'>, sql: string, parameters: unknown[] = []): Promise<string[]> {
  const answer = await client.query<{ line: string }>(sql, parameters);
  return answer.rows.map((row) => row.line);
}

async function listDomains(client: Pick<Client, 'query'>): Promise<string[]> {
  return lines(
    client,
    `SELECT format(E'CREATE DOMAIN %s AS %s\\n%s;', t.typname, format_type(t.typbasetype, t.typtypmod),
       string_agg(format('  CONSTRAINT %s %s', c.conname, pg_get_constraintdef(c.oid)), E'\\n' ORDER BY c.conname)) AS line
     FROM pg_type t JOIN pg_constraint c ON c.contypid = t.oid
     WHERE t.typtype = 'd' AND t.typnamespace = 'public'::regnamespace GROUP BY t.oid, t.typname ORDER BY t.typname`,
  );
}

async function listTables(client: Pick<Client, 'query'>): Promise<string[]> {
  const tables = await client.query<{ oid: number; name: string; partitioning: string | null; flags: string }>(
    `SELECT oid, relname AS name, pg_get_partkeydef(oid) AS partitioning,
       concat_ws(', ', CASE WHEN relrowsecurity THEN 'ROW LEVEL SECURITY' END, CASE WHEN relforcerowsecurity THEN 'FORCED' END) AS flags
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`,
  );
  const listed: string[] = [];
  for (const { oid, name, partitioning, flags } of tables.rows) {
    const body = [...(await lines(client, columnsSql, [oid])), ...(await lines(client, constraintsSql, [oid]))];
    const after = [
      ...(await lines(client, indexesSql, [oid])),
      ...(flags === '' ? [] : [`-- ${name}: ${flags}`]),
      ...(await lines(client, policiesSql, [oid])),
      ...(await lines(client, triggersSql, [oid])),
      ...(await lines(client, rightsSql, [oid])),
    ];
    const end = partitioning === null ? ')' : `) PARTITION BY ${partitioning}`;
    listed.push(
      [`CREATE TABLE ${name} (\n${body.map((line) => `  ${line}`).join(',\n')}\n${end};`, ...after].join('\n'),
    );
  }
  return listed;
}

async function listViews(client: Pick<Client, 'query'>): Promise<string[]> {
  const views = await client.query<{ oid: number; text: string }>(
    `SELECT oid, format(E'CREATE VIEW %I%s AS\\n%s', relname, ' WITH (' || array_to_string(reloptions, ', ') || ')', pg_get_viewdef(oid)) AS text
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' ORDER BY relname`,
  );
  return Promise.all(
    views.rows.map(async ({ oid, text }) => [text, ...(await lines(client, rightsSql, [oid]))].join('\n')),
  );
}

async function listFunctions(client: Pick<Client, 'query'>): Promise<string[]> {
  return lines(
    client,
    `SELECT pg_get_functiondef(p.oid) || ';' || coalesce(E'\\n' || (
        SELECT string_agg(format('GRANT EXECUTE TO %s;', coalesce(nullif(a.grantee, 0)::regrole::text, 'PUBLIC')), E'\\n' ORDER BY a.grantee::regrole::text)
        FROM aclexplode(p.proacl) a WHERE a.grantee <> p.proowner), '') AS line
     FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY p.proname`,
  );
}

const columnsSql = `
  SELECT format('%s %s', a.attname, format_type(a.atttypid, a.atttypmod)) || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
  FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const constraintsSql = `
  SELECT format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)) AS line
  FROM pg_constraint WHERE conrelid = $1 AND contype <> 'n' ORDER BY array_position(ARRAY['p', 'u', 'x', 'f', 'c', 't'], contype::text), conname`;

const indexesSql = `
  SELECT pg_get_indexdef(i.indexrelid) || ';' AS line FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
  WHERE i.indrelid = $1 AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND conrelid = i.indrelid) ORDER BY c.relname`;

const policiesSql = `
  SELECT format('CREATE POLICY %s ON %s AS %s FOR %s TO %s USING (%s)%s;', polname, polrelid::regclass,
    CASE WHEN polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE polcmd WHEN '*' THEN 'ALL' WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' ELSE 'DELETE' END,
    CASE WHEN polroles = '{0}' THEN 'PUBLIC' ELSE (SELECT string_agg(r::regrole::text, ', ') FROM unnest(polroles) r) END,
    pg_get_expr(polqual, polrelid), coalesce(' WITH CHECK (' || pg_get_expr(polwithcheck, polrelid) || ')', '')) AS line
  FROM pg_policy WHERE polrelid = $1 ORDER BY polname`;

const triggersSql = `
  SELECT pg_get_triggerdef(oid) || ';' AS line FROM pg_trigger WHERE tgrelid = $1 AND NOT tgisinternal ORDER BY tgname`;

const rightsSql = `
  SELECT format('GRANT %s ON %s TO %s;', string_agg(right_name, ', ' ORDER BY right_name), $1::oid::regclass, grantee) AS line FROM (
    SELECT a.grantee::regrole::text AS grantee, a.privilege_type AS right_name
    FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = $1 AND a.grantee <> c.relowner
    UNION ALL
    SELECT a.grantee::regrole::text, format('%s (%s)', a.privilege_type, string_agg(t.attname, ', ' ORDER BY t.attnum))
    FROM pg_attribute t, aclexplode(t.attacl) a WHERE t.attrelid = $1 GROUP BY a.grantee, a.privilege_type
  ) rights GROUP BY grantee ORDER BY grantee`;
