// A replay that was stopped goes on where it was, and finds what an undisturbed one finds.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MarginRun } from '@ballast/persistence';
import type { ReplayCommandInput, ReplayReport } from '@ballast/use-cases';
import { closes, fillFirm } from '../support/api-world';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { openReplay, openRunEngine, type RunEngine } from '../support/run-engine';

const accountCount = 13;
const stepSize = 3;
const dataDir = mkdtempSync(path.join(tmpdir(), 'ballast-replays-'));
let db: TestDatabase;
let engine: RunEngine;
let firmId: string;
/** Keeps figures alone, and its accounts are computed from columns of contracts. */
let inShards: MarginRun;
/** Keeps the explanations too. */
let whole: MarginRun;

beforeAll(async () => {
  db = await openTestDatabase({ dataDir });
  engine = openRunEngine(db.database);
  firmId = (await fillFirm(db, 'ALPHA', accountCount, [])).firmId;
  const command = { firmId, asOf: closes[1], requestedBy: 'test' };
  whole = await engine.runMargin.execute(command);
  inShards = await engine.runMargin.execute({ ...command, shardSize: 5 });
}, 60_000);

afterAll(async () => {
  await engine?.close();
  await db?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const kept = (run: MarginRun): string => path.join(dataDir, 'replays', `${run.id}.json`);

function replay(run: MarginRun, more: Partial<ReplayCommandInput> = {}): Promise<ReplayReport> {
  return openReplay(db.database).execute({ firmId, runId: run.id, stepSize, ...more });
}

/** Stops after the first step that is told. */
function stopEarly(run: MarginRun, more: Partial<ReplayCommandInput> = {}): Promise<ReplayReport> {
  const stop = new AbortController();
  const onProgress = (done: number): void => {
    if (done > 0) stop.abort();
  };
  return replay(run, { signal: stop.signal, onProgress, ...more });
}

async function tamper(sql: string, ...parameters: readonly unknown[]): Promise<void> {
  await withClient(db.superuserUrl, async (client) => {
    await client.query('SET session_replication_role = replica');
    expect((await client.query(sql, [...parameters])).rowCount).toBe(1);
  });
}

describe.each([
  ['in shards', () => inShards],
  ['in one piece', () => whole],
])('a replay of a run %s', (_, runOf) => {
  it('compares every account in steps, whatever their size, and tells how far it is', async () => {
    const seen: (readonly [number, number])[] = [];
    const onProgress = (done: number, total: number): unknown => seen.push([done, total]);
    expect(await replay(runOf(), { onProgress })).toMatchObject({ accounts: accountCount, differences: [], isStopped: false }); // prettier-ignore
    expect(seen).toEqual([0, 3, 6, 9, 12, 13].map((done) => [done, accountCount]));
    for (const size of [1, accountCount, 1_000])
      expect(await replay(runOf(), { stepSize: size })).toMatchObject({ accounts: accountCount, differenceCount: 0 });
  });

  it('stops when it is told to, and goes on from there', async () => {
    const first = await stopEarly(runOf());
    expect(first).toMatchObject({ isStopped: true, differenceCount: 0, resumedAfter: 0 });
    expect(first.accounts).toBeLessThan(accountCount);
    const seen: number[] = [];
    const second = await replay(runOf(), { resume: true, onProgress: (done) => seen.push(done) });
    expect(second).toMatchObject({ isStopped: false, accounts: accountCount, resumedAfter: first.accounts, differenceCount: 0 }); // prettier-ignore
    expect(seen[0]).toBe(first.accounts);
    expect(existsSync(kept(runOf()))).toBe(false);
  });

  it('stopped before its first account leaves what an earlier one kept', async () => {
    const stopped = { isStopped: true, accounts: 0, differenceCount: 0 };
    expect(await replay(runOf(), { signal: AbortSignal.abort() })).toMatchObject(stopped);
    expect(existsSync(kept(runOf()))).toBe(false);
    const { accounts } = await stopEarly(runOf());
    const text = readFileSync(kept(runOf()), 'utf8');
    expect(await replay(runOf(), { signal: AbortSignal.abort() })).toMatchObject(stopped);
    const again = await replay(runOf(), { signal: AbortSignal.abort(), resume: true });
    expect(again).toMatchObject({ isStopped: true, accounts, resumedAfter: accounts });
    expect(readFileSync(kept(runOf()), 'utf8')).toBe(text);
    expect(await replay(runOf(), { resume: true })).toMatchObject({ isStopped: false, resumedAfter: accounts });
  });

  it('keeps its first step at once: one that is killed goes on from there', async () => {
    const states: number[] = [];
    const onProgress = (done: number): unknown => done > stepSize && states.push(existsSync(kept(runOf())) ? 1 : 0);
    await replay(runOf(), { onProgress });
    expect(states.length).toBeGreaterThan(0);
    expect(states.every((found) => found === 1)).toBe(true);
  });

  it('finds in two parts what it finds in one, before the stop and behind it', async () => {
    const run = runOf();
    const ids = await withClient(db.superuserUrl, async (client) => {
      const sql = 'SELECT account_id AS id FROM requirements WHERE run_id = $1 ORDER BY account_id';
      return (await client.query<{ id: string }>(sql, [run.id])).rows.map(({ id }) => id);
    });
    // The first is compared before the stop, the last behind it.
    const changed = [ids[0], ids.at(-1)];
    for (const id of changed) await tamper('UPDATE balances SET amount = amount + 1 WHERE account_id = $1', id);
    const undisturbed = await replay(run);
    const first = await stopEarly(run);
    const second = await replay(run, { resume: true });
    for (const id of changed) await tamper('UPDATE balances SET amount = amount - 1 WHERE account_id = $1', id);
    expect(undisturbed.differenceCount).toBeGreaterThan(4);
    expect(undisturbed.differences.filter(({ account }) => account === null).map(({ field }) => field)).toEqual(['resultHash']); // prettier-ignore
    expect(first.differenceCount).toBeGreaterThan(0);
    expect(first.differenceCount).toBeLessThan(undisturbed.differenceCount);
    expect(second).toEqual({ ...undisturbed, resumedAfter: first.accounts });
  });

  it('begins anew where nothing was kept, or what was kept is of another engine or broken', async () => {
    const run = runOf();
    await stopEarly(run);
    const text = readFileSync(kept(run), 'utf8');
    for (const other of [text.replace(/"engineVersion":"[^"]*"/, '"engineVersion":"9.9.9"'), text.slice(0, 40)]) {
      expect(other).not.toBe(text);
      writeFileSync(kept(run), other);
      expect(await replay(run, { resume: true })).toMatchObject({ accounts: accountCount, resumedAfter: 0 });
    }
    expect(await replay(run, { resume: true })).toMatchObject({ accounts: accountCount, resumedAfter: 0 });
    expect(readdirSync(path.join(dataDir, 'replays'))).toEqual([]);
  });
});
