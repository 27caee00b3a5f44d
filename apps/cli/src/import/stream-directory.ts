// Files of a market stream as they appear in a directory.
import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FileRefusal, readMarketStreamFile } from '@ballast/formats';
import type { StreamBatch } from '@ballast/use-cases';
import { readInput } from '../input-file';

/** How often the directory is looked at [ms]; a file that did not change between two looks is whole. */
const lookIntervalMs = 200;
/** Names of files that are still being written. */
const unfinished = /^\.|\.(?:tmp|part|partial)$/;

/** Which directory, and what of it was taken before. */
export interface DirectoryStream {
  readonly directory: string;
  /** Aborted when no more files are to be taken. */
  readonly signal: AbortSignal;
  readonly isTaken: (file: { readonly fileName: string; readonly sha256: string }) => Promise<boolean>;
}

/**
 * Takes every file of a directory once, in order of the name: those that are there and those that come. A file counts as
 * whole when its size and time stood still between two looks; names that begin with a dot or end in .tmp, .part or .partial
 * are left alone. A file that cannot be read is told as a problem, and again only when it changed.
 */
export async function* streamDirectory({ directory, signal, isTaken }: DirectoryStream): AsyncGenerator<StreamBatch> {
  const seen = new Map<string, string>();
  const done = new Map<string, string>();
  while (!signal.aborted) {
    for (const name of (await readdir(directory)).filter((entry) => !unfinished.test(entry)).sort()) {
      if (signal.aborted) return;
      const stamp = await stampOf(path.join(directory, name));
      if (stamp === null || done.get(name) === stamp) continue;
      if (seen.get(name) !== stamp) {
        seen.set(name, stamp);
        continue;
      }
      done.set(name, stamp);
      const batch = await readFile(directory, name, isTaken);
      if (batch !== null) yield batch;
    }
    await sleep(lookIntervalMs, undefined, { signal }).catch(() => undefined);
  }
}

async function stampOf(file: string): Promise<string | null> {
  const stats = await stat(file).catch(() => null);
  return stats?.isFile() === true ? `${stats.size} ${stats.mtimeMs}` : null;
}

async function readFile(
  directory: string,
  name: string,
  isTaken: DirectoryStream['isTaken'],
): Promise<StreamBatch | null> {
  try {
    const source = await readInput(path.join(directory, name));
    const file = { fileName: name, sha256: createHash('sha256').update(source.bytes).digest('hex') };
    if (await isTaken(file)) return null;
    return { lines: await readMarketStreamFile(source), file };
  } catch (error) {
    if (!(error instanceof FileRefusal)) throw error;
    return { lines: error.problems.map((problem) => ({ problem })) };
  }
}
