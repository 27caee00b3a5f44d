import path from 'node:path';
import { PersistenceError } from './persistence-error';

/** How the record is reached. Every field has an environment variable of the same meaning. */
export interface PersistenceOptions {
  /** DATABASE_URL: Postgres of your own, as the role `ballast_app` or a member of it. */
  readonly databaseUrl?: string;
  /** MIGRATION_DATABASE_URL: the same database as the owner of the tables; without it nobody migrates at start. */
  readonly migrationDatabaseUrl?: string;
  /** JOBS_DATABASE_URL: the same database as the role `ballast_jobs`; without it no other process helps with a run. */
  readonly jobsDatabaseUrl?: string;
  /** DATA_DIR: folder of the embedded server, used when there is no DATABASE_URL. Default `.ballast`. */
  readonly dataDir: string;
  /** PG_BIN: folder with initdb and pg_ctl for the embedded server. */
  readonly pgBin?: string;
  /** POOL_MAX: connections of this process, ≥ 1. Default 10. */
  readonly poolSize: number;
  /** STATEMENT_TIMEOUT_MS: longest single statement [ms] unless a transaction asks for another. Default 30 000. */
  readonly statementTimeoutMs: number;
  /** POOL_WAIT_MS: longest wait for a free connection [ms] before UNAVAILABLE. Default 2 000. */
  readonly poolWaitMs: number;
  /** HISTORY_HEAD_FILE: where heads of the history chain are kept, best on another machine. Default: in `dataDir`. */
  readonly historyHeadFile?: string;
  /** Told what happens beside the requests: a lost embedded server, a broken idle connection. */
  readonly onEvent?: (message: string, failure?: unknown) => void;
  /** Told when a transaction of a tenant begins; what it returns is called at the end, with the failure if there was one. */
  readonly onTransaction?: () => (failure?: unknown) => void;
}

/** Environment variables about the record: those that `persistenceOptionsFromEnv` reads, and the policy of `ballast maintain`. */
export const persistenceVariables = [
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'JOBS_DATABASE_URL',
  'DATA_DIR',
  'PG_BIN',
  'POOL_MAX',
  'POOL_WAIT_MS',
  'STATEMENT_TIMEOUT_MS',
  'HISTORY_HEAD_FILE',
  'HISTORY_KEEP_MONTHS',
] as const;

/**
 * Reads the options from environment variables.
 *
 * @throws PersistenceError 'CONFIGURATION_INVALID' naming the variable and its value
 */
export function persistenceOptionsFromEnv(env: Readonly<Record<string, string | undefined>>): PersistenceOptions {
  return {
    ...urlOption(env, 'DATABASE_URL', 'databaseUrl'),
    ...urlOption(env, 'MIGRATION_DATABASE_URL', 'migrationDatabaseUrl'),
    ...urlOption(env, 'JOBS_DATABASE_URL', 'jobsDatabaseUrl'),
    ...(env['PG_BIN'] ? { pgBin: env['PG_BIN'] } : {}),
    ...(env['HISTORY_HEAD_FILE'] ? { historyHeadFile: path.resolve(env['HISTORY_HEAD_FILE']) } : {}),
    dataDir: path.resolve(env['DATA_DIR'] || '.ballast'),
    poolSize: wholeNumber(env, 'POOL_MAX', { fallback: 10, minimum: 1, maximum: 500 }),
    statementTimeoutMs: wholeNumber(env, 'STATEMENT_TIMEOUT_MS', { fallback: 30_000, minimum: 10, maximum: 3_600_000 }),
    poolWaitMs: wholeNumber(env, 'POOL_WAIT_MS', { fallback: 2_000, minimum: 10, maximum: 600_000 }),
  };
}

function urlOption<Key extends 'databaseUrl' | 'migrationDatabaseUrl' | 'jobsDatabaseUrl'>(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  key: Key,
): Partial<Record<Key, string>> {
  const value = env[variable];
  if (value === undefined || value === '') return {};
  if (!/^postgres(ql)?:\/\/\S+$/.test(value) || !URL.canParse(value)) {
    throw new PersistenceError('CONFIGURATION_INVALID', `${variable}: expected postgres://user:password@host/database`);
  }
  return { [key]: value } as Partial<Record<Key, string>>;
}

function wholeNumber(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
  range: { readonly fallback: number; readonly minimum: number; readonly maximum: number },
): number {
  const text = env[variable];
  if (text === undefined || text === '') return range.fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= range.minimum && value <= range.maximum) return value;
  throw new PersistenceError(
    'CONFIGURATION_INVALID',
    `${variable}: expected a whole number from ${range.minimum} to ${range.maximum}, got ${JSON.stringify(text.slice(0, 40))}`,
  );
}
