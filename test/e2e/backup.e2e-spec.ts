import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Database, FirmStore, MarginRunStore, persistenceOptionsFromEnv, type MarginRun } from '@ballast/persistence';
import { runBallast, startService } from '../support/ballast-process';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-backup-'));
// As root the server runs as somebody else, who has to pass to its data.
chmodSync(folder, 0o755);
const original = { DATA_DIR: path.join(folder, 'data'), PORT: '0', HISTORY_HEAD_FILE: '' };
const restored = { ...original, DATA_DIR: path.join(folder, 'restored') };

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

describe('a cold copy of DATA_DIR', () => {
  it('starts, is sound by its chain and the heads kept outside, and gives 100 requirements again bit for bit', async () => {
    const service = await startService(['demo', '--as-of', '2026-11-20T21:00:00Z'], original);
    await service.stop();
    const written = await runsOf(original, 'HARBOUR');
    // Keeps the owner: as root the server runs as somebody else.
    execFileSync('cp', ['-aL', original.DATA_DIR, restored.DATA_DIR]);

    const runs = await runsOf(restored, 'HARBOUR');
    expect(runs).toEqual(written);
    const verified = await runBallast(['verify-history', '--json'], {
      ...restored,
      HISTORY_HEAD_FILE: path.join(original.DATA_DIR, 'history-heads.ndjson'),
    });
    const firms = JSON.parse(verified.stdout) as { firmCode: string; breakCount: number; headsConfirmed: number }[];
    expect([verified.exitCode, firms.map(({ breakCount }) => breakCount)]).toEqual([0, [0, 0, 0]]);
    expect(firms.every(({ headsConfirmed }) => headsConfirmed > 0)).toBe(true);

    let replayed = 0;
    for (const run of runs.filter((_, index) => index % 20 === 0)) {
      const answer = await runBallast(['replay', run.id, '--firm', 'HARBOUR', '--json'], restored);
      const report = JSON.parse(answer.stdout) as { accounts: number; differences: unknown[]; resultHash: string };
      expect([answer.exitCode, report.differences, report.resultHash]).toEqual([0, [], run.resultHash]);
      replayed += report.accounts;
    }
    expect(replayed).toBeGreaterThanOrEqual(100);
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
