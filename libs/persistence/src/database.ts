import type { Instant } from '@ballast/domain';
import { Client, type ClientConfig, Pool, type PoolClient, type QueryResult } from 'pg';
import { beginStatement, type TransactionSettings } from './begin-statement';
import type { DatabaseConnection } from './database-connection';
import { type OpenDatabase, openDatabase } from './open-database';
import { PersistenceError, toPersistenceError } from './persistence-error';
import type { PersistenceOptions } from './persistence-options';
import { type TenantScope, TenantTransaction } from './tenant';

/** Connections of one process. */
export interface PoolUse {
  /** Open ones, ≥ 0. */
  readonly total: number;
  /** Of those, the ones nobody uses. */
  readonly idle: number;
  /** Callers that wait for one. */
  readonly waiting: number;
}

/**
 * The connection to the record. Nothing happens before the first use, so commands that need no database never start one;
 * the first use resolves the connection, migrates where allowed, and refuses an unsafe role or an unprotected table.
 */
export class Database {
  private opening: Promise<OpenDatabase> | null = null;
  private pool: Pool | null = null;
  private closed = false;
  /** When it was last known of a month that its partitions exist [performance.now()]. */
  private readonly monthsReady = new Map<string, number>();

  /** @param options  read at the first use, so that a wrong setting does not stop a command that needs no database */
  constructor(private readonly options: () => PersistenceOptions) {}

  /** How the record is reached. */
  get settings(): PersistenceOptions {
    return this.options();
  }

  /** How another thread of this process opens connections of its own to the same record: found already, nothing migrated. */
  async settingsForThread(poolSize: number): Promise<PersistenceOptions> {
    const { connection } = await this.open();
    const { dataDir, statementTimeoutMs, poolWaitMs } = this.options();
    return { databaseUrl: connection.appUrl, dataDir, poolSize, statementTimeoutMs, poolWaitMs };
  }

  /** Connects now instead of at the first use. @returns what was done, for the start-up log */
  async connect(): Promise<{
    readonly kind: DatabaseConnection['kind'];
    readonly migrationsApplied: readonly string[];
  }> {
    const { connection, migrationsApplied } = await this.open();
    return { kind: connection.kind, migrationsApplied };
  }

  /**
   * Runs work in one transaction that sees one firm: BEGIN; set firm, accounts and statement timeout for this
   * transaction only; work; COMMIT, or ROLLBACK when the work throws. A scope that already is a transaction is joined.
   *
   * @throws PersistenceError for refusals of the database, `UNAVAILABLE` when it cannot be reached; anything the work
   *         throws passes unchanged
   */
  async withTenant<T>(
    scope: TenantScope,
    work: (transaction: TenantTransaction) => Promise<T>,
    settings: TransactionSettings = {},
  ): Promise<T> {
    if (scope instanceof TenantTransaction) return work(scope);
    const { dataSource } = await this.open();
    const begin = beginStatement(scope, settings, this.options().statementTimeoutMs);
    const runner = dataSource.createQueryRunner();
    const ended = this.options().onTransaction?.();
    let transaction: TenantTransaction | null = null;
    try {
      const client = (await runner.connect()) as PoolClient;
      const begun = (await client.query(begin)) as unknown as readonly QueryResult<{
        readonly moment?: string | null;
      }>[];
      const { plans } = settings;
      const moment = begun[1]?.rows[0]?.moment ?? null;
      transaction = new TenantTransaction(scope, runner.manager, client, { plans, moment });
      const result = await work(transaction);
      transaction.end();
      await client.query('COMMIT');
      ended?.();
      return result;
    } catch (failure) {
      ended?.(failure);
      transaction?.end();
      // A rollback fails only on a dead connection, whose transaction the server has rolled back already.
      if (!runner.isReleased) await runner.query('ROLLBACK').catch(() => undefined);
      throw toPersistenceError(failure);
    } finally {
      await runner.release();
    }
  }

  /** Runs one statement that concerns no firm (the firm directory, partitions); row level security shows it no data. */
  async rowsWithoutTenant<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    const { dataSource } = await this.open();
    try {
      return await dataSource.query<Row[]>(sql, [...parameters]);
    } catch (failure) {
      throw toPersistenceError(failure);
    }
  }

  /** Whether a job queue is provided. */
  async hasJobs(): Promise<boolean> {
    return (await this.open()).connection.jobsUrl !== null;
  }

  /**
   * Opens connections as the role of the job queue. A broken idle one is told and replaced, and never ends the process. The
   * caller ends the pool.
   *
   * @throws PersistenceError 'CONFIGURATION_INVALID' where no queue is provided
   */
  async openJobsPool(max: number): Promise<Pool> {
    const { connection } = await this.open();
    if (connection.jobsUrl === null)
      throw new PersistenceError('CONFIGURATION_INVALID', 'JOBS_DATABASE_URL: expected the database as ballast_jobs');
    const pool = new Pool({
      connectionString: connection.jobsUrl,
      application_name: 'ballast jobs',
      connectionTimeoutMillis: this.options().poolWaitMs,
      keepAlive: true,
      max,
    });
    pool.on('error', (failure) => this.options().onEvent?.('an idle connection of the job queue broke', failure));
    pool.on('connect', (client) => client.on('error', () => undefined));
    return pool;
  }

  /**
   * Opens a connection outside the pool, for what belongs to a session. The caller ends it.
   *
   * @param as.name              how Postgres lists it
   * @param as.silenceMaximumMs  a statement that is not answered for so long fails; waits for ever when absent
   */
  async openSession(as: { readonly name?: string; readonly silenceMaximumMs?: number } = {}): Promise<Client> {
    const { connection } = await this.open();
    return this.startSession({
      connectionString: connection.appUrl,
      application_name: as.name ?? 'ballast session',
      connectionTimeoutMillis: this.options().poolWaitMs,
      keepAlive: true,
      ...(as.silenceMaximumMs === undefined ? {} : { query_timeout: as.silenceMaximumMs }),
    });
  }

  /**
   * Makes sure that rows of a time have a monthly partition to go to. Asked outside a transaction where possible, because
   * creating one locks the tables it refers to until the transaction ends; remembered for a minute, so that asking again is
   * free and a month that was given up meanwhile is missed no longer than that.
   */
  async ensurePartition(scope: TenantScope, at: Instant): Promise<void> {
    const text = new Date(at).toISOString();
    const month = text.slice(0, 7);
    if (performance.now() - (this.monthsReady.get(month) ?? -Infinity) < monthReadyMs) return;
    if (scope instanceof TenantTransaction) {
      await scope.rows('SELECT ensure_month_partitions($1, $1)', [text]);
      return;
    }
    await this.rowsWithoutTenant('SELECT ensure_month_partitions($1, $1)', [text]);
    this.monthsReady.set(month, performance.now());
  }

  /** Makes the partitions of the month of `now` and of the `months` after it. @returns how many were missing */
  async ensurePartitionsAhead(now: Instant, months: number): Promise<number> {
    const sql = `SELECT ensure_month_partitions($1::timestamptz,
      (date_trunc('month', $1::timestamptz AT TIME ZONE 'UTC') + make_interval(months => $2)) AT TIME ZONE 'UTC') AS made`;
    const parameters = [new Date(now).toISOString(), months];
    return (await this.rowsWithoutTenant<{ made: number }>(sql, parameters))[0]?.made ?? 0;
  }

  /**
   * Opens a connection of the role that owns the tables, for maintenance. The caller ends it.
   *
   * @throws PersistenceError 'CONFIGURATION_INVALID' when this process has no such role
   */
  async openOwnerSession(): Promise<Client> {
    const { connection } = await this.open();
    if (connection.ownerUrl === null) {
      const message = 'MIGRATION_DATABASE_URL: this needs the owner of the tables, who is not configured';
      throw new PersistenceError('CONFIGURATION_INVALID', message);
    }
    return this.startSession({ connectionString: connection.ownerUrl, application_name: 'ballast maintain' });
  }

  /** Answers whether the database answers: one trivial statement through the pool. */
  async isReachable(): Promise<boolean> {
    try {
      await this.rowsWithoutTenant('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  /** How the connections of this process are used at the moment; all 0 before the first use. */
  poolUse(): PoolUse {
    const pool = this.pool;
    if (pool === null) return { total: 0, idle: 0, waiting: 0 };
    return { total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount };
  }

  /** Closes the pool, and stops the embedded server when nobody else uses it. Safe to call twice. */
  async close(): Promise<void> {
    this.closed = true;
    const opening = this.opening;
    this.opening = null;
    const opened = await opening?.catch(() => null);
    if (opened == null) return;
    await opened.dataSource.destroy();
    await opened.connection.close();
  }

  /** Called by Nest when the application shuts down. */
  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  private async startSession(config: ClientConfig): Promise<Client> {
    const client = new Client(config);
    client.on('error', (failure) => this.options().onEvent?.('a session connection broke', failure));
    try {
      await client.connect();
      return client;
    } catch (failure) {
      throw toPersistenceError(failure);
    }
  }

  private open(): Promise<OpenDatabase> {
    if (this.closed) return Promise.reject(new PersistenceError('UNAVAILABLE', 'the database connection is closed'));
    if (this.opening === null) {
      const opening = openDatabase(this.options());
      this.opening = opening;
      opening.then(
        ({ dataSource }) => (this.pool = (dataSource.driver as unknown as { master: Pool }).master),
        () => undefined,
      );
      opening.catch(() => {
        // Let the next use try again.
        if (this.opening === opening) this.opening = null;
      });
    }
    return this.opening;
  }
}

/** How long it is remembered that the partitions of a month exist [ms]. */
const monthReadyMs = 60_000;
