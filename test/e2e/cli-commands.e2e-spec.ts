import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runBallast } from '../support/ballast-process';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const entry = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');
const folder = mkdtempSync(path.join(tmpdir(), 'ballast-cli-'));
const write = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = write(
  'cases.csv',
  'model,right,spot,strike,yearsToExpiry,rate,dividendYield,volatility\nblack-scholes,call,100,95,0.5,0.03,0.01,0.2\n',
);

describe('ballast, the words of the command line', () => {
  it('explains itself', async () => {
    const overview = await runBallast(['--help'], {});
    expect(overview.exitCode).toBe(0);
    const commands = ['serve', 'demo', 'price', 'implied-volatility', 'margin', 'import', 'run', 'token'];
    for (const command of commands) expect(overview.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    for (const command of ['price', 'import']) {
      const help = await runBallast([command, '--help'], {});
      expect([command, help.exitCode, help.stdout.includes(`Usage: ballast ${command}`)]).toEqual([command, 0, true]);
    }
    expect((await runBallast(['--version'], {})).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  }, 30_000);

  it.each([
    ['no command', [], 'Usage: ballast'],
    ['an unknown command', ['prize'], 'unknown command "prize"'],
    ['an unknown flag', ['price', '--in', cases, '--fast'], "unknown option '--fast'"],
    ['a missing argument', ['price'], "required option '--in <file>' not specified"],
    ['a flag given twice', ['price', '--in', cases, '--in', cases], 'The option is given twice'],
    ['an instant that is none', ['run', '--as-of', '2026-02-30T00:00:00Z'], 'expected an instant with a zone'],
    [
      'an instant given twice',
      ['run', '--as-of', '2026-01-05T00:00:00Z', '--as-of', '2026-01-06T00:00:00Z'],
      'given twice',
    ],
    ['an unknown kind of import', ['import', 'gossip', cases], 'cannot import "gossip"'],
    ['an import without a file', ['import', 'accounts'], "missing required argument 'files'"],
  ])('refuses %s with exit code 2', async (_, words, message) => {
    const { exitCode, stdout, stderr } = await runBallast(words, {
      DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
    });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it.each([
    ['a file that is not there', path.join(folder, 'nope.csv'), 'no such file'],
    ['a folder', folder, 'a directory, not a file'],
  ])('refuses %s with exit code 3', async (_, file, message) => {
    const { exitCode, stderr } = await runBallast(['price', '--in', file], {});
    expect([exitCode, stderr]).toEqual([3, `${file}: ${message}\n`]);
  });

  it('follows a symbolic link', async () => {
    symlinkSync(cases, path.join(folder, 'link.csv'));
    expect((await runBallast(['price', '--in', path.join(folder, 'link.csv')], {})).exitCode).toBe(0);
  });

  it('prints the same bytes in every locale and time zone', async () => {
    const plain = await runBallast(['price', '--in', cases], { LC_ALL: 'C', TZ: 'UTC' });
    const other = await runBallast(['price', '--in', cases], {
      LC_ALL: 'de_DE.UTF-8',
      LANG: 'de_DE.UTF-8',
      TZ: 'America/Adak',
    });
    expect(other).toEqual(plain);
  });

  it('ends quietly when its reader goes away', async () => {
    const rows = 'black-scholes,call,100,95,0.5,0.03,0.01,0.2\n'.repeat(50_000);
    const file = write('many.csv', `model,right,spot,strike,yearsToExpiry,rate,dividendYield,volatility\n${rows}`);
    const child = spawn(process.execPath, [entry, 'price', '--in', file]);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout.once('data', () => child.stdout.destroy());
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect([exitCode, stderr]).toEqual([0, '']);
  });

  it('leaves no half-written file when it is interrupted', async () => {
    const out = path.join(folder, 'interrupted.csv');
    const child = spawn(process.execPath, [entry, 'price', '--in', '-', '--out', out]);
    child.stdin.write('model,right,spot,strike,yearsToExpiry,rate,dividendYield,volatility\n');
    const parts = () => readdirSync(folder).filter((name) => name.endsWith('.part'));
    while (parts().length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(130);
    expect([parts(), existsSync(out)]).toEqual([[], false]);
  });

  it.each([
    ['a full disk', '/dev/full', 4, 'no space left on the device'],
    ['a folder that is not there', path.join(folder, 'none', 'out.csv'), 2, 'no such folder'],
  ])('tells %s', async (_, out, expected, reason) => {
    const { exitCode, stderr } = await runBallast(['price', '--in', cases, '--out', out], {});
    expect([exitCode, stderr]).toEqual([expected, `${out}: ${reason}\n`]);
  });

  it('does not rename over a device', async () => {
    expect(await runBallast(['price', '--in', cases, '--out', '/dev/null'], {})).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(existsSync('/dev/null')).toBe(true);
  });
});

describe('ballast on a database', () => {
  let db: TestDatabase;
  const accounts = write('accounts.csv', 'code,name,baseCurrency,methodology\nA1,Ann,USD,SPAN\nA2,Bob,USD,SPAN\n');
  const ballast = (...words: string[]) => runBallast(words, { ...db.environment });

  beforeAll(async () => {
    db = await openTestDatabase();
  });
  afterAll(() => db?.close());

  it.each([
    ['a server that does not answer', { DATABASE_URL: 'postgres://x:y@127.0.0.1:1/none' }, 4, 'cannot be reached'],
    ['an address that is none', { DATABASE_URL: 'http://x' }, 78, 'DATABASE_URL'],
    ['a pool of nothing', { POOL_MAX: '0' }, 78, 'POOL_MAX'],
  ])('tells %s', async (_, environment, expected, message) => {
    const { exitCode, stderr } = await runBallast(['run', '--firm', 'X'], { ...db.environment, ...environment });
    expect(exitCode).toBe(expected);
    expect(stderr).toContain(message);
  });

  it('refuses a port that is none before it starts', async () => {
    const { exitCode, stderr } = await runBallast(['serve'], { ...db.environment, PORT: 'abc' });
    expect([exitCode, stderr.split('\n')[0]]).toEqual([78, 'PORT: expected a port number 0…65535']);
  });

  it('creates a firm with its first good accounts, and not with bad ones', async () => {
    const bad = write('bad.csv', 'code,name,baseCurrency,methodology\nA1,Ann,US,SPAN\n');
    const refused = await ballast('import', 'accounts', bad, '--firm', 'ALPHA', '--json');
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toBe(`${bad}:2: column baseCurrency: value "US": expected a currency code such as USD\n`);
    expect(JSON.parse(refused.stdout)).toMatchObject({
      refused: true,
      stored: 0,
      problems: [{ line: 2, column: 'baseCurrency', value: 'US' }],
    });
    expect(await ballast('import', 'accounts', accounts)).toMatchObject({ exitCode: 2 });
    const stored = await ballast('import', 'accounts', accounts, '--firm', 'ALPHA', '--json', '--expect-rows', '2');
    expect(stored).toMatchObject({ exitCode: 0, stderr: 'firm ALPHA created\n' });
    expect(JSON.parse(stored.stdout)).toMatchObject({ firm: 'ALPHA', rows: 2, stored: 2, unchanged: 0 });
    const again = await ballast('import', 'accounts', accounts);
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(again.stdout).toMatch(/^stored +0$/m);
  });

  it('records daily prices once, and no bad ones', async () => {
    const prices = write('prices.csv', 'date,XYZ,ABC\n2026-01-02,100,50\n2026-01-05,101.5,\n');
    const stored = await ballast('import', 'prices', prices, '--json');
    expect(stored).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stored.stdout)).toMatchObject({ firm: 'ALPHA', stored: 3, unchanged: 0 });
    const again = await ballast('import', 'prices', prices, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ stored: 0, unchanged: 3 });
    const refused = await ballast('import', 'prices', write('bad-prices.csv', 'date,XYZ\n2026-01-02,-1\n'));
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('XYZ');
  }, 30_000);

  it('says which firm it needs', async () => {
    const unknown = await ballast('run', '--firm', 'OMEGA');
    expect(unknown).toMatchObject({ exitCode: 3, stdout: '' });
    expect(unknown.stderr).toBe('no firm OMEGA: there are ALPHA; importing accounts creates one\n');
  });

  it('refuses a run without a market', async () => {
    const { exitCode, stderr } = await ballast('run');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('there is no market snapshot to evaluate on');
  });

  it('loads a market, positions and balances and runs', async () => {
    const underlyings = write(
      'underlyings.csv',
      'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100,0.04,0\n',
    );
    const header = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
    const instruments = write(
      'instruments.csv',
      `${header}\nXYZ-P,option,XYZ,put,95,2026-03-20T20:00:00Z,european,100,USD,,\n`,
    );
    const quotes = write(
      'quotes.csv',
      'instrument,bid,ask,mark,impliedVolatility,timestamp\nXYZ-P,2,2.2,2.1,0.25,2026-01-05T21:00:00Z\n',
    );
    const positions = write('positions.csv', 'account,instrument,quantity\nA1,XYZ-P,-10\n');
    const balances = write('balances.csv', 'account,currency,amount\nA1,USD,50000\nA2,USD,1\n');
    const since = ['--valid-from', '2026-01-01T00:00:00Z'];
    for (const words of [
      ['import', 'instruments', instruments, underlyings],
      ['import', 'market', quotes, underlyings],
      ['import', 'positions', positions, ...since],
      ['import', 'balances', balances, ...since],
    ]) {
      expect(await ballast(...words)).toMatchObject({ exitCode: 0, stderr: '' });
    }
    const run = await ballast('run', '--json', '--as-of', '2026-01-05T21:00:00Z');
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(run.stdout)).toMatchObject({ firm: 'ALPHA', state: 'COMPLETED', accounts: 2, indeterminate: 0 });
  }, 60_000);
});
