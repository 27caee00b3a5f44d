import { migrations } from '@ballast/migrations';
import { Client } from 'pg';
import { DataSource, type Logger } from 'typeorm';
import { appRole } from './database-roles';
import { PersistenceError, toPersistenceError } from './persistence-error';

/** Advisory lock of the migrated database: one migration runner at a time, whatever machine it runs on. */
const migrationLockKey = '4702111234508';
export const migrationsTable = 'schema_migrations';

export interface MigrationOutcome {
  /** Names of the migrations this call ran; empty when the schema was up to date. */
  readonly applied: readonly string[];
}

/**
 * Brings the schema up to date: one transaction per migration, under an advisory lock that a separate connection holds,
 * because two processes that start together would otherwise create the same types twice.
 *
 * @param ownerUrl  connection string of the role that owns the tables
 * @throws PersistenceError 'SCHEMA_MISMATCH' when the database has migrations this build does not know,
 *         'CONFIGURATION_INVALID' when the role ballast_app does not exist, 'UNAVAILABLE'
 */
export async function runMigrations(ownerUrl: string): Promise<MigrationOutcome> {
  const lock = new Client({
    connectionString: ownerUrl,
    application_name: 'ballast migrate',
    connectionTimeoutMillis: 10_000,
  });
  lock.on('error', () => undefined);
  try {
    await lock.connect();
    await lock.query(`SET lock_timeout = '10min'`);
    await lock.query(`SELECT pg_advisory_lock(${migrationLockKey})`);
    const pending = missingMigrations(await readAppliedMigrations(lock));
    if (pending.length === 0) return { applied: [] };
    await requireAppRole(lock);
    return { applied: await applyMigrations(ownerUrl) };
  } catch (failure) {
    throw toPersistenceError(failure);
  } finally {
    await lock.end().catch(() => undefined);
  }
}

/**
 * Checks that the schema is exactly the one of this build.
 *
 * @param client  connection of the application role
 * @throws PersistenceError 'SCHEMA_MISMATCH' naming what is missing or unknown
 */
export async function assertSchemaCurrent(client: Pick<Client, 'query'>): Promise<void> {
  const pending = missingMigrations(await readAppliedMigrations(client));
  if (pending.length > 0) {
    throw new PersistenceError(
      'SCHEMA_MISMATCH',
      `the database lacks ${pending.length} migrations, first ${pending[0]}; run the migrations as the owner ` +
        '(MIGRATION_DATABASE_URL) before starting this version',
    );
  }
}

function missingMigrations(applied: readonly string[]): string[] {
  const known = migrations.map((migration) => migration.name);
  const unknown = applied.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new PersistenceError(
      'SCHEMA_MISMATCH',
      `the database was migrated by a newer version (${unknown.join(', ')}); install that version`,
    );
  }
  return known.filter((name) => !applied.includes(name));
}

async function readAppliedMigrations(client: Pick<Client, 'query'>): Promise<string[]> {
  const table = await client.query<{ known: boolean }>(`SELECT to_regclass($1) IS NOT NULL AS known`, [
    migrationsTable,
  ]);
  if (table.rows[0]?.known !== true) return [];
  const answer = await client.query<{ name: string }>(`SELECT name FROM ${migrationsTable} ORDER BY id`);
  return answer.rows.map((row) => row.name);
}

async function requireAppRole(client: Client): Promise<void> {
  const role = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [appRole]);
  if (role.rowCount !== 0) return;
  throw new PersistenceError(
    'CONFIGURATION_INVALID',
    `the role ${appRole} does not exist; create the roles first (libs/persistence/README.md, "Your own Postgres")`,
  );
}

async function applyMigrations(ownerUrl: string): Promise<string[]> {
  const owner = new DataSource({
    type: 'postgres',
    url: ownerUrl,
    applicationName: 'ballast migrate',
    installExtensions: false,
    migrations,
    migrationsTableName: migrationsTable,
    migrationsTransactionMode: 'each',
    poolSize: 1,
    connectTimeoutMS: 10_000,
    // A crash may cost the last migrations, whole ones, which the next start repeats; whatever is committed after them
    // brings them to the disk with it.
    extra: { options: '-c synchronous_commit=off' },
    logger: silent,
  });
  await owner.initialize();
  try {
    const ran = await owner.runMigrations({ transaction: 'each' });
    await owner.query(renewSeals);
    return ran.map((migration) => migration.name);
  } finally {
    await owner.destroy();
  }
}

/** The hash chain covers every column: also those that a migration has just added to a chained table. */
const renewSeals = `DO $$ BEGIN
  IF to_regprocedure('public.renew_seals(regclass)') IS NOT NULL THEN
    PERFORM renew_seals(table_name::regclass) FROM history_tables;
  END IF;
END $$`;

/** A failed migration is thrown; TypeORM would also print it to the console, which belongs to the process. */
const silent: Logger = {
  logQuery: () => undefined,
  logQueryError: () => undefined,
  logQuerySlow: () => undefined,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};
