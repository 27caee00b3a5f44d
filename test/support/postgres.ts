import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  Database,
  EmbeddedPostgres,
  type PersistenceOptions,
  provisionDatabase,
  runMigrations,
} from '@ballast/persistence';
import { Client } from 'pg';

/** A fresh database of a suite, on the one embedded server that all suites of this machine share. */
export interface TestDatabase {
  readonly name: string;
  readonly appUrl: string;
  readonly ownerUrl: string;
  readonly superuserUrl: string;
  readonly jobsUrl: string;
  /** Options for a Database or a Nest module on this database. */
  readonly options: PersistenceOptions;
  /** A Database that is open. */
  readonly database: Database;
  /** Environment for a process that shall work on this database. */
  readonly environment: Readonly<Record<string, string>>;
  /** Closes the Database and drops the database. */
  readonly close: () => Promise<void>;
}

// The first suite on a machine initialises the server, and a loaded machine takes its time for that.
if (typeof jest !== 'undefined') jest.setTimeout(60_000);

/** Speed for durability: the data is thrown away. */
const throwAwaySettings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' };

/**
 * Gives a suite its own migrated database in some 50 ms: the server is started by whoever comes first (initdb once per
 * machine), migrations run once into a template, and every suite clones that.
 */
export async function openTestDatabase(overrides: Partial<PersistenceOptions> = {}): Promise<TestDatabase> {
  const server = await acquireTestServer();
  try {
    return await cloneTemplate(server, overrides);
  } catch (failure) {
    await server.release();
    throw failure;
  }
}

/** Gives a suite a database without any schema. */
export async function openEmptyDatabase(): Promise<
  Pick<TestDatabase, 'appUrl' | 'ownerUrl' | 'superuserUrl' | 'jobsUrl' | 'close'>
> {
  const server = await acquireTestServer();
  const name = `ballast_test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, (client) => provisionDatabase(client, { name }));
  return {
    ...urlsOf(server, name),
    close: async () => {
      await dropDatabase(server, name);
      await server.release();
    },
  };
}

/** Runs work on a connection of its own and closes it. */
export async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function acquireTestServer(): Promise<EmbeddedPostgres> {
  const dataDir = path.join(os.tmpdir(), `ballast-test-${process.getuid?.() ?? 0}`);
  const server = await EmbeddedPostgres.acquire({ dataDir, settings: throwAwaySettings, durable: false });
  if (server.started) await asSuperuser(server, dropLeftovers);
  return server;
}

async function cloneTemplate(server: EmbeddedPostgres, overrides: Partial<PersistenceOptions>): Promise<TestDatabase> {
  const template = `ballast_template_${hashMigrations()}`;
  const name = `ballast_test_${randomBytes(6).toString('hex')}`;
  await asSuperuser(server, async (client) => {
    await client.query('SELECT pg_advisory_lock(20261121)');
    const known = await client.query('SELECT 1 FROM pg_database WHERE datname = $1 AND datistemplate', [template]);
    if (known.rowCount === 0) await makeTemplate(server, client, template);
    await provisionDatabase(client, { name, template });
  });
  const urls = urlsOf(server, name);
  const options: PersistenceOptions = {
    databaseUrl: urls.appUrl,
    jobsDatabaseUrl: urls.jobsUrl,
    dataDir: '/nonexistent',
    poolSize: 4,
    poolWaitMs: 5_000,
    statementTimeoutMs: 30_000,
    ...overrides,
  };
  const database = new Database(() => options);
  await database.connect();
  return {
    name,
    ...urls,
    options,
    database,
    environment: {
      DATABASE_URL: urls.appUrl,
      MIGRATION_DATABASE_URL: urls.ownerUrl,
      JOBS_DATABASE_URL: urls.jobsUrl,
    },
    close: async () => {
      await database.close();
      await dropDatabase(server, name);
      await server.release();
    },
  };
}

/** Tests state runs of any day; that the database limits what a run may say it knew is shown in known-times.spec.ts. */
async function letRunsStateWhatTheyKnew(ownerUrl: string): Promise<void> {
  await withClient(ownerUrl, (client) => client.query('ALTER TABLE margin_runs DISABLE TRIGGER limit_known_insert'));
}

async function makeTemplate(server: EmbeddedPostgres, client: Client, template: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(template)} WITH (FORCE)`);
  await provisionDatabase(client, { name: template });
  await runMigrations(server.urlOf('owner', template));
  await letRunsStateWhatTheyKnew(server.urlOf('owner', template));
  await client.query(`ALTER DATABASE ${client.escapeIdentifier(template)} IS_TEMPLATE true`);
}

/** Only the starter cleans: nobody else is connected then. */
async function dropLeftovers(client: Client): Promise<void> {
  const keep = `ballast_template_${hashMigrations()}`;
  const found = await client.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database WHERE datname ~ '^ballast_(test|template)_' AND datname <> $1`,
    [keep],
  );
  for (const { name } of found.rows) {
    const quoted = client.escapeIdentifier(name);
    await client.query(`ALTER DATABASE ${quoted} IS_TEMPLATE false`);
    await client.query(`DROP DATABASE ${quoted} WITH (FORCE)`);
  }
}

async function dropDatabase(server: EmbeddedPostgres, name: string): Promise<void> {
  await asSuperuser(server, async (client) => {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(name)} WITH (FORCE)`);
  });
}

function asSuperuser<T>(server: EmbeddedPostgres, work: (client: Client) => Promise<T>): Promise<T> {
  return withClient(server.urlOf('superuser', 'postgres'), work);
}

function urlsOf(server: EmbeddedPostgres, name: string) {
  return {
    appUrl: server.urlOf('app', name),
    ownerUrl: server.urlOf('owner', name),
    superuserUrl: server.urlOf('superuser', name),
    jobsUrl: server.urlOf('jobs', name),
  };
}

function hashMigrations(): string {
  const folder = path.resolve(__dirname, '../../migrations');
  const hash = createHash('sha256');
  for (const name of fs.readdirSync(folder).sort()) {
    if (/\.(ts|js)$/.test(name)) hash.update(name).update(fs.readFileSync(path.join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
