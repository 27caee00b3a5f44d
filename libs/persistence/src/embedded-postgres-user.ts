import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { PersistenceError } from './persistence-error';

/** The operating-system account the embedded server runs under. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
  readonly name: string;
  /** True when the process is root and gives up that right for the server, which Postgres demands. */
  readonly dropped: boolean;
}

/** Accounts that exist on ordinary systems and own nothing; the first that exists is taken. */
const unprivilegedNames = ['postgres', 'nobody', 'daemon', '_postgres'];

/**
 * Finds the account for the server: our own when we are a normal user; as root an existing unprivileged one, since
 * Postgres refuses to run as root and creating accounts on somebody's machine is not ours to do.
 *
 * @throws PersistenceError 'PLATFORM_UNSUPPORTED' on Windows, or as root without any unprivileged account
 */
export function findServerUser(): ServerUser {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) {
    throw new PersistenceError(
      'PLATFORM_UNSUPPORTED',
      'the embedded Postgres runs on Linux and macOS; on Windows set DATABASE_URL and MIGRATION_DATABASE_URL',
    );
  }
  if (uid !== 0) return { uid, gid, name: `uid ${uid}`, dropped: false };
  for (const name of unprivilegedNames) {
    const found = { uid: lookUp('-u', name), gid: lookUp('-g', name) };
    if (found.uid !== null && found.gid !== null && found.uid !== 0) {
      return { uid: found.uid, gid: found.gid, name, dropped: true };
    }
  }
  throw new PersistenceError(
    'PLATFORM_UNSUPPORTED',
    `running as root, and none of the accounts ${unprivilegedNames.join(', ')} exists to run Postgres under; ` +
      'start as a normal user or set DATABASE_URL',
  );
}

/** Says whether a user can reach and read (and for folders and programs, enter and execute) a path. */
export function isReachableBy(user: ServerUser, target: string): boolean {
  const real = fs.realpathSync(target);
  return isPassableBy(user, path.dirname(real)) && isAllowed(user, real, 0o5);
}

/** Says whether a user can pass through a folder and all above it. */
export function isPassableBy(user: ServerUser, target: string): boolean {
  for (let folder = fs.realpathSync(target); ; folder = path.dirname(folder)) {
    if (!isAllowed(user, folder, 0o1)) return false;
    if (folder === path.dirname(folder)) return true;
  }
}

function isAllowed(user: ServerUser, target: string, bits: number): boolean {
  if (user.uid === 0) return true;
  const stat = fs.statSync(target);
  const shift = stat.uid === user.uid ? 6 : stat.gid === user.gid ? 3 : 0;
  return ((stat.mode >> shift) & bits) === bits;
}

function lookUp(flag: '-u' | '-g', name: string): number | null {
  const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const value = Number.parseInt(answer.stdout ?? '', 10);
  return answer.status === 0 && Number.isInteger(value) ? value : null;
}
