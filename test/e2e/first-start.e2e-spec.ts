import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBallast, startService } from '../support/ballast-process';

const entry = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
const words = ['demo', '--as-of', '2026-11-20T21:00:00Z'];

describe('the first start of the demo', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ballast-first-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // One folder for both: what the wrong setting leaves behind is what the next start begins with.
  const environment = { DATA_DIR: path.join(folder, 'first'), PORT: '0' };

  it('ends with the setting that is wrong, and leaves no server behind', async () => {
    const refused = await runBallast(words, { ...environment, PORT: 'none' });
    expect([refused.exitCode, refused.stderr]).toEqual([78, expect.stringContaining('PORT')]);
    expect(existsSync(path.join(environment.DATA_DIR, 'postgres', 'postmaster.pid'))).toBe(false);
  }, 120_000);

  it('works with the setting mended; killed in the middle, it is made good by the next start', async () => {
    const child = spawn(process.execPath, [entry, ...words], { env: { ...process.env, ...environment } });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // The thread draws and the database is being migrated or written to, and READY is far.
    while (!existsSync(path.join(environment.DATA_DIR, 'postgres', 'postmaster.pid'))) await sleep(20);
    await sleep(1_500);
    child.kill('SIGKILL');
    await ended;
    const service = await startService(words, environment);
    try {
      for (const [firm, accounts] of [
        ['HARBOUR', 30],
        ['MERIDIAN', 18],
        ['NORDLICHT', 12],
      ] as const) {
        const token = await service.token({ firm, roles: ['risk'] });
        const { data } = await service.query<object>(
          '{ marginRuns { totalCount } accounts { totalCount } }',
          {},
          token,
        );
        expect(data).toEqual({ marginRuns: { totalCount: 90 }, accounts: { totalCount: accounts } });
      }
    } finally {
      expect(await service.stop()).toBe(0);
    }
    expect(service.printed()).toContain('3 firms, 60 accounts, 270 margin runs');
  }, 180_000);

  it.each([
    ['when the server was started', 'postgres/postmaster.pid', 300],
    ['while the server is being made', 'postgres.lock', 100],
  ])(
    'leaves no server behind when a signal ends it %s',
    async (_when, sign, later) => {
      const dataDir = path.join(folder, `ended-${later}`);
      const child = spawn(process.execPath, [entry, ...words], { env: { ...process.env, DATABASE_URL: '', DATA_DIR: dataDir, PORT: '0' } }); // prettier-ignore
      let told = '';
      child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
      const ended = new Promise((resolve) => child.on('close', resolve));
      while (!existsSync(path.join(dataDir, sign))) await sleep(5);
      await sleep(later);
      child.kill('SIGTERM');
      const code = await ended;
      expect([serversOf(dataDir), code, told]).toEqual([[], 143, '']);
    },
    60_000,
  );

  it.each([words, ['serve'], ['run']])(
    'names DATA_DIR when it cannot be written: %s',
    async (...command) => {
      const file = path.join(folder, 'file');
      writeFileSync(file, '');
      for (const dataDir of [file, ...(existsSync('/proc/self') ? ['/proc/ballast'] : [])]) {
        const { exitCode, stdout, stderr } = await runBallast(command, {
          DATABASE_URL: '',
          DATA_DIR: dataDir,
          PORT: '0',
        });
        expect([exitCode, stdout, stderr]).toEqual([78, '', expect.stringContaining(`DATA_DIR: ${dataDir} cannot be written: E`)]); // prettier-ignore
      }
    },
    60_000,
  );
});

/** Processes that work below a DATA_DIR, or in the data directory that it links to. */
function serversOf(dataDir: string): readonly string[] {
  const server = path.join(dataDir, 'postgres');
  const folders = [`${dataDir}/`, ...(existsSync(server) ? [realpathSync(server)] : [])];
  const isOf = (pid: string): boolean => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      return folders.some((folder) => cwd.startsWith(folder));
    } catch {
      return false;
    }
  };
  return existsSync('/proc/self') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name) && isOf(name)) : [];
}
