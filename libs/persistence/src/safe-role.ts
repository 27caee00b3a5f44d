import type { Client } from 'pg';
import { PersistenceError } from './persistence-error';

/**
 * Refuses to work as a role that could read across firms or rewrite history, and on a schema that would let it.
 *
 * @param client  connection of the role the application works as
 * @throws PersistenceError 'ROLE_UNSAFE' when the role is a superuser, may bypass row level security, owns a table or may
 *         act as an owner, or may change append-only tables; 'TABLE_UNPROTECTED' when a table with firm_id lacks forced
 *         row level security or has a policy that does not ask for the firm (and, where it has one, the account), or a view
 *         passes row level security
 */
export async function assertSafeRole(client: Pick<Client, 'query'>): Promise<void> {
  const role = await client.query<{ name: string; complaint: string | null }>(`
    SELECT rolname AS name,
      CASE WHEN rolsuper THEN 'is a superuser'
           WHEN rolbypassrls THEN 'may bypass row level security'
           WHEN EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relpersistence <> 't'
                        AND pg_has_role(current_user, relowner, 'MEMBER')) THEN 'owns tables, or may act as their owner'
           WHEN EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
                        AND (has_table_privilege(oid, 'TRUNCATE') OR has_table_privilege(oid, 'DELETE') OR has_table_privilege(oid, 'TRIGGER')))
             THEN 'may delete, truncate or put triggers on tables'
           WHEN has_schema_privilege('public', 'CREATE') THEN 'may create tables'
      END AS complaint
    FROM pg_roles WHERE rolname = current_user`);
  const { name, complaint } = role.rows[0] ?? { name: 'unknown', complaint: 'is unknown' };
  if (complaint !== null) {
    throw new PersistenceError(
      'ROLE_UNSAFE',
      `the database role ${name} ${complaint}; DATABASE_URL must name ballast_app or a plain member of it ` +
        '(libs/persistence/README.md, "Your own Postgres")',
    );
  }
  const open = await client.query<{ name: string; complaint: string }>(
    `
    WITH policies AS (
      SELECT polrelid, polpermissive, pg_get_expr(coalesce(polqual, polwithcheck), polrelid) AS shown,
        pg_get_expr(coalesce(polwithcheck, polqual), polrelid) AS written
      FROM pg_policy WHERE 0 = ANY (polroles) OR EXISTS (SELECT FROM unnest(polroles) AS r WHERE pg_has_role(current_user, r, 'MEMBER'))
    ),
    tables AS (
      SELECT c.oid, c.relrowsecurity AND c.relforcerowsecurity AS forced,
        EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped) AS of_accounts
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relkind IN ('r', 'p') AND a.attname = 'firm_id' AND NOT a.attisdropped AND c.relpersistence <> 't'
    ),
    complaints AS (
      SELECT t.oid, CASE
        WHEN NOT t.forced THEN 'row level security is not forced on'
        WHEN NOT EXISTS (SELECT FROM policies p WHERE p.polrelid = t.oid AND p.polpermissive) THEN 'row level security shows nothing on'
        WHEN EXISTS (SELECT FROM policies p WHERE p.polrelid = t.oid AND p.polpermissive
          AND NOT (p.shown ~ $1 AND p.shown !~ $2 AND p.written ~ $1 AND p.written !~ $2))
          THEN 'a policy does not ask for the firm on'
        WHEN t.of_accounts AND NOT EXISTS (SELECT FROM policies p WHERE p.polrelid = t.oid AND NOT p.polpermissive
          AND p.shown LIKE '%app.account_ids%' AND p.written LIKE '%app.account_ids%') THEN 'no policy asks for the account on'
      END AS complaint FROM tables t
      UNION ALL
      SELECT c.oid, 'row level security is passed by the view' FROM pg_class c
      WHERE c.relkind IN ('v', 'm') AND c.relnamespace = 'public'::regnamespace
        AND has_table_privilege(c.oid, 'SELECT') AND NOT coalesce(c.reloptions @> '{security_invoker=true}', false)
    )
    SELECT oid::regclass::text AS name, complaint FROM complaints WHERE complaint IS NOT NULL ORDER BY 1`,
    [sameFirm, alternative],
  );
  if (open.rows.length > 0) {
    const complaints = open.rows.map(({ complaint, name }) => `${complaint} ${name}`);
    throw new PersistenceError('TABLE_UNPROTECTED', complaints.join('; '));
  }
}

/** How the condition of protect_tenant_table begins, as the server writes it. */
const sameFirm = String.raw`^\(firm_id = \(\s*SELECT \(?NULLIF\(current_setting\('app\.firm_id'::text, true\)`;
/** A condition that a second one loosens. */
const alternative = String.raw`\mOR\M`;
