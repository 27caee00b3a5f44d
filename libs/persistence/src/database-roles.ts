import type { Client } from 'pg';

/** Fixed role names: migrations grant to `ballast_app`, tables belong to `ballast_owner`. */
export const ownerRole = 'ballast_owner';
export const appRole = 'ballast_app';
export const leaseRole = 'ballast_lease';
/** Owns the job queue's schemas and may enter nothing else. */
export const jobsRole = 'ballast_jobs';

/**
 * Creates the unprivileged roles, or sets their passwords when they exist.
 *
 * @param superuser  connection of a superuser, idle
 * @param passwords  password per role name
 */
export async function provisionRoles(superuser: Client, passwords: Readonly<Record<string, string>>): Promise<void> {
  for (const [role, password] of Object.entries(passwords)) {
    const known = await superuser.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
    const verb = known.rowCount === 0 ? 'CREATE' : 'ALTER';
    const rights = 'LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION';
    await superuser.query(
      `${verb} ROLE ${superuser.escapeIdentifier(role)} ${rights} PASSWORD ${superuser.escapeLiteral(password)}`,
    );
  }
}

/**
 * Creates a database owned by the owner role that only Ballast's roles may enter; one that exists only lets the role of
 * the job queue in.
 *
 * @param superuser  connection of a superuser, idle, outside a transaction
 * @param input.template  database to clone; `template0` makes an empty one
 */
export async function provisionDatabase(
  superuser: Client,
  input: { readonly name: string; readonly template?: string },
): Promise<void> {
  const known = await superuser.query('SELECT 1 FROM pg_database WHERE datname = $1', [input.name]);
  if (known.rowCount !== 0) return grantJobs(superuser, input.name);
  const name = superuser.escapeIdentifier(input.name);
  const template = superuser.escapeIdentifier(input.template ?? 'template0');
  await superuser.query(`CREATE DATABASE ${name} OWNER ${ownerRole} TEMPLATE ${template}`);
  await superuser.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
  await superuser.query(`GRANT CONNECT, TEMPORARY ON DATABASE ${name} TO ${appRole}`);
  await grantJobs(superuser, input.name);
}

/** The queue's role makes two schemas of its own; it is granted nothing in any other. */
async function grantJobs(superuser: Client, database: string): Promise<void> {
  await superuser.query(`GRANT CONNECT, CREATE ON DATABASE ${superuser.escapeIdentifier(database)} TO ${jobsRole}`);
}
