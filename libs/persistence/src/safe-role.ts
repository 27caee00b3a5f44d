import type { Client } from 'pg';
import { PersistenceError } from './persistence-error';

/**
 * Refuses to work as a role that could read across firms or rewrite history, and on a schema that would let it.
 *
 * @param client  connection of the role the application works as
 * @throws PersistenceError 'ROLE_UNSAFE' when the role is a superuser, may bypass row level security, owns a table or may
 *         act as an owner, or may change append-only tables; 'TABLE_UNPROTECTED' when a table with firm_id lacks forced
 *         row level security or a policy
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
  const open = await client.query<{ name: string }>(`
    SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND a.attname = 'firm_id' AND NOT a.attisdropped AND c.relpersistence <> 't'
      AND (NOT c.relrowsecurity OR NOT c.relforcerowsecurity OR NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = c.oid))
    ORDER BY 1`);
  if (open.rows.length > 0) {
    throw new PersistenceError(
      'TABLE_UNPROTECTED',
      `row level security is not forced on ${open.rows.map((row) => row.name).join(', ')}`,
    );
  }
}
