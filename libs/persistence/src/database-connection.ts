import { EmbeddedPostgres } from './embedded-postgres';
import type { PersistenceOptions } from './persistence-options';

/** Where the database is, once it is known to be there. */
export interface DatabaseConnection {
  readonly kind: 'external' | 'embedded';
  /** Connection string of the application role. */
  readonly appUrl: string;
  /** Connection string of the owner, or null when this process may not migrate. */
  readonly ownerUrl: string | null;
  /** Connection string of the role that owns the job queue, or null where there is none: runs are not shared then. */
  readonly jobsUrl: string | null;
  readonly close: () => Promise<void>;
}

/**
 * Resolves the database: DATABASE_URL when given, else the embedded server of DATA_DIR, which is joined when it runs and
 * started when it does not.
 */
export async function openDatabaseConnection(options: PersistenceOptions): Promise<DatabaseConnection> {
  if (options.databaseUrl !== undefined) {
    const { databaseUrl: appUrl, migrationDatabaseUrl: ownerUrl = null, jobsDatabaseUrl: jobsUrl = null } = options;
    return { kind: 'external', appUrl, ownerUrl, jobsUrl, close: () => Promise.resolve() };
  }
  const server = await EmbeddedPostgres.acquire({
    dataDir: options.dataDir,
    pgBin: options.pgBin,
    onEvent: (event, reason) => options.onEvent?.(`embedded Postgres ${event}`, reason),
  });
  return {
    kind: 'embedded',
    appUrl: server.appUrl,
    ownerUrl: server.ownerUrl,
    jobsUrl: server.jobsUrl,
    close: async () => {
      await server.release();
    },
  };
}
