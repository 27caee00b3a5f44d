import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { openDataDir } from './data-dir';
import { appRole, jobsRole, leaseRole, ownerRole, provisionDatabase, provisionRoles } from './database-roles';
import { findPostgresBinaries } from './embedded-postgres-binaries';
import {
  type Cluster,
  clusterMajorVersion,
  createCluster,
  findClusterFolder,
  findRunningPort,
  type ServerSettings,
  startCluster,
  stopCluster,
} from './embedded-postgres-cluster';
import { createSecrets, readSecrets, type ServerSecrets } from './embedded-postgres-secrets';
import { findServerUser, type ServerUser } from './embedded-postgres-user';
import { withFileLock } from './file-lock';
import { PersistenceError } from './persistence-error';

export interface EmbeddedPostgresOptions {
  /** Folder of the data; `<dataDir>/postgres` is the server's own. */
  readonly dataDir: string;
  /** Folder with Postgres programs, the value of PG_BIN. */
  readonly pgBin?: string | undefined;
  /** Extra server settings; tests switch `fsync` off here, nobody else may. */
  readonly settings?: ServerSettings;
  /** False skips flushing to disk while the data directory is created; for throw-away directories. */
  readonly durable?: boolean;
  /** Longest wait for a connection, and for the answer to a statement of joining and leaving [ms]; default 60 000. */
  readonly answerLimitMs?: number;
  /** Told when the server died and when it runs again. */
  readonly onEvent?: (event: 'lost' | 'recovered' | 'not recovered', reason?: unknown) => void;
}

const database = 'ballast';
/** Longest wait for a connection to close [ms]. */
const goodbyeLimitMs = 5_000;
const answerLimitDefaultMs = 60_000;
const attemptsBeforeTelling = 20;
/** Advisory lock in the database `postgres`: held shared by every process that uses the server. */
const leaseKey = '4702111234507';

/** What this process uses or is about to use, and whether it is to use no more. */
const use = { opening: new Set<Promise<unknown>>(), servers: new Set<EmbeddedPostgres>(), isOver: false };

/** Notes what has to be waited for before a process may end. */
function opened<Result>(opening: () => Promise<Result>): Promise<Result> {
  if (use.isOver) return Promise.reject(new PersistenceError('UNAVAILABLE', 'the process is ending'));
  const running = opening();
  use.opening.add(running);
  const forget = (): void => void use.opening.delete(running);
  running.then(forget, forget);
  return running;
}

/**
 * The embedded server as one process uses it. Any number of processes on this machine may share one DATA_DIR:
 * whoever comes first starts the server, and whoever leaves last stops it. "Uses it" is an advisory lock on an open
 * connection, so a process that is killed stops counting at once; a server whose last user was killed keeps running
 * until the next user leaves.
 */
export class EmbeddedPostgres {
  private lease: Client | null = null;
  private released = false;
  private recovering: Promise<void> | null = null;

  private constructor(
    private readonly options: EmbeddedPostgresOptions,
    private readonly cluster: Cluster,
    private readonly secrets: ServerSecrets,
    private port: number,
    /** True when this call started the server, false when it was already running. */
    readonly started: boolean,
  ) {}

  /**
   * Starts the server on a DATA_DIR, creating the data directory at the first start, or joins the one that runs.
   *
   * @throws PersistenceError 'POSTGRES_NOT_FOUND', 'POSTGRES_NOT_STARTED', 'POSTGRES_VERSION_MISMATCH',
   *         'PLATFORM_UNSUPPORTED', 'LOCK_TIMEOUT', 'CONFIGURATION_INVALID'
   */
  static async acquire(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
    openDataDir(options.dataDir);
    const acquire = async (): Promise<EmbeddedPostgres> => {
      const { cluster, secrets } = await openCluster(options);
      const running = findRunningPort(cluster.folder);
      const port = running ?? (await startCluster(cluster, options.settings ?? {}));
      const server = new EmbeddedPostgres(options, cluster, secrets, port, running === null);
      if (running === null) await server.provision();
      await server.takeLease();
      use.servers.add(server);
      return server;
    };
    return opened(() => withFileLock(lockFile(options.dataDir), acquire));
  }

  /** Gives up every server that this process uses or is about to use: it ends before whoever asked for them can. */
  static async releaseAll(): Promise<void> {
    use.isOver = true;
    await Promise.allSettled(use.opening);
    await Promise.allSettled([...use.servers].map((server) => server.release()));
  }

  /**
   * Makes the data directory where there is none, ahead of `acquire`, which else makes it. No server runs afterwards.
   *
   * @throws PersistenceError as `acquire`
   */
  static async prepare(options: EmbeddedPostgresOptions): Promise<void> {
    openDataDir(options.dataDir);
    await opened(() => withFileLock(lockFile(options.dataDir), () => openCluster(options)));
  }

  /** Connection string of the application's unprivileged role. */
  get appUrl(): string {
    return this.urlOf('app', database);
  }

  /** Connection string of the role that owns the tables; for migrations only. */
  get ownerUrl(): string {
    return this.urlOf('owner', database);
  }

  /** Connection string of the role that owns the job queue. */
  get jobsUrl(): string {
    return this.urlOf('jobs', database);
  }

  /** Connection string of a role to a database of this server; the superuser creates databases and roles. */
  urlOf(role: 'app' | 'owner' | 'superuser' | 'jobs', databaseName: string): string {
    const name = { app: appRole, owner: ownerRole, superuser: 'postgres', jobs: jobsRole }[role];
    return this.url(name, this.secrets[role], databaseName);
  }

  /** Data directory, for cold copies. */
  get folder(): string {
    return this.cluster.folder;
  }

  /**
   * Gives up the use of the server, and stops it when nobody else uses it. Whatever fails, the connection is closed: one
   * left open would keep the process alive. Where DATA_DIR was removed there is nothing to stop.
   *
   * @returns whether it was stopped
   */
  async release(): Promise<boolean> {
    if (this.released) return false;
    this.released = true;
    use.servers.delete(this);
    await this.recovering?.catch(() => undefined);
    if (!fs.existsSync(this.options.dataDir)) {
      await this.giveUpLease();
      return false;
    }
    try {
      return await withFileLock(lockFile(this.options.dataDir), async () => {
        const alone = await this.giveUpLease();
        if (alone) await stopCluster(this.cluster);
        return alone;
      });
    } finally {
      await this.giveUpLease();
    }
  }

  private url(role: string, password: string, name: string): string {
    return `postgres://${role}:${password}@127.0.0.1:${this.port}/${name}`;
  }

  /** Done by whoever starts the server, so that an interrupted first start is completed by the next one. */
  private async provision(): Promise<void> {
    const superuser = await connect(this.urlOf('superuser', 'postgres'), this.options);
    try {
      const { owner, app, lease, jobs } = this.secrets;
      const passwords = { [ownerRole]: owner, [appRole]: app, [leaseRole]: lease, [jobsRole]: jobs };
      await provisionRoles(superuser, passwords);
      await provisionDatabase(superuser, { name: database });
    } finally {
      await endClient(superuser);
    }
  }

  private async takeLease(): Promise<void> {
    const lease = await connect(this.url(leaseRole, this.secrets.lease, 'postgres'), this.options);
    try {
      await lease.query(`SELECT pg_advisory_lock_shared(${leaseKey})`);
    } catch (failure) {
      await endClient(lease);
      const reason = `the server of ${this.options.dataDir} cannot be joined: ${(failure as Error).message}`;
      throw new PersistenceError('POSTGRES_NOT_STARTED', reason, { cause: failure });
    }
    this.lease = lease;
    lease.on('error', () => undefined);
    lease.on('end', () => {
      if (this.lease === lease && !this.released) this.recovering = this.recover();
    });
  }

  private async giveUpLease(): Promise<boolean> {
    const lease = this.lease;
    this.lease = null;
    if (lease === null) return false;
    try {
      await lease.query(`SELECT pg_advisory_unlock_shared(${leaseKey})`);
      const answer = await lease.query<{ alone: boolean }>(`SELECT pg_try_advisory_lock(${leaseKey}) AS alone`);
      return answer.rows[0]?.alone ?? false;
    } catch {
      return false;
    } finally {
      await endClient(lease);
    }
  }

  /** The server died under us (killed, out of memory): whoever notices first starts it again on the same port. */
  private async recover(): Promise<void> {
    this.options.onEvent?.('lost');
    for (let attempt = 1; !this.released; attempt += 1) {
      try {
        await withFileLock(lockFile(this.options.dataDir), async () => {
          const running = findRunningPort(this.cluster.folder);
          this.port = running ?? (await startCluster(this.cluster, this.options.settings ?? {}));
          await this.takeLease();
        });
        this.options.onEvent?.('recovered');
        return;
      } catch (failure) {
        // Told once; a disk that is full today may have space tomorrow, so the attempts go on.
        if (attempt === attemptsBeforeTelling) this.options.onEvent?.('not recovered', failure);
        if (!fs.existsSync(this.options.dataDir)) return;
        await sleep(Math.min(100 * attempt, 1_000));
      }
    }
  }
}

async function openCluster(options: EmbeddedPostgresOptions): Promise<{ cluster: Cluster; secrets: ServerSecrets }> {
  const folder = findClusterFolder(options.dataDir);
  if (folder !== null) {
    const user = ownerOf(folder);
    const majorVersion = clusterMajorVersion(folder);
    const binaries = findPostgresBinaries({ user, pgBin: options.pgBin, majorVersion });
    return { cluster: { folder, user, binaries }, secrets: readSecrets(options.dataDir) };
  }
  const user = findServerUser();
  const binaries = findPostgresBinaries({ user, pgBin: options.pgBin });
  // An interrupted first start leaves drafts; we hold the lock, so nobody is working on them.
  for (const name of fs.readdirSync(options.dataDir)) {
    if (name.startsWith('postgres.new-')) fs.rmSync(path.join(options.dataDir, name), { recursive: true, force: true });
  }
  const secrets = createSecrets(options.dataDir);
  const cluster = await createCluster(options.dataDir, {
    user,
    binaries,
    superuserPassword: secrets.superuser,
    durable: options.durable ?? true,
  });
  return { cluster, secrets };
}

/** An existing data directory decides the account: Postgres runs only as its owner. */
function ownerOf(folder: string): ServerUser {
  const stat = fs.statSync(folder);
  const user = findServerUser();
  if (user.dropped && stat.uid !== 0) return { ...user, uid: stat.uid, gid: stat.gid, name: `uid ${stat.uid}` };
  if (!user.dropped && stat.uid === user.uid) return user;
  throw new PersistenceError(
    'CONFIGURATION_INVALID',
    `${folder} belongs to user id ${stat.uid}, this process runs as ${process.getuid?.()}; run as that user or set another DATA_DIR`,
  );
}

/** Waits for a server that is still recovering from a crash (SQLSTATE 57P03), at most a minute. */
async function connect(connectionString: string, options: EmbeddedPostgresOptions): Promise<Client> {
  const answerLimitMs = options.answerLimitMs ?? answerLimitDefaultMs;
  for (const giveUpAt = performance.now() + 60_000; ;) {
    const client = new Client({
      connectionString,
      application_name: 'ballast',
      connectionTimeoutMillis: Math.min(answerLimitMs, 10_000),
      query_timeout: answerLimitMs,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (failure) {
      await endClient(client);
      const { code } = failure as { code?: string };
      const starting = code === '57P03' || code === 'ECONNREFUSED';
      if (!starting || performance.now() > giveUpAt) {
        throw new PersistenceError('POSTGRES_NOT_STARTED', `cannot connect: ${(failure as Error).message}`, {
          cause: failure,
        });
      }
      await sleep(100);
    }
  }
}

/** Says goodbye; a server that does not answer is hung up on. */
async function endClient(client: Client): Promise<void> {
  const hangUp = setTimeout(() => {
    (client as unknown as { connection?: { stream?: { destroy(): void } } }).connection?.stream?.destroy();
  }, goodbyeLimitMs);
  await client.end().catch(() => undefined);
  clearTimeout(hangUp);
}

function lockFile(dataDir: string): string {
  return path.join(dataDir, 'postgres.lock');
}
