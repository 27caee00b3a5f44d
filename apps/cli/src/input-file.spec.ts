import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileRefusal } from '@ballast/formats';
import { readInput, requireReadable, streamInput, streamUnchanged } from './input-file';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-input-'));
const at = (name: string) => path.join(folder, name);
beforeAll(() => {
  writeFileSync(at('plain.csv'), 'a,b\n1,2\n');
  mkdirSync(at('folder'));
  symlinkSync(at('plain.csv'), at('link.csv'));
  symlinkSync(at('circle'), at('circle'));
  execFileSync('mkfifo', [at('pipe')]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('input files', () => {
  it.each(['plain.csv', 'link.csv'])('reads %s as a whole', async (name) => {
    const { name: label, bytes } = await readInput(at(name));
    expect([label, new TextDecoder().decode(bytes)]).toEqual([at(name), 'a,b\n1,2\n']);
  });

  it.each([
    ['nothing.csv', 'no such file'],
    ['folder', 'a directory, not a file'],
    ['circle', 'a circle of symbolic links'],
    ['pipe', 'not a regular file; give - to read standard input'],
    ['plain.csv/deeper', 'no such file'],
  ])('refuses %s', async (name, reason) => {
    await expect(readInput(at(name))).rejects.toThrow(new FileRefusal([{ file: at(name), reason }]).message);
  });

  it('streams a file and knows its size', async () => {
    const { bytes, size } = await streamInput(at('plain.csv'));
    const chunks: Uint8Array[] = [];
    for await (const chunk of bytes) chunks.push(chunk);
    expect([Buffer.concat(chunks).toString(), size]).toEqual(['a,b\n1,2\n', 8]);
    await expect(streamInput(at('folder'))).rejects.toThrow('a directory, not a file');
  });

  it('157 refuses at its end a stream of a file that grew or was written again, and takes one that did not', async () => {
    const drain = async (path: string, meddle: () => void): Promise<number> => {
      let read = 0;
      for await (const chunk of (await streamUnchanged(path)).bytes) {
        if (read === 0) meddle();
        read += chunk.length;
      }
      return read;
    };
    writeFileSync(at('grows.csv'), 'a,b\n'.repeat(100_000));
    expect(await drain(at('grows.csv'), () => undefined)).toBe(400_000);
    await expect(drain(at('grows.csv'), () => appendFileSync(at('grows.csv'), '1,2\n'))).rejects.toThrow(
      'the file changed while it was read',
    );
    writeFileSync(at('same.csv'), 'a,b\n'.repeat(100_000));
    const later = new Date(Date.now() + 5_000);
    await expect(drain(at('same.csv'), () => utimesSync(at('same.csv'), later, later))).rejects.toThrow(
      'the file changed while it was read',
    );
  });

  it('156 refuses what cannot be streamed before anything else is done', async () => {
    for (const name of ['pipe', 'folder', 'nothing.csv', 'circle']) {
      await expect(requireReadable(at(name))).rejects.toBeInstanceOf(FileRefusal);
      await expect(streamUnchanged(at(name))).rejects.toBeInstanceOf(FileRefusal);
    }
    await requireReadable(at('link.csv'));
    await requireReadable('-');
  });
});
