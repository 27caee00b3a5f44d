import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { PersistenceError } from './persistence-error';

/**
 * Runs one action at a time among all processes of this machine that name the same lock file.
 *
 * The file holds the owner's process id and start time, so a lock left by a killed process is recognised and broken;
 * breaking is itself serialised by a second file, because two waiters could otherwise break each other's fresh lock.
 *
 * @param file      path of the lock file; its folder must exist
 * @param action    what to do while the lock is held
 * @param waitLimitMs  how long to wait for another process            [ms]
 * @throws PersistenceError 'LOCK_TIMEOUT' naming the file and the process that holds it
 */
export async function withFileLock<T>(file: string, action: () => Promise<T>, waitLimitMs = 90_000): Promise<T> {
  const mine = `${process.pid} ${processStartedAt(process.pid) ?? 'unknown'} ${randomBytes(6).toString('hex')}`;
  const giveUpAt = performance.now() + waitLimitMs;
  while (!tryCreate(file, mine)) {
    breakIfAbandoned(file);
    if (performance.now() > giveUpAt) {
      const owner = readOrNull(file)?.split(' ')[0] ?? 'unknown';
      throw new PersistenceError(
        'LOCK_TIMEOUT',
        `${file} is held by process ${owner} for more than ${waitLimitMs / 1000} s; remove it if that process is not Ballast`,
      );
    }
    await sleep(10 + (randomBytes(1).readUInt8() % 20));
  }
  try {
    return await action();
  } finally {
    if (readOrNull(file) === mine) fs.rmSync(file, { force: true });
  }
}

/** Start time of a process as the kernel states it, or null when it does not run (a zombie does not run). */
export function processStartedAt(pid: number): string | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? null : (fields[19] ?? null);
  } catch {
    if (process.platform === 'linux') return null;
  }
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'EPERM' ? 'running' : null;
  }
}

function tryCreate(file: string, content: string): boolean {
  try {
    fs.writeFileSync(file, content, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw failure;
  }
}

function breakIfAbandoned(file: string): void {
  if (!isAbandoned(file)) return;
  const breaker = `${file}.break`;
  try {
    fs.closeSync(fs.openSync(breaker, 'wx', 0o600));
  } catch {
    // Held for microseconds of synchronous code; an old one means its process was killed inside them.
    if (ageOf(breaker) > 10_000) fs.rmSync(breaker, { force: true });
    return;
  }
  try {
    if (isAbandoned(file)) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(breaker, { force: true });
  }
}

function isAbandoned(file: string): boolean {
  const content = readOrNull(file);
  if (content === null) return false;
  // Created but not yet written; old and still empty means its process was killed in between.
  if (content === '') return ageOf(file) > 10_000;
  const [pid, startedAt] = content.split(' ');
  const running = processStartedAt(Number(pid));
  return running === null || (startedAt !== 'unknown' && startedAt !== running);
}

function ageOf(file: string): number {
  try {
    return Date.now() - fs.statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function readOrNull(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
