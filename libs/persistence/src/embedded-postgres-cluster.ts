import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PostgresBinaries } from './embedded-postgres-binaries';
import { isPassableBy, type ServerUser } from './embedded-postgres-user';
import { processStartedAt } from './file-lock';
import { PersistenceError } from './persistence-error';

/** One data directory of Postgres and what is needed to run it. */
export interface Cluster {
  /** Real path of the data directory. */
  readonly folder: string;
  readonly binaries: PostgresBinaries;
  readonly user: ServerUser;
}

/** Server settings that are written anew at every start; values as they stand in postgresql.conf. */
export type ServerSettings = Readonly<Record<string, string>>;

const fixedSettings: ServerSettings = {
  listen_addresses: "'127.0.0.1'",
  unix_socket_directories: "''",
  password_encryption: 'scram-sha-256',
  timezone: "'UTC'",
  log_timezone: "'UTC'",
  log_min_messages: 'warning',
  jit: 'off',
  max_connections: '100',
  shared_buffers: '128MB',
  // Moves of prices rewrite a row per holder each time; a minute of them is walked past by every look-up.
  autovacuum_naptime: '10s',
  // One call per file system instead of one per file: recovery after a crash takes a fraction of the time.
  ...(process.platform === 'linux' ? { recovery_init_sync_method: 'syncfs' } : {}),
};

/** Longest run of a Postgres program [ms]. */
const programLimitMs = 180_000;

const retryable =
  /pre-existing shared memory block|lock file "postmaster\.pid" already exists|could not bind|Address already in use|could not create any TCP\/IP sockets/;

/** Where the data directory of a DATA_DIR is, or null when there is none yet. */
export function findClusterFolder(dataDir: string): string | null {
  const folder = path.join(dataDir, 'postgres');
  return fs.existsSync(path.join(folder, 'PG_VERSION')) ? fs.realpathSync(folder) : null;
}

/** Major version of the server that made a data directory. */
export function clusterMajorVersion(folder: string): number {
  return Number.parseInt(fs.readFileSync(path.join(folder, 'PG_VERSION'), 'utf8'), 10);
}

/**
 * Creates the data directory: checksums on, C locale, UTF-8, password login on loopback only. It is made under another
 * name and renamed when complete, so that an interrupted first start leaves nothing half made.
 *
 * When the server user cannot pass to DATA_DIR (root working below a private folder) the directory is made in
 * /var/lib/ballast and DATA_DIR/postgres becomes a symbolic link to it.
 */
export async function createCluster(
  dataDir: string,
  input: Omit<Cluster, 'folder'> & { readonly superuserPassword: string; readonly durable: boolean },
): Promise<Cluster> {
  const { binaries, user } = input;
  const linked = !letPass(user, dataDir);
  if (linked) createOpenFolder('/var/lib/ballast');
  const draft = linked
    ? fs.mkdtempSync('/var/lib/ballast/cluster-')
    : fs.mkdtempSync(path.join(fs.realpathSync(dataDir), 'postgres.new-'));
  const secret = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-init-'));
  try {
    const passwordFile = path.join(secret, 'password');
    fs.writeFileSync(passwordFile, `${input.superuserPassword}\n`, { mode: 0o600 });
    for (const owned of [draft, secret, passwordFile]) fs.chownSync(owned, user.uid, user.gid);
    const options = [
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale=C',
      '--data-checksums',
    ];
    const made = await runProgram({ folder: draft, binaries, user }, 'initdb', [
      ...options,
      `--pwfile=${passwordFile}`,
      '--no-instructions',
      ...syncOptions(input),
      `--pgdata=${draft}`,
    ]);
    if (made.code !== 0) throw new PersistenceError('POSTGRES_NOT_STARTED', `initdb failed: ${made.output.trim()}`);
    fs.appendFileSync(path.join(draft, 'postgresql.conf'), "\ninclude_if_exists = 'ballast.conf'\n");
    fs.writeFileSync(path.join(draft, 'pg_hba.conf'), 'host all all 127.0.0.1/32 scram-sha-256\n');
    const folder = path.join(dataDir, 'postgres');
    if (linked) fs.symlinkSync(draft, folder);
    else fs.renameSync(draft, folder);
    return { folder: fs.realpathSync(folder), binaries, user };
  } catch (failure) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw failure;
  } finally {
    fs.rmSync(secret, { recursive: true, force: true });
  }
}

/** DATA_DIR is ours: others may be let through it (its files stay private), but not through the folders above it. */
function letPass(user: ServerUser, dataDir: string): boolean {
  if (isPassableBy(user, dataDir)) return true;
  const stat = fs.statSync(dataDir);
  if (stat.uid !== process.getuid?.() || !isPassableBy(user, path.dirname(fs.realpathSync(dataDir)))) return false;
  fs.chmodSync(dataDir, (stat.mode & 0o777) | 0o011);
  return true;
}

/** Flushes a new data directory by one call where Postgres and the system can, which is three times as fast. */
function syncOptions({
  durable,
  binaries,
}: {
  readonly durable: boolean;
  readonly binaries: PostgresBinaries;
}): string[] {
  if (!durable) return ['--no-sync'];
  return process.platform === 'linux' && binaries.majorVersion >= 17 ? ['--sync-method=syncfs'] : [];
}

/** Creates a folder, and those above it, that the server user can pass through, whatever the umask. */
export function createOpenFolder(folder: string): void {
  if (fs.existsSync(folder)) return;
  createOpenFolder(path.dirname(folder));
  try {
    // Not recursive: below /proc that never ends.
    fs.mkdirSync(folder);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  }
  fs.chmodSync(folder, 0o755);
}

/** Port of the server that runs on a data directory, or null when none does (a killed or zombie server does not). */
export function findRunningPort(folder: string): number | null {
  const lines = readPostmasterFile(folder);
  if (lines === null) return null;
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0 || processStartedAt(pid) === null || !isServerOf(pid, folder)) return null;
  return Number.isInteger(port) && port > 0 ? port : null;
}

/**
 * Starts the server and waits until it accepts connections. The port of the last start is kept when it is free, so that
 * connection pools of other processes find a restarted server again.
 *
 * A server that was killed may hold its shared memory for a moment after its death; starting is repeated until that
 * ends.
 *
 * @returns the port on 127.0.0.1
 * @throws PersistenceError 'POSTGRES_NOT_STARTED' with the last lines of the server's log
 */
export async function startCluster(cluster: Cluster, settings: ServerSettings): Promise<number> {
  const log = path.join(cluster.folder, 'server.log');
  const giveUpAt = performance.now() + 60_000;
  for (let port = await choosePort(readLastPort(cluster.folder)); ; port = await choosePort(port)) {
    removeForeignPostmasterFile(cluster.folder);
    writeOwned(cluster, 'ballast.conf', formatSettings({ ...fixedSettings, ...settings, port: String(port) }));
    keepLog(cluster.folder);
    writeOwned(cluster, 'server.log', '');
    const options = ['start', '--silent', '--wait', '--timeout=120', `--pgdata=${cluster.folder}`, `--log=${log}`];
    const started = await runProgram(cluster, 'pg_ctl', options);
    if (started.code === 0) return port;
    const complaint = fs.readFileSync(log, 'utf8').trim();
    if (!retryable.test(complaint) || performance.now() > giveUpAt) {
      const reason = `${started.output.trim()}\n${complaint.split('\n').slice(-8).join('\n')}`;
      throw new PersistenceError('POSTGRES_NOT_STARTED', `Postgres did not start on ${cluster.folder}: ${reason}`);
    }
    await sleep(150);
  }
}

/** Stops the server: running statements are broken off, everything committed is on disk. */
export async function stopCluster(cluster: Cluster): Promise<void> {
  if (findRunningPort(cluster.folder) === null) return;
  const options = ['stop', '--silent', '--mode=fast', '--wait', '--timeout=60', `--pgdata=${cluster.folder}`];
  const stopped = await runProgram(cluster, 'pg_ctl', options);
  if (stopped.code !== 0 && findRunningPort(cluster.folder) !== null) {
    throw new PersistenceError('POSTGRES_NOT_STARTED', `Postgres did not stop: ${stopped.output.trim()}`);
  }
}

function runProgram(cluster: Cluster, program: string, options: readonly string[]) {
  const { user } = cluster;
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = spawn(path.join(cluster.binaries.folder, program), options, {
      cwd: '/',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C', LC_ALL: 'C', TZ: 'UTC', TMPDIR: os.tmpdir() },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-8_000);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    // Longer than pg_ctl itself waits: only a program that hangs is killed.
    const killer = setTimeout(() => child.kill('SIGKILL'), programLimitMs);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(killer);
      resolve({ code, output });
    });
  });
}

/** The log of the run before is kept, one generation, for whoever wants to know why a server died. */
function keepLog(folder: string): void {
  const log = path.join(folder, 'server.log');
  if (fs.existsSync(log)) fs.renameSync(log, path.join(folder, 'server.previous.log'));
}

/** Writes a file whole or not at all: a full disk must not cost the settings, and with them the port, of the last start. */
function writeOwned(cluster: Cluster, name: string, content: string): void {
  const file = path.join(cluster.folder, name);
  const fresh = `${file}.new`;
  fs.writeFileSync(fresh, content, { mode: 0o600 });
  fs.chownSync(fresh, cluster.user.uid, cluster.user.gid);
  fs.renameSync(fresh, file);
}

function formatSettings(settings: ServerSettings): string {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  return `# Written by Ballast at every start; put your own settings into postgresql.conf after the include line.\n${lines.join('\n')}\n`;
}

function readLastPort(folder: string): number | null {
  const file = path.join(folder, 'ballast.conf');
  const match = fs.existsSync(file) ? /^port = (\d+)$/m.exec(fs.readFileSync(file, 'utf8')) : null;
  return match === null ? null : Number(match[1]);
}

async function choosePort(preferred: number | null): Promise<number> {
  return (preferred === null ? null : await tryListen(preferred)) ?? (await tryListen(0)) ?? choosePort(null);
}

function tryListen(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(null));
    probe.listen({ port, host: '127.0.0.1' }, () => {
      const address = probe.address() as net.AddressInfo;
      probe.close(() => resolve(address.port));
    });
  });
}

/** A process id is reused sooner or later; a server works inside its data directory, so that tells them apart. */
function isServerOf(pid: number, folder: string): boolean {
  if (process.platform !== 'linux') return true;
  try {
    return fs.readlinkSync(`/proc/${pid}/cwd`) === folder;
  } catch (failure) {
    // Where we may not look, suppose the best: Postgres itself then refuses a second server.
    return (failure as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}

/**
 * Postgres itself replaces the file of a dead server, but takes a zombie or an unrelated process with the same id for a
 * running one; then the file goes. Shared memory still in use by a dying server is found by a check of its own.
 */
function removeForeignPostmasterFile(folder: string): void {
  const pid = Number(readPostmasterFile(folder)?.[0]);
  if (!Number.isInteger(pid) || pid <= 0 || findRunningPort(folder) !== null) return;
  try {
    process.kill(pid, 0);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'ESRCH') return;
  }
  fs.rmSync(path.join(folder, 'postmaster.pid'), { force: true });
}

function readPostmasterFile(folder: string): string[] | null {
  try {
    return fs.readFileSync(path.join(folder, 'postmaster.pid'), 'utf8').split('\n');
  } catch {
    return null;
  }
}
