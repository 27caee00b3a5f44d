import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Database,
  EmbeddedPostgres,
  findPostgresBinaries,
  findServerUser,
  FirmStore,
  MarginRunStore,
  persistenceOptionsFromEnv,
  type MarginRun,
} from '@ballast/persistence';
import { runBallast, startService } from '../support/ballast-process';
import { findDumpPrograms } from '../support/dump-programs';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-backup-'));
// As root the server runs as somebody else, who has to pass to its data.
chmodSync(folder, 0o755);
const original = { DATA_DIR: path.join(folder, 'data'), PORT: '0', HISTORY_HEAD_FILE: '' };
const restored = { ...original, DATA_DIR: path.join(folder, 'restored') };
const loaded = { ...original, DATA_DIR: path.join(folder, 'loaded') };

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function runsOf(environment: typeof original, firmCode: string): Promise<readonly MarginRun[]> {
  const database = new Database(() => persistenceOptionsFromEnv({ ...process.env, ...environment }));
  try {
    const firm = await new FirmStore(database).findByCode(firmCode);
    const page = await new MarginRunStore(database).findPage({ firmId: firm?.id ?? '' }, { first: 100 });
    return page.items.map(({ node }) => node);
  } finally {
    await database.close();
  }
}

/** Checks a copy: the same runs, a sound chain that the heads confirm, and 100 requirements computed again bit for bit. */
async function expectSame(copy: typeof original, written: readonly MarginRun[]): Promise<void> {
  const runs = await runsOf(copy, 'HARBOUR');
  expect(runs).toEqual(written);
  const verified = await runBallast(['verify-history', '--json'], {
    ...copy,
    HISTORY_HEAD_FILE: path.join(original.DATA_DIR, 'history-heads.ndjson'),
  });
  const firms = JSON.parse(verified.stdout) as { firmCode: string; breakCount: number; headsConfirmed: number }[];
  expect([verified.exitCode, firms.map(({ breakCount }) => breakCount)]).toEqual([0, [0, 0, 0]]);
  expect(firms.every(({ headsConfirmed }) => headsConfirmed > 0)).toBe(true);
  let replayed = 0;
  for (const run of runs.filter((_, index) => index % 20 === 0)) {
    const answer = await runBallast(['replay', run.id, '--firm', 'HARBOUR', '--json'], copy);
    const report = JSON.parse(answer.stdout) as { accounts: number; differences: unknown[]; resultHash: string };
    expect([answer.exitCode, report.differences, report.resultHash]).toEqual([0, [], run.resultHash]);
    replayed += report.accounts;
  }
  expect(replayed).toBeGreaterThanOrEqual(100);
}

/** Runs work while the embedded server of a DATA_DIR is up; the superuser's connection string of its database. */
async function withServer({ DATA_DIR: dataDir }: typeof original, work: (url: string) => void): Promise<void> {
  const server = await EmbeddedPostgres.acquire({ dataDir, pgBin: process.env['PG_BIN'] });
  try {
    work(server.urlOf('superuser', new URL(server.ownerUrl).pathname.slice(1)));
  } finally {
    await server.release();
  }
}

let written: readonly MarginRun[];
beforeAll(async () => {
  const service = await startService(['demo', '--as-of', '2026-11-20T21:00:00Z'], original);
  await service.stop();
  written = await runsOf(original, 'HARBOUR');
}, 240_000);

describe('a cold copy of DATA_DIR', () => {
  it('starts, is sound by its chain and the heads kept outside, and gives 100 requirements again bit for bit', async () => {
    // Keeps the owner: as root the server runs as somebody else.
    execFileSync('cp', ['-aL', original.DATA_DIR, restored.DATA_DIR]);
    await expectSame(restored, written);
  }, 240_000);

  it('tells a chain that is shorter than the heads kept outside', async () => {
    const heads = readFileSync(path.join(original.DATA_DIR, 'history-heads.ndjson'), 'utf8').trim().split('\n');
    const [last] = heads.map((line) => JSON.parse(line) as { sequence: number; firmCode: string });
    const later = path.join(folder, 'later.ndjson');
    writeFileSync(later, `${JSON.stringify({ ...last, sequence: (last?.sequence ?? 0) + 3 })}\n`);
    const answer = await runBallast(['verify-history', '--firm', last?.firmCode ?? '', '--head', later], restored);
    expect(answer.exitCode).toBe(5);
    expect(answer.stdout).toContain('HEAD_LOST');
  }, 60_000);
});

const server = findPostgresBinaries({ user: findServerUser(), pgBin: process.env['PG_BIN'] });
const programs = findDumpPrograms(server.majorVersion);
const whereDumped = programs.reason === undefined ? describe : describe.skip;

whereDumped(`a dump${programs.reason === undefined ? '' : ` (skipped: ${programs.reason})`}`, () => {
  it('loads into a new server, is sound, and gives 100 requirements again bit for bit', async () => {
    if (programs.reason !== undefined) throw new Error(programs.reason);
    const { pgDump, pgRestore } = programs;
    const file = path.join(folder, 'ballast.dump');
    await withServer(original, (url) => execFileSync(pgDump, ['-Fc', '-f', file, '-d', url]));
    await withServer(loaded, (url) =>
      execFileSync(pgRestore, ['--single-transaction', '--exit-on-error', '-d', url, file]),
    );
    await expectSame(loaded, written);
  }, 240_000);
});
