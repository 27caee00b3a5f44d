// Where a command writes its results: standard output, or a file that appears only when it is complete.
import { once } from 'node:events';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { link, rename, stat, unlink } from 'node:fs/promises';
import { exitCodes, CommandFailure } from './exit-code';

/** A stream of text with back pressure. */
export interface OutputTarget {
  readonly write: (text: string) => Promise<void>;
  /** Whether what was written stays whatever follows: standard output, a device or a pipe. */
  readonly isStream: boolean;
  /** Makes the output final. */
  readonly commit: () => Promise<void>;
  /** Leaves nothing behind where possible. */
  readonly discard: () => void;
}

/** What to do where the file exists already. */
export type ExistingFile = 'replace' | 'refuse-existing';

/** Opens standard output (path undefined or `-`) or a file. @throws CommandFailure when the file cannot be written */
export async function openOutput(
  path: string | undefined,
  existingFile: ExistingFile = 'replace',
): Promise<OutputTarget> {
  if (path === undefined || path === '-') {
    const write = (text: string): Promise<void> => writeTo(process.stdout, text);
    return { isStream: true, write, commit: async () => undefined, discard: () => undefined };
  }
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new CommandFailure(exitCodes.usage, `${path}: a directory, not a file`);
  if (existing?.isFile() === true && existingFile === 'refuse-existing') throw existsFailure(path);
  // A device or a pipe (/dev/null) takes the text as it comes; renaming a file over it would destroy it.
  const isDevice = existing !== undefined && !existing.isFile();
  return openFile(path, isDevice ? path : `${path}.${process.pid}.part`, existingFile);
}

async function openFile(path: string, partPath: string, existingFile: ExistingFile): Promise<OutputTarget> {
  const isPart = partPath !== path;
  const discard = () => {
    if (isPart) rmSync(partPath, { force: true });
  };
  const onInterrupt = () => {
    discard();
    process.exit(130);
  };
  // Before the file exists: an interrupt between the two would leave it behind.
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const stream = createWriteStream(partPath, { flags: isPart ? 'wx' : 'w' });
  const failed = new Promise<never>((_, reject) => {
    stream.once('error', (error) => reject(writeFailure(path, error)));
  });
  failed.catch(() => undefined);
  await Promise.race([once(stream, 'open'), failed]);
  return {
    isStream: !isPart,
    write: (text) => Promise.race([writeTo(stream, text), failed]),
    commit: async () => {
      const ended = new Promise<void>((resolve, reject) => {
        stream.end((error?: Error | null) => (error ? reject(writeFailure(path, stream.errored ?? error)) : resolve()));
      });
      await Promise.race([ended, failed]);
      if (isPart) await (existingFile === 'replace' ? rename(partPath, path) : appear(partPath, path));
      process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
    },
    discard: () => {
      stream.destroy();
      discard();
    },
  };
}

/** Gives a finished file its name, unless somebody else took it meanwhile. */
async function appear(partPath: string, path: string): Promise<void> {
  try {
    await link(partPath, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw existsFailure(path);
    // A file system without hard links.
    if ((await stat(path).catch(() => undefined)) !== undefined) throw existsFailure(path);
    return rename(partPath, path);
  }
  await unlink(partPath);
}

function existsFailure(path: string): CommandFailure {
  return new CommandFailure(exitCodes.usage, `${path}: exists already; --force replaces it`);
}

async function writeTo(stream: NodeJS.WriteStream | WriteStream, text: string): Promise<void> {
  if (!stream.write(text)) await once(stream, 'drain');
}

const reasonByCode: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder',
  ENOTDIR: 'no such folder',
  EACCES: 'no permission to write it',
  EPERM: 'no permission to write it',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
};

/** A path that cannot be written is a wrong word of the command line; a full disk is a lack of the machine. */
function writeFailure(path: string, error: NodeJS.ErrnoException): CommandFailure {
  const code = error.code ?? '';
  const reason = reasonByCode[code] ?? error.message;
  return new CommandFailure(code === 'ENOSPC' ? exitCodes.unavailable : exitCodes.usage, `${path}: ${reason}`);
}
