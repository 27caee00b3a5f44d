// Where a command writes its results: standard output, or a file that appears only when it is complete.
import { once } from 'node:events';
import { createWriteStream, rmSync, type WriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { exitCodes, CommandFailure } from './exit-code';

/** A stream of text with back pressure. */
export interface OutputTarget {
  readonly write: (text: string) => Promise<void>;
  /** Makes the output final. */
  readonly commit: () => Promise<void>;
  /** Leaves nothing behind where possible. */
  readonly discard: () => void;
}

/** Opens standard output (path undefined or `-`) or a file. @throws CommandFailure when the file cannot be written */
export async function openOutput(path: string | undefined): Promise<OutputTarget> {
  if (path === undefined || path === '-') {
    return { write: (text) => writeTo(process.stdout, text), commit: async () => undefined, discard: () => undefined };
  }
  const existing = await stat(path).catch(() => undefined);
  if (existing?.isDirectory()) throw new CommandFailure(exitCodes.usage, `${path}: a directory, not a file`);
  // A device or a pipe (/dev/null) takes the text as it comes; renaming a file over it would destroy it.
  const isDevice = existing !== undefined && !existing.isFile();
  return openFile(path, isDevice ? path : `${path}.${process.pid}.part`);
}

async function openFile(path: string, partPath: string): Promise<OutputTarget> {
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
    write: (text) => Promise.race([writeTo(stream, text), failed]),
    commit: async () => {
      const ended = new Promise<void>((resolve, reject) => {
        stream.end((error?: Error | null) => (error ? reject(writeFailure(path, stream.errored ?? error)) : resolve()));
      });
      await Promise.race([ended, failed]);
      if (isPart) await rename(partPath, path);
      process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
    },
    discard: () => {
      stream.destroy();
      discard();
    },
  };
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
