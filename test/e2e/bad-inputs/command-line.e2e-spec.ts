// Command line and configuration items of the list of bad inputs, on the built program; the others of them stand in
// ../cli-commands.e2e-spec.ts (docs/bad-inputs.md).
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countAllRows } from '../../support/bad-inputs';
import { runBallast } from '../../support/ballast-process';
import { openTestDatabase, type TestDatabase, withClient } from '../../support/postgres';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-bad-'));
const at = (name: string): string => path.join(folder, name);
const write = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};

let db: TestDatabase;
let positions: string;
let cases: string;

beforeAll(async () => {
  db = await openTestDatabase();
  const since = ['--valid-from', '2026-01-01T00:00:00Z'];
  const accounts = write('accounts.csv', 'code,name,baseCurrency,methodology\nA1,Ann,USD,SPAN\n');
  const instruments = write(
    'instruments.csv',
    'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle\nXYZ,underlying,XYZ,,,,,1,USD,,\n',
  );
  const underlyings = write(
    'underlyings.csv',
    'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100,0.04,0\n',
  );
  positions = write('positions.csv', 'account,instrument,quantity\nA1,XYZ,5\n');
  cases = write(
    'cases.csv',
    'model,right,spot,strike,yearsToExpiry,rate,dividendYield,volatility\nblack-scholes,call,100,95,0.5,0.03,0.01,0.2\n',
  );
  for (const words of [
    ['accounts', accounts, '--firm', 'ALPHA'],
    ['instruments', instruments, underlyings],
    ['positions', positions, ...since],
  ]) {
    expect(await runBallast(['import', ...words], db.environment)).toMatchObject({ exitCode: 0 });
  }
  mkdirSync(at('folder'));
  execFileSync('mkfifo', [at('pipe')]);
  symlinkSync(positions, at('link.csv'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

interface CommandInput {
  readonly item: number;
  readonly what: string;
  readonly words: () => readonly string[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly input?: string;
  readonly exitCode: number;
  readonly stderr: RegExp;
}

const importPositions = (file: string, ...more: string[]) => ['import', 'positions', file, ...more];

const refused: readonly CommandInput[] = [
  { item: 189, what: 'an empty firm', words: () => importPositions(positions, '--firm', ''), exitCode: 2, stderr: /--firm/ },
  { item: 148, what: 'a control total that does not hold', words: () => importPositions(positions, '--control', 'rows=1,quantity=6'), exitCode: 3, stderr: /column quantity: value "6": control total: 6 quantity announced, 5 found; nothing is stored/ },
  { item: 148, what: 'a control total of an unknown name', words: () => importPositions(positions, '--control', 'lines=1'), exitCode: 2, stderr: /--control: control total "lines=1": expected rows=…, quantity=…, sha256=…/ },
  { item: 156, what: 'a folder', words: () => importPositions(at('folder')), exitCode: 3, stderr: /a directory, not a file/ },
  { item: 156, what: 'a pipe with a name', words: () => importPositions(at('pipe')), exitCode: 3, stderr: /not a regular file/ },
  { item: 156, what: 'a file that is not there', words: () => importPositions(at('none.csv')), exitCode: 3, stderr: /none\.csv: no such file/ },
  { item: 190, what: 'one bad file among several', words: () => importPositions(positions, at('none.csv')), exitCode: 3, stderr: /none\.csv: no such file/ },
  { item: 191, what: 'a bad row on standard input', words: () => importPositions('-'), input: 'account,instrument,quantity\nA1,XYZ,x\n', exitCode: 3, stderr: /^stdin:2: column quantity: value "x"/ },
]; // prettier-ignore

describe('command line and configuration', () => {
  it.each(refused.map((input) => [`${input.item} ${input.what}`, input] as const))('%s', async (_, input) => {
    const before = await countAllRows(db);
    const environment = { ...db.environment, ...input.environment };
    const result = await runBallast(input.words(), environment, input.input);
    expect({ exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr }).toMatchObject({
      exitCode: input.exitCode,
      stdout: '',
      stderr: expect.stringMatching(input.stderr) as string,
    });
    expect(await countAllRows(db)).toEqual(before);
  });

  it.each([
    ['195 a wrong password', () => db.appUrl.replace(/:[^:@/]+@/, ':wrong@'), 78, /refused .* \(28P01\)/],
    ['195 a database that is not there', () => db.appUrl.replace(db.name, 'nowhere'), 78, /\(3D000\)/],
    ['206 running as the owner of the tables', () => db.ownerUrl, 78, /owns tables/],
    ['206 running as a superuser', () => db.superuserUrl, 78, /is a superuser/],
  ] as const)('%s', async (_, url, exitCode, stderr) => {
    const result = await runBallast(importPositions(positions), { DATABASE_URL: url(), MIGRATION_DATABASE_URL: '' });
    expect([result.exitCode, result.stdout]).toEqual([exitCode, '']);
    expect(result.stderr).toMatch(stderr);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it('156 a link to a file, 191 standard input (accepted), 150 and nothing new', async () => {
    const linked = await runBallast(
      importPositions(at('link.csv'), '--json', '--valid-from', '2026-01-01T00:00:00Z'),
      db.environment,
    );
    expect([linked.exitCode, JSON.parse(linked.stdout)]).toMatchObject([0, { rows: 1, stored: 0 }]);
    const piped = await runBallast(
      importPositions('-', '--json', '--valid-from', '2026-01-01T00:00:00Z', '--control', 'rows=1,quantity=5'),
      db.environment,
      'account,instrument,quantity\nA1,XYZ,5\n',
    );
    expect([piped.exitCode, JSON.parse(piped.stdout)]).toMatchObject([0, { rows: 1, stored: 0, unchanged: 1 }]);
  });

  it('158 a file that may not be read', async () => {
    const secret = write('secret.csv', 'account,instrument,quantity\nA1,XYZ,5\n');
    chmodSync(secret, 0o000);
    const result = await runBallast(importPositions(secret), db.environment);
    // The superuser of the machine may read everything; then the file is taken like any other.
    if (process.getuid?.() === 0) expect(result.exitCode).toBe(0);
    else expect(result).toMatchObject({ exitCode: 3, stderr: `${secret}: no permission to read it\n` });
  });

  it('193 an import that is interrupted while it reads stores nothing', async () => {
    const before = await countAllRows(db);
    const entry = path.resolve(__dirname, '../../../dist/apps/cli/src/main.js');
    const child = spawn(process.execPath, [entry, ...importPositions('-')], {
      env: { ...process.env, ...db.environment },
    });
    child.stdin.on('error', () => undefined);
    child.stdin.write(`account,instrument,quantity\n${'A1,XYZ,7\n'.repeat(50_000)}`);
    const copying = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY staged_rows%' AND state = 'active'`;
    while ((await withClient(db.superuserUrl, (client) => client.query(copying))).rowCount === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    expect(await countAllRows(db)).toEqual(before);
  });

  it('196 a database that takes no writes is told, with no stack', async () => {
    const before = await countAllRows(db);
    const url = new URL(db.appUrl);
    url.searchParams.set('options', '-c default_transaction_read_only=on');
    const changed = write('changed.csv', 'account,instrument,quantity\nA1,XYZ,77\n');
    const result = await runBallast(importPositions(changed), { DATABASE_URL: url.href, MIGRATION_DATABASE_URL: '' });
    expect([result.exitCode, result.stdout]).toEqual([4, '']);
    expect(result.stderr).not.toMatch(/\n\s+at /);
    expect(await countAllRows(db)).toEqual(before);
  });

  it('198 an output file that exists is replaced as a whole (accepted)', async () => {
    const out = write('out.csv', 'old\n');
    expect(await runBallast(['price', '--in', cases, '--out', out], {})).toMatchObject({ exitCode: 0 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('199 the same import twice at once (accepted) is recorded once', async () => {
    const file = write('twice.csv', 'account,instrument,quantity\nA1,XYZ,9\n');
    const since = ['--valid-from', '2026-02-01T00:00:00Z', '--json'];
    const results = await Promise.all([1, 2].map(() => runBallast(importPositions(file, ...since), db.environment)));
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    const stored = results.map(({ stdout }) => (JSON.parse(stdout) as { stored: number }).stored);
    expect(stored.sort()).toEqual([0, 1]);
  });
});
