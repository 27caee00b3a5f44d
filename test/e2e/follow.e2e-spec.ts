import { spawn } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { MarketSnapshot } from '@ballast/domain';
import { FirmStore, HistoryChainStore, MarketSnapshotStore, snapshotHash } from '@ballast/persistence';
import { Client } from 'pg';
import { runBallast } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import {
  lineOf,
  openStreamDesk,
  priceLine,
  quoteLine,
  type StreamDesk,
  strikes,
  textAt,
  until,
} from '../support/stream-desk';

const entry = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
let db: TestDatabase;
let desk: StreamDesk;
let environment: NodeJS.ProcessEnv;
let firm: string;
let directory: string;

beforeAll(async () => {
  db = await openTestDatabase();
  desk = await openStreamDesk(db);
  directory = mkdtempSync(path.join(os.tmpdir(), 'stream-'));
  environment = { DATABASE_URL: db.appUrl, MIGRATION_DATABASE_URL: db.ownerUrl, JOBS_DATABASE_URL: db.jobsUrl };
  const found = (await new FirmStore(db.database).findAll()).find(({ id }) => id === desk.scope.firmId);
  firm = found?.code ?? '';
});
afterAll(async () => {
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  await db?.close();
});

const eventsOf = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { readonly event: string; readonly [member: string]: unknown });

/** Puts a file into the directory as a whole. */
function put(name: string, lines: readonly string[]): void {
  writeFileSync(path.join(directory, `${name}.tmp`), lines.join('\n'));
  renameSync(path.join(directory, `${name}.tmp`), path.join(directory, name));
}

/** A process of its own that follows the files of the directory. */
function startFollower() {
  const words = [
    'import',
    'market',
    '--follow',
    directory,
    '--stream',
    'desk',
    '--firm',
    firm,
    '--json',
    '--every',
    '0.05',
  ];
  const child = spawn(process.execPath, [entry, ...words], { env: { ...process.env, ...environment } });
  const told = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (told.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told.stderr += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const count = (event: string) => told.stdout.split(`"event":"${event}"`).length - 1;
  return { child, told, ended, count };
}

describe('ballast import market --follow', () => {
  it('takes standard input to its end, tells bad lines and ends with 3', async () => {
    const input = [priceLine('X', '101', 1), 'nonsense', quoteLine(100, 2, { bid: '4.60' })].join('\n');
    const words = [
      'import',
      'market',
      '--follow',
      '--firm',
      firm,
      '--json',
      '--every',
      '0.05',
      '--stale-after',
      '9999999',
    ];
    const { exitCode, stdout, stderr } = await runBallast(words, environment, input);
    expect([exitCode, stderr]).toEqual([
      3,
      'stdin:2: column character 1: value "nonsense": unexpected "n"; not JSON\n',
    ]);
    const events = eventsOf(stdout);
    expect(events[0]).toMatchObject({ event: 'started', stream: 'stdin' });
    expect(events.at(-1)).toMatchObject({ event: 'stopped', lines: 3, taken: 2, rejected: 1, suspect: false });
    expect(events.filter(({ event }) => event === 'evaluated').at(-1)).toMatchObject({
      state: 'COMPLETED',
      accounts: 2,
    });
    expect((await desk.latest()).snapshot.instruments.get('X-100-C')?.bid?.toFixed()).toBe('4.6');
  });

  it('takes the files of a directory once each, whole ones only, and stops at SIGTERM with nothing left behind', async () => {
    put('1.ndjson', [priceLine('Y', '51', 11)]);
    writeFileSync(path.join(directory, '2.ndjson.part'), priceLine('Y', '1', 12));
    const first = startFollower();
    await until(() => first.count('evaluated') >= 1);
    const header = 'underlying,kind,currency,price,rate,dividendYield,timestamp';
    put('3.csv', [header, `Y,equity,USD,52,0.03,0,${textAt(13)}`, '']);
    put('4.csv', [header, `Y,equity,USD,nothing,0.03,0,${textAt(14)}`, '']);
    await until(() => first.count('evaluated') >= 2 && first.told.stderr.includes('4.csv'));
    put('5.ndjson', [priceLine('Y', '53', 15), lineOf({ heartbeat: 1 })]);
    await until(() => first.count('committed') >= 3);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(3);
    expect(first.told.stderr).toContain('4.csv:2: column price: value "nothing"');
    const [stopped] = eventsOf(first.told.stdout).slice(-1);
    expect(stopped).toMatchObject({ event: 'stopped', snapshots: 3, runs: 3, rejected: 1 });
    expect((await desk.latest()).snapshot.underlyings.get('Y')?.price?.toFixed()).toBe('53');

    put('4.csv', [header, `Y,equity,USD,54,0.03,0,${textAt(16)}`, '']);
    const second = startFollower();
    await until(() => second.count('evaluated') >= 1);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    expect(eventsOf(second.told.stdout).at(-1)).toMatchObject({ lines: 1, taken: 1, snapshots: 1, runs: 1 });
  });

  it('loses nothing when it is killed between a difference and its completion, and completes a later one', async () => {
    const put8 = (number: number) =>
      put(`6${number}.ndjson`, strikes.slice(0, 8).map((strike) => quoteLine(strike, 20 + number, { ask: (Math.max(0, 100 - strike) + 4.2 + number / 100).toFixed(2) }))); // prettier-ignore
    const rowsOf = async (id: string) =>
      withClient(db.superuserUrl, async (client) => {
        const sql = `SELECT stated_count AS stated, (SELECT count(*)::integer FROM instrument_quotes q WHERE q.snapshot_id = s.snapshot_id) AS rows
          FROM market_snapshots s WHERE snapshot_id = $1`;
        return (await client.query<{ stated: number; rows: number }>(sql, [id])).rows[0];
      });
    const held = new Client({ connectionString: db.superuserUrl });
    await held.connect();
    // Completing copies rows of parts; it waits for this session, with some of them copied.
    await held.query(`CREATE FUNCTION wait_amid_completion() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF current_query() LIKE '%DISTINCT ON (q.instrument_id)%' AND NEW.instrument_id = 'X-110-C' THEN
          PERFORM pg_advisory_xact_lock(4242);
        END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER wait_amid_completion BEFORE INSERT ON instrument_quotes FOR EACH ROW EXECUTE FUNCTION wait_amid_completion();
      SELECT pg_advisory_lock(4242)`);
    const waiting = async () =>
      (await held.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 4242 AND NOT granted`)).rows.length > 0; // prettier-ignore
    const first = startFollower();
    await until(() => first.count('started') >= 1);
    for (let number = 1; !(await waiting()); number += 1) {
      expect(number).toBeLessThan(6);
      put8(number);
      await until(async () => first.count('evaluated') >= number || (await waiting()));
    }
    first.child.kill('SIGKILL');
    await first.ended;
    const [committed] = eventsOf(first.told.stdout)
      .filter(({ event }) => event === 'committed')
      .slice(-1);
    const id = String(committed?.['snapshotId']);
    const whole = await desk.snapshots.load(desk.scope, id);
    expect(whole?.snapshot.instruments.size).toBe(20);
    await held.query('SELECT pg_advisory_unlock(4242); DROP TRIGGER wait_amid_completion ON instrument_quotes');
    await held.end();
    const stated = await rowsOf(id);
    expect(stated?.rows).toBe(stated?.stated);
    expect(stated?.rows).toBeLessThan(20);

    const second = startFollower();
    put8(7);
    await until(() => second.count('committed') >= 1);
    const latest = (await desk.latest()).id;
    await until(async () => (await rowsOf(latest))?.rows === 20);
    second.child.kill('SIGTERM');
    expect(await second.ended).toBe(0);
    const fresh = new MarketSnapshotStore(db.database);
    for (const each of [id, latest]) {
      const stored = await fresh.load(desk.scope, each);
      expect(snapshotHash(stored?.snapshot as MarketSnapshot, 2)).toBe(stored?.hash);
    }
    expect((await fresh.load(desk.scope, id))?.snapshot).toEqual(whole?.snapshot);
    expect((await new HistoryChainStore(db.database).verify(desk.scope)).breaks).toEqual([]);
  }, 60_000);

  it.each([
    ['another kind', ['import', 'prices', '--follow'], '--follow belongs to a market'],
    ['two streams', ['import', 'market', '--follow', 'a', 'b'], 'one stream'],
    [
      'an option of whole files',
      ['import', 'market', '--follow', '--as-of', '2026-01-05T15:00:00Z'],
      '--as-of does not go',
    ],
    ['an impossible interval', ['import', 'market', '--follow', '--every', '0'], 'Expected seconds from 0.05 to 3600'],
    ['an interval without a stream', ['import', 'market', 'q.csv', '--every', '1'], 'belong to --follow'],
  ])('refuses %s', async (_, words, message) => {
    const { exitCode, stderr } = await runBallast(words, environment);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
