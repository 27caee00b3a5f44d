import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseInstant } from '@ballast/domain';
import {
  AccountStore,
  BufferHistoryStore,
  Database,
  EmbeddedPostgres,
  findPostgresBinaries,
  findServerUser,
  FirmStore,
  MarginRunStore,
  MarketSnapshotStore,
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

/** Reads the record of a firm. */
async function readFirm<Result>(
  environment: typeof original,
  firmCode: string,
  read: (database: Database, scope: { readonly firmId: string }) => Promise<Result>,
): Promise<Result> {
  const database = new Database(() => persistenceOptionsFromEnv({ ...process.env, ...environment }));
  try {
    const firm = await new FirmStore(database).findByCode(firmCode);
    return await read(database, { firmId: firm?.id ?? '' });
  } finally {
    await database.close();
  }
}

const runsOf = (environment: typeof original, firmCode: string): Promise<readonly MarginRun[]> =>
  readFirm(environment, firmCode, async (database, scope) => {
    const page = await new MarginRunStore(database).findPage(scope, { first: 100 });
    return page.items.map(({ node }) => node);
  });

/** Open to close of every day of an account, and how many rows of which kind the firm has. */
const historyOf = (environment: typeof original) =>
  readFirm(environment, 'HARBOUR', async (database, scope) => {
    const [first] = await new AccountStore(database).findAll(scope);
    const period = {
      from: parseInstant('2020-01-01T00:00:00Z', 'from'),
      to: parseInstant('2026-12-31T00:00:00Z', 'to'),
    };
    const days = await new BufferHistoryStore(database).findRanges(scope, {
      ...{ ...period, accountId: first?.id ?? '', bucket: 'DAY' },
    });
    const kinds = await database.withTenant(scope, (tx) =>
      tx.rows<{ lean: number; explained: number; differences: number }>(
        `SELECT count(*) FILTER (WHERE is_observation)::integer AS lean, count(*) FILTER (WHERE is_observation IS NULL)::integer AS explained,
           (SELECT count(*)::integer FROM market_snapshots WHERE parts IS NOT NULL) AS differences FROM requirements`,
      ),
    );
    return { days, kinds: kinds[0] };
  });

/** Leaves what a followed market and a run in shards leave: a difference, and requirements without explanations. */
async function leaveLeanRows(): Promise<void> {
  const { asOf, price } = await readFirm(original, 'HARBOUR', async (database, scope) => {
    const snapshots = new MarketSnapshotStore(database);
    const newest = await snapshots.findLatest(scope);
    const stored = await snapshots.loadForInstruments(scope, newest?.id ?? '', []);
    return { asOf: stored?.asOf ?? 0, price: stored?.snapshot.underlyings.get('ALTA')?.price };
  });
  const told = {
    underlying: 'ALTA',
    price: price?.plus('0.01').toFixed(),
    timestamp: new Date(asOf + 5_000).toISOString(),
  };
  const words = ['import', 'market', '--follow', '--firm', 'HARBOUR', '--stale-after', '9999999', '--json'];
  const followed = await runBallast(words, original, `${JSON.stringify(told)}\n`);
  expect([followed.exitCode, followed.stderr]).toEqual([0, '']);
  const run = await runBallast(['run', '--firm', 'HARBOUR', '--shard-size', '50', '--json'], original);
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
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
  await leaveLeanRows();
  written = await runsOf(original, 'HARBOUR');
}, 240_000);

describe('a cold copy of DATA_DIR', () => {
  it('starts, is sound by its chain and the heads kept outside, and gives 100 requirements again bit for bit', async () => {
    // Keeps the owner: as root the server runs as somebody else.
    execFileSync('cp', ['-aL', original.DATA_DIR, restored.DATA_DIR]);
    await expectSame(restored, written);
  }, 240_000);

  it('goes on: rolls up, gives up months without a day of history, and is sound', async () => {
    const before = await historyOf(restored);
    expect(before.days.length).toBeGreaterThan(30);
    for (const count of Object.values(before.kinds ?? {})) expect(count).toBeGreaterThan(0);
    const kept = await runBallast(['maintain', '--keep-months', '1', '--json'], restored);
    expect([kept.exitCode, kept.stderr]).toEqual([0, '']);
    const { months } = JSON.parse(kept.stdout) as { months: { keptBecause: string | null; rows: number }[] };
    expect(months.some(({ keptBecause, rows }) => keptBecause === null && rows > 0)).toBe(true);
    const after = await historyOf(restored);
    expect(after.days).toEqual(before.days);
    const [newest] = await runsOf(restored, 'HARBOUR');
    const replayed = await runBallast(['replay', newest?.id ?? '', '--firm', 'HARBOUR'], restored);
    expect([replayed.exitCode, replayed.stderr]).toEqual([0, '']);
    expect((await runBallast(['verify-history', '--firm', 'HARBOUR'], restored)).exitCode).toBe(0);
  }, 120_000);

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
