import { type Client, types as pgTypes } from 'pg';
import { DataSource } from 'typeorm';
import { usualIdleTimeoutMs } from './begin-statement';
import { type DatabaseConnection, openDatabaseConnection } from './database-connection';
import { entities } from './entities/entities';
import { toPersistenceError } from './persistence-error';
import type { PersistenceOptions } from './persistence-options';
import { assertSchemaCurrent, runMigrations } from './run-migrations';
import { assertSafeRole } from './safe-role';
import { makeTimestampParser } from './timestamp-parser';

/** A record that is reached, migrated and checked. */
export interface OpenDatabase {
  readonly connection: DatabaseConnection;
  readonly dataSource: DataSource;
  readonly migrationsApplied: readonly string[];
}

/** This month and the next two, so that no run at the turn of a month waits for a new partition. */
const partitionsAhead = `SELECT ensure_month_partitions(now(), now() + interval '2 months')`;

/**
 * Resolves the connection, migrates where allowed, and refuses an unsafe role or an unprotected table.
 *
 * @throws PersistenceError
 */
export async function openDatabase(options: PersistenceOptions): Promise<OpenDatabase> {
  const connection = await openDatabaseConnection(options);
  try {
    const applied = connection.ownerUrl === null ? [] : (await runMigrations(connection.ownerUrl)).applied;
    const dataSource = makeDataSource(connection.appUrl, options);
    await dataSource.initialize();
    try {
      await checkDatabase(dataSource);
      await dataSource.query(partitionsAhead);
    } catch (failure) {
      await dataSource.destroy();
      throw failure;
    }
    return { connection, dataSource, migrationsApplied: applied };
  } catch (failure) {
    await connection.close();
    throw toPersistenceError(failure);
  }
}

async function checkDatabase(dataSource: DataSource): Promise<void> {
  const client = {
    query: async (sql: string, parameters?: unknown[]) => ({ rows: await dataSource.query(sql, parameters) }),
  } as unknown as Pick<Client, 'query'>;
  await assertSchemaCurrent(client);
  await assertSafeRole(client);
}

function makeDataSource(url: string, options: PersistenceOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    applicationName: 'ballast',
    installExtensions: false,
    synchronize: false,
    logging: false,
    entities,
    poolSize: options.poolSize,
    connectTimeoutMS: options.poolWaitMs,
    poolErrorHandler: (failure: unknown) => options.onEvent?.('an idle connection broke', failure),
    extra: {
      keepAlive: true,
      idle_in_transaction_session_timeout: usualIdleTimeoutMs,
      statement_timeout: options.statementTimeoutMs,
      types: { getTypeParser },
    },
  });
}

const parseTimestamp = makeTimestampParser();

/** Business dates stay text (a Date would shift them by the machine's time zone); everything else as the driver does. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  if (oid === pgTypes.builtins.DATE) return (text: string) => text;
  if (oid === pgTypes.builtins.TIMESTAMPTZ && format !== 'binary') return parseTimestamp;
  return pgTypes.getTypeParser(oid, format as 'text');
}
