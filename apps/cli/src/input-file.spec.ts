import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileRefusal } from '@ballast/formats';
import { readInput, streamInput } from './input-file';

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
});
