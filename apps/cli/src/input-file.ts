// Files and standard input as bytes.
import { createReadStream, type Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { refuseFile, type SourceFile } from '@ballast/formats';

/** Largest file that is read as a whole [bytes]. */
const wholeFileMaximum = 256 * 1024 * 1024;
const chunkBytes = 256 * 1024;

/** Bytes that stream in, with the size of the file where it is known. */
export interface ByteStream {
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  readonly size: number | undefined;
}

/**
 * Opens a file for streaming; `-` is standard input.
 *
 * @throws FileRefusal when the path names nothing readable
 */
export async function streamInput(path: string): Promise<ByteStream> {
  if (path === '-') return { name: 'stdin', bytes: process.stdin, size: undefined };
  const stats = await statOf(path);
  const stream = createReadStream(path, { highWaterMark: chunkBytes });
  await new Promise<void>((resolve, reject) => stream.once('open', () => resolve()).once('error', reject)).catch(
    (error: unknown) => refuseUnreadable(path, error),
  );
  return { name: path, bytes: stream, size: stats.isFile() ? stats.size : undefined };
}

/**
 * Opens a regular file (or standard input) for an import that streams: a file that changes while it is read is refused at
 * its end, before anything is final.
 *
 * @throws FileRefusal
 */
export async function streamUnchanged(path: string): Promise<ByteStream> {
  if (path === '-') return streamInput(path);
  const before = await statRegular(path);
  const { name, bytes } = await streamInput(path);
  const size = before.size;
  const checked = async function* (): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const chunk of bytes) {
      read += chunk.length;
      yield chunk;
    }
    const after = await statOf(path);
    if (read !== size || after.size !== size || after.mtimeMs !== before.mtimeMs) {
      refuseFile({ file: path, reason: changed });
    }
  };
  return { name, bytes: checked(), size };
}

/** Refuses what is no regular file, before anything else is done; standard input passes. @throws FileRefusal */
export async function requireReadable(path: string): Promise<void> {
  if (path === '-') return;
  await statRegular(path);
  await (await open(path, 'r').catch((error: unknown) => refuseUnreadable(path, error))).close();
}

async function statRegular(path: string): Promise<Stats> {
  const stats = await statOf(path);
  if (!stats.isFile()) refuseFile({ file: path, reason: notRegular });
  return stats;
}

const notRegular = 'not a regular file; give - to read standard input';
const changed = 'the file changed while it was read; wait until it is written';

/**
 * Reads a whole file; `-` is standard input. A file that changes while it is read is refused.
 *
 * @throws FileRefusal
 */
export async function readInput(path: string): Promise<SourceFile> {
  if (path === '-') return { name: 'stdin', bytes: await collect(process.stdin) };
  const stats = await statRegular(path);
  if (stats.size > wholeFileMaximum) refuseFile({ file: path, reason: 'larger than 256 MiB; split it' });
  const handle = await open(path, 'r').catch((error: unknown) => refuseUnreadable(path, error));
  try {
    const bytes = await handle.readFile();
    const after = await handle.stat();
    if (after.size !== bytes.length || after.mtimeMs !== stats.mtimeMs) {
      refuseFile({ file: path, reason: changed });
    }
    return { name: path, bytes };
  } finally {
    await handle.close();
  }
}

async function statOf(path: string): Promise<Stats> {
  const stats = await stat(path).catch((error: unknown) => refuseUnreadable(path, error));
  if (stats.isDirectory()) refuseFile({ file: path, reason: 'a directory, not a file' });
  return stats;
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > wholeFileMaximum) refuseFile({ file: 'stdin', reason: 'more than 256 MiB; split it' });
  }
  return Buffer.concat(chunks);
}

const reasonByCode: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ELOOP: 'a circle of symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENXIO: 'not a file that can be read',
};

function refuseUnreadable(path: string, error: unknown): never {
  const code = String((error as { code?: unknown }).code);
  return refuseFile({ file: path, reason: reasonByCode[code] ?? `cannot be read (${code})` });
}
