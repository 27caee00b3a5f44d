// `ballast export` as a user types it: files whole or not at all, readers that stop, mistakes that are told.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fillFirm } from '../support/api-world';
import { runBallast } from '../support/ballast-process';
import { fillBatchFirm } from '../support/batch-book';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-export-'));
const inFolder = (name: string): string => path.join(folder, name);
const book = { accounts: 300, positionsPerAccount: 20, contracts: 500 };

let db: TestDatabase;
const ballast = (...words: string[]) => runBallast(words, { ...db.environment, USER: 'ann' });

beforeAll(async () => {
  db = await openTestDatabase();
  await fillFirm(db, 'ALPHA', 3, []);
  await fillBatchFirm(db.database, db.superuserUrl, book);
}, 60_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

describe('ballast export', () => {
  it('writes files that the importers take back', async () => {
    writeFileSync(inFolder('u.csv'), 'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,92,0.04,0\n');
    const again = ['accounts', 'instruments', 'positions'];
    for (const list of again) {
      const written = await ballast('export', list, '--firm', 'ALPHA', '--out', inFolder(`${list}.csv`));
      expect(written).toEqual({ exitCode: 0, stdout: '', stderr: '' });
      const files = [inFolder(`${list}.csv`), ...(list === 'instruments' ? [inFolder('u.csv')] : [])];
      expect(await ballast('import', list, ...files, '--firm', 'GAMMA')).toMatchObject({ exitCode: 0 });
    }
    const sorted = (text: string): string[] => text.split('\n').sort();
    const { stdout } = await ballast('export', 'positions', '--firm', 'GAMMA');
    expect(sorted(stdout)).toEqual(sorted(readFileSync(inFolder('positions.csv'), 'utf8')));
  }, 60_000);

  it('keeps a file that exists unless it is forced, and says where a limit stopped', async () => {
    const file = inFolder('kept.csv');
    writeFileSync(file, 'mine');
    const words = ['export', 'accounts', '--firm', 'BATCH', '--limit', '10', '--out', file];
    const refused = await ballast(...words);
    expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('exists already') });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    const written = await ballast(...words, '--force');
    expect(written).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^go on with --after \S+\n$/) });
    expect(readFileSync(file, 'utf8').split('\n')).toHaveLength(12);
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  }, 30_000);

  it('refuses words that it does not know and options that the list has no use for', async () => {
    expect(await ballast('export', 'everything')).toMatchObject({ exitCode: 2 });
    expect(await ballast('export', 'accounts', '--firm', 'ALPHA', '--run', 'x')).toMatchObject({ exitCode: 2 });
  }, 30_000);

  it('ends quietly when nobody reads on, and leaves no half file when it is interrupted', async () => {
    const entry = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
    const environment = { ...process.env, ...db.environment };
    const words = [entry, 'export', 'positions', '--firm', 'BATCH'];
    const reader = spawn(process.execPath, words, { env: environment });
    let stderr = '';
    reader.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const code = await new Promise((resolve) => {
      reader.stdout.once('data', () => reader.stdout.destroy());
      reader.once('exit', resolve);
    });
    expect([code, stderr]).toEqual([0, '']);

    const file = inFolder('interrupted.csv');
    const writer = spawn(process.execPath, [...words, '--out', file], { env: environment });
    const ended = new Promise((resolve) => writer.once('exit', resolve));
    const left = (): string[] => readdirSync(folder).filter((name) => name.startsWith('interrupted.csv'));
    while (left().length === 0 && writer.exitCode === null) await new Promise((resolve) => setImmediate(resolve));
    writer.kill('SIGINT');
    await ended;
    // Either it was done before the signal, or nothing of it is there.
    const rows = existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n').length - 1 : 0;
    expect([writer.exitCode, left().length, rows]).toEqual(writer.exitCode === 130 ? [130, 0, 0] : [0, 1, 6_000]);
  }, 30_000);
});
