// A replay must notice inputs that somebody changed behind the application's back, and name the figures that moved.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBallast } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

interface Replay {
  readonly differenceCount: number;
  readonly differences: readonly { readonly account: string | null; readonly field: string }[];
}

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-replay-'));
const write = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

let db: TestDatabase;
let runId: string;
const ballast = (...words: string[]) => runBallast(words, { ...db.environment });

beforeAll(async () => {
  db = await openTestDatabase();
  const underlyings = write('u.csv', 'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100,0.04,0\n');
  const since = ['--valid-from', '2026-01-01T00:00:00Z'];
  const header = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
  const contract = 'XYZ-P,option,XYZ,put,95,2026-03-20T20:00:00Z,european,100,USD,,';
  const quote = 'XYZ-P,2,2.2,2.1,0.25,2026-01-05T21:00:00Z';
  const accounts = write('a.csv', 'code,name,baseCurrency,methodology\nA1,Ann,USD,SPAN\nA2,Bob,USD,TIMS\n');
  for (const words of [
    ['accounts', accounts, '--firm', 'ALPHA'],
    ['instruments', write('i.csv', `${header}\n${contract}\n`), underlyings],
    ['market', write('q.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\n${quote}\n`), underlyings],
    ['positions', write('p.csv', 'account,instrument,quantity\nA1,XYZ-P,-10\nA2,XYZ-P,-3\n'), ...since],
    ['balances', write('b.csv', 'account,currency,amount\nA1,USD,50000\nA2,USD,9000\n'), ...since],
  ])
    expect(await ballast('import', ...words)).toMatchObject({ exitCode: 0 });
  const run = await ballast('run', '--json', '--as-of', '2026-01-05T21:00:00Z');
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  runId = (JSON.parse(run.stdout) as { run: string }).run;
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

/** Changes rows as a superuser whose triggers are off, replays, and puts the rows back. */
async function replayTampered(change: string, undo: string): Promise<{ exitCode: number | null; report: Replay }> {
  const tamper = (sql: string) =>
    withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      expect((await client.query(sql)).rowCount).toBe(1);
    });
  await tamper(change);
  const { exitCode, stdout } = await ballast('replay', runId, '--json');
  await tamper(undo);
  return { exitCode, report: JSON.parse(stdout) as Replay };
}

const ofAccount = (code: string) => `account_id = (SELECT account_id FROM accounts WHERE code = '${code}')`;
const fieldsOf = (report: Replay, account: string | null): string[] =>
  report.differences.filter((difference) => difference.account === account).map(({ field }) => field);

describe('ballast replay on a record that was tampered with', () => {
  it('finds nothing before, and nothing once the change is undone', async () => {
    const { exitCode, stdout } = await ballast('replay', runId, '--json');
    expect([exitCode, JSON.parse(stdout)]).toMatchObject([0, { differenceCount: 0, differences: [] }]);
  }, 30_000);

  it.each([
    [
      'a cash balance',
      `UPDATE balances SET amount = 50001 WHERE ${ofAccount('A1')}`,
      `UPDATE balances SET amount = 50000 WHERE ${ofAccount('A1')}`,
      ['equity', 'buffer', 'excess', 'inputHash', 'resultHash'],
      ['initialRequirement', 'maintenanceRequirement', 'netOptionValue', 'snapshotHash'],
    ],
    [
      'a position',
      `UPDATE positions SET quantity = -11 WHERE ${ofAccount('A1')}`,
      `UPDATE positions SET quantity = -10 WHERE ${ofAccount('A1')}`,
      ['maintenanceRequirement', 'netOptionValue', 'scenarios', 'inputHash', 'resultHash'],
      ['snapshotHash', 'parameterHash'],
    ],
  ])(
    'ends with code 5 and names the fields of %s',
    async (_, change, undo, moved, still) => {
      const { exitCode, report } = await replayTampered(change, undo);
      expect(exitCode).toBe(5);
      expect(fieldsOf(report, 'A1')).toEqual(expect.arrayContaining(moved));
      for (const field of still) expect(fieldsOf(report, 'A1')).not.toContain(field);
      expect(fieldsOf(report, 'A2')).toEqual([]);
      expect(fieldsOf(report, null)).toEqual(['resultHash']);
    },
    30_000,
  );

  it('ends with code 5 and names the snapshot when a quote was changed', async () => {
    const { exitCode, report } = await replayTampered(
      'UPDATE instrument_quotes SET mark = 2.2',
      'UPDATE instrument_quotes SET mark = 2.1',
    );
    expect(exitCode).toBe(5);
    for (const account of ['A1', 'A2'])
      expect(fieldsOf(report, account)).toEqual(expect.arrayContaining(['snapshotHash', 'netOptionValue', 'equity']));
  }, 30_000);

  it('says it in words too', async () => {
    await withClient(db.superuserUrl, async (client) => {
      await client.query('SET session_replication_role = replica');
      await client.query(`UPDATE requirements SET maintenance_requirement = maintenance_requirement + 1 WHERE ${ofAccount('A2')}`); // prettier-ignore
    });
    const { exitCode, stdout } = await ballast('replay', runId);
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/^ {2}A2 maintenanceRequirement: stored .*, replayed /m);
  }, 30_000);
});
