import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openDataDir } from './data-dir';

describe('openDataDir', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ballast-data-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('makes the folder and those above it, passable, and leaves nothing in it', () => {
    const made = path.join(folder, 'a', 'b');
    openDataDir(made);
    openDataDir(made);
    expect([readdirSync(made), statSync(made).mode & 0o777, statSync(path.dirname(made)).mode & 0o777]).toEqual([
      [],
      0o755,
      0o755,
    ]);
  });

  it('names the setting where no folder can be', () => {
    const file = path.join(folder, 'file');
    writeFileSync(file, '');
    const refused = (dataDir: string) => expect(() => openDataDir(dataDir)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', message: expect.stringContaining(`DATA_DIR: ${dataDir} cannot be written: E`) }),
    ); // prettier-ignore
    refused(file);
    refused(path.join(file, 'below'));
    if (existsSync('/proc/self')) ['/proc', '/proc/ballast', '/proc/ballast/below'].forEach(refused);
  });
});
