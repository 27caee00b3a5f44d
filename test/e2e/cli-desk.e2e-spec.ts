// The files of examples/ on the command line: haircuts, collateral and the statement of another house.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseInstant } from '@ballast/domain';
import type { SourceFile } from '@ballast/formats';
import { runBallast } from '../support/ballast-process';
import { openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const examples = path.resolve(__dirname, '../../examples');
const folder = mkdtempSync(path.join(tmpdir(), 'ballast-desk-'));
const example = (name: string): string => path.join(examples, name);
const sourceOf = (name: string): SourceFile => ({ name, bytes: readFileSync(example(name)) });
const write = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

let db: TestDatabase;
const ballast = (...words: string[]) => runBallast(words, { ...db.environment, USER: 'ann', HISTORY_HEAD_FILE: '' });
const json = async (...words: string[]) => {
  const { exitCode, stdout } = await ballast(...words, '--json');
  return { exitCode, report: JSON.parse(stdout) as Record<string, unknown> };
};

beforeAll(async () => {
  db = await openTestDatabase();
  const desk = openImportDesk(db);
  const { id: firmId } = await desk.firms.create({ code: 'DESK', name: 'Desk' });
  const context = { firmId, recordedBy: 'ann' };
  const since = parseInstant('2026-11-18T00:00:00Z', 'since');
  await desk.importAccounts.execute(context, sourceOf('accounts.csv'));
  await desk.importInstruments.execute(context, ['instruments.csv', 'underlyings.csv'].map(sourceOf));
  await desk.importMarket.execute(context, ['quotes.csv', 'underlyings.csv', 'forwards.csv', 'fx.csv'].map(sourceOf));
  await desk.importPositions.execute({ ...context, mode: 'REPLACE', validFrom: since }, sourceOf('positions.csv'));
  await desk.importBalances.execute({ ...context, valueAt: since }, sourceOf('balances.csv'));
}, 60_000);
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

describe('ballast import market --second-source', () => {
  const time = '2026-11-20T21:30:00Z';
  const header = 'underlying,kind,currency,price,rate,dividendYield,timestamp';
  const alta = (price: string) => `ALTA,equity,USD,${price},0.0362,0.008,${time}`;
  const own = () => [
    write(
      'own-quotes.csv',
      `instrument,bid,ask,mark,impliedVolatility,timestamp\nALTA,187.40,187.44,187.42,,${time}\n`,
    ),
    write('own-underlyings.csv', `${header}\n${alta('187.42')}\n`),
  ];
  const other = (name: string, ...rows: string[]) => write(name, `${header}\n${rows.join('\n')}\n`);
  const terms = (...files: string[]) => ['import', 'market', ...own(), ...files];

  it('says what came from the other source, and flags what the sources disagree about', async () => {
    const second = other('second.csv', alta('150'), `BXI,broad-index,USD,6600,0.0362,0.013,${time}`);
    const { exitCode, report } = await json(...terms('--second-source', second, '--stale-after', '60'));
    expect(exitCode).toBe(0);
    const warnings = (report['warnings'] as string[]).join('\n');
    // BXI is in the second source alone; ALTA stands at the own price, which the other one doubts by more than 5 %.
    expect(warnings).toMatch(/^second source: BXI: .*FALLBACK_SECOND_SOURCE/m);
    expect(warnings).toMatch(/^second source: ALTA: .*Q_SPIKE/m);
  }, 60_000);

  it.each([
    ['a second source that cannot be read', 3, /second-bad\.csv:2: column price: value "x"/, (): string[] => terms('--second-source', other('second-bad.csv', alta('x')))], // prettier-ignore
    ['one that is not there', 3, /none\.csv/, (): string[] => terms('--second-source', path.join(folder, 'none.csv'))],
    ['one for positions', 2, /--second-source and --stale-after belong to a market/, (): string[] => ['import', 'positions', example('positions.csv'), '--second-source', example('quotes.csv')]], // prettier-ignore
  ] as const)(
    'refuses %s',
    async (_, exitCode, message, words) => {
      const found = await ballast(...words());
      expect(found.exitCode).toBe(exitCode);
      expect(found.stderr).toMatch(message);
    },
    60_000,
  );
});

describe('ballast import haircuts', () => {
  const words = ['import', 'haircuts', example('haircuts.csv'), example('limits.csv')];
  const terms = ['--schedule', 'HOUSE', '--valid-from', '2026-11-01T00:00:00Z'];

  it('records a dated schedule with its limits, once', async () => {
    const stored = await ballast(...words, ...terms);
    expect(stored).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stored.stdout).toMatch(/^rules +8$/m);
    expect(stored.stdout).toMatch(/^limits +3$/m);
    expect(await json(...words, ...terms)).toMatchObject({
      exitCode: 0,
      report: { rows: 11, stored: 0, unchanged: 11 },
    });
  }, 60_000);

  it('refuses a haircut above the whole value by line, column and value', async () => {
    const file = write('bad-haircuts.csv', 'assetClass,rating,minimumYears,maximumYears,haircut\nGold,,,,1.5\n');
    const refused = await ballast('import', 'haircuts', file);
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    expect(refused.stderr).toContain(`${file}:2: column haircut: value "1.5"`);
  }, 60_000);
});

describe('ballast import collateral', () => {
  it('records holdings of the accounts, once, and says what they add up to', async () => {
    const { exitCode, report } = await json('import', 'collateral', example('collateral.csv'));
    expect([exitCode, report]).toEqual([
      0,
      expect.objectContaining({
        stored: 3,
        totals: expect.objectContaining({ accounts: '2', 'gross value USD': '197500' }) as unknown,
      }),
    ]);
    expect(await json('import', 'collateral', example('collateral.csv'))).toMatchObject({
      exitCode: 0,
      report: { stored: 0, unchanged: 3 },
    });
  }, 60_000);

  it('refuses an unknown account and stores nothing', async () => {
    const [header, row = ''] = readFileSync(example('collateral.csv'), 'utf8').split('\n');
    const file = write('bad-collateral.csv', `${header}\n${row}\n${row.replace('DESK-1', 'DESK-9')}\n`);
    const refused = await ballast('import', 'collateral', file, '--mode', 'merge');
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    expect(refused.stderr).toContain(`${file}:3: column account: value "DESK-9"`);
    expect(await ballast('import', 'collateral', file, '--mode', 'all')).toMatchObject({ exitCode: 2 });
  }, 60_000);
});

describe('ballast reconcile', () => {
  it('compares the example statement of a house and names every break with its cause', async () => {
    expect(await ballast('run', '--as-of', '2026-11-20T21:00:00Z')).toMatchObject({ exitCode: 0, stderr: '' });
    const { exitCode, report } = await json('reconcile', '--statement', example('house-statement.csv'));
    expect([exitCode, report]).toEqual([
      5,
      expect.objectContaining({ matchedCount: 9, breakCount: 7, openBreakCount: 7 }),
    ]);
    const breaks = report['breaks'] as {
      accountCode: string;
      kind: string;
      item: string;
      cause: { summary: string };
    }[];
    expect(breaks.map(({ accountCode, kind, item }) => [accountCode, kind, item])).toEqual([
      ['DESK-1', 'PRICE', 'ALTA-18DEC26-195-C'],
      ['DESK-1', 'COLLATERAL_MISSING_IN_STATEMENT', 'US91282CJZ59'],
      ['DESK-1', 'COLLATERAL_MISSING_IN_STATEMENT', 'XS2010029663'],
      ['DESK-1', 'MAINTENANCE_REQUIREMENT', 'maintenance-requirement'],
      ['DESK-2', 'POSITION_QUANTITY', 'BXI-18DEC26-6900-C'],
      ['DESK-2', 'INITIAL_REQUIREMENT', 'initial-requirement'],
      ['DESK-3', 'ACCOUNT_MISSING_IN_STATEMENT', ''],
    ]);
    expect(breaks[5]?.cause.summary).toMatch(/explained by position BXI-18DEC26-6900-C \+\d+\.\d\d; /);
  }, 60_000);
});
