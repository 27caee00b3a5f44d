// A statement against a run, from the file to the exit code, with the causes traced on the real record.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CommandSession, openCommandSession } from '../support/command-session';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

const folder = mkdtempSync(path.join(tmpdir(), 'ballast-reconcile-'));
const write = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
};

interface Break {
  readonly ordinal: number;
  readonly accountCode: string;
  readonly kind: string;
  readonly item: string;
  readonly ours: string | null;
  readonly theirs: string | null;
  readonly difference: string | null;
  readonly state: string;
  readonly cause: {
    readonly summary: string;
    readonly recomputed: string | null;
    readonly unexplained: string | null;
    readonly steps: readonly { readonly input: string; readonly item: string; readonly effect: string | null }[];
    readonly components: readonly { readonly kind: string; readonly change: string }[];
  };
}
interface Report {
  readonly id: string;
  readonly runId: string;
  readonly breakCount: number;
  readonly openBreakCount: number;
  readonly matchedCount: number;
  readonly warnings: readonly string[];
  readonly breaks: readonly Break[];
}

let db: TestDatabase;
let session: CommandSession;
const ballast = (...words: string[]) => session.ballast(...words);
const since = ['--valid-from', '2026-01-01T00:00:00Z'];

/** Maintenance requirement and equity of an account as the run stored them. */
async function figuresOf(code: string): Promise<{ initial: string; maintenance: string; equity: string }> {
  return withClient(db.superuserUrl, async (client) => {
    const { rows } = await client.query<{ initial: string; maintenance: string; equity: string }>(
      `SELECT initial_requirement::text AS initial, maintenance_requirement::text AS maintenance, equity::text FROM requirements
       JOIN accounts USING (firm_id, account_id) WHERE code = $1`,
      [code],
    );
    return rows[0] as { initial: string; maintenance: string; equity: string };
  });
}

async function reconcile(text: string, ...words: string[]): Promise<{ exitCode: number | null; report: Report }> {
  const answer = await ballast('reconcile', '--statement', write('statement.csv', text), '--json', ...words);
  expect(answer.stderr.replace(/^compared before.*\n/, '')).toBe('');
  return { exitCode: answer.exitCode, report: JSON.parse(answer.stdout) as Report };
}

beforeAll(async () => {
  db = await openTestDatabase();
  session = openCommandSession({ ...db.environment, USER: 'ann' });
  const underlyings = write('u.csv', 'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100,0.04,0\n');
  const header = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
  const terms = (id: string, right: string, strike: number) =>
    `${id},option,XYZ,${right},${strike},2026-03-20T20:00:00Z,european,100,USD,,`;
  const contracts = [terms('XYZ-P', 'put', 95), terms('XYZ-C', 'call', 110)].join('\n');
  const quotes = 'XYZ-P,2,2.2,2.1,0.25,2026-01-05T21:00:00Z\nXYZ-C,1.4,1.6,1.5,0.24,2026-01-05T21:00:00Z';
  for (const words of [
    ['accounts', write('a.csv', 'code,name,baseCurrency,methodology\nA1,Ann,USD,SPAN\nA2,Bob,USD,TIMS\nA3,Nil,USD,TIMS\n'), '--firm', 'ALPHA'], // prettier-ignore
    ['instruments', write('i.csv', `${header}\n${contracts}\n`), underlyings],
    ['market', write('q.csv', `instrument,bid,ask,mark,impliedVolatility,timestamp\n${quotes}\n`), underlyings],
    ['positions', write('p.csv', 'account,instrument,quantity\nA1,XYZ-P,-10\nA2,XYZ-P,-3\nA2,XYZ-C,-2\n'), ...since],
    ['balances', write('b.csv', 'account,currency,amount\nA1,USD,50000\nA2,USD,9000\n'), ...since],
  ])
    expect(await ballast('import', ...words)).toMatchObject({ exitCode: 0 });
  // Opening a position takes a quarter more than keeping it.
  const set = { methodology: 'SPAN', name: 'Openings', effectiveFrom: '2025-01-01T00:00:00Z', parameters: { default: { initialToMaintenanceRatio: 1.25 } } }; // prettier-ignore
  expect(await ballast('import', 'parameters', write('s.json', JSON.stringify(set)))).toMatchObject({ exitCode: 0 });
  const listed = await ballast('parameters', 'list', '--json');
  const [{ id }] = JSON.parse(listed.stdout) as [{ id: string }];
  expect(await ballast('parameters', 'approve', id, '--actor', 'bob')).toMatchObject({ exitCode: 0 });
  expect(await ballast('run', '--as-of', '2026-01-05T21:00:00Z')).toMatchObject({ exitCode: 0 });
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await session?.close();
  await db?.close();
});

const columns = 'account,record,id,quantity,price,amount,currency';
const positions = 'A1,position,XYZ-P,-10,2.1,,\nA2,position,XYZ-P,-3,2.1,,\nA2,position,XYZ   260320C00110000,-2,1.5,,';
const cash = 'A1,cash,,,,50000,USD\nA2,cash,,,,9000,USD';

describe('ballast reconcile', () => {
  it('agrees with a statement that says what the run says, padded symbols included', async () => {
    const one = await figuresOf('A1');
    const two = await figuresOf('A2');
    const figures = [
      `A1,initial-requirement,,,,${one.initial},USD`,
      `A1,maintenance-requirement,,,,${one.maintenance},USD`,
      `A2,maintenance-requirement,,,,${two.maintenance},USD`,
      `A2,equity,,,,${two.equity},USD`,
    ].join('\n');
    const { exitCode, report } = await reconcile(`${columns}\n${positions}\n${cash}\n${figures}\n`);
    expect([exitCode, report.breaks]).toEqual([0, []]);
    expect(report).toMatchObject({ breakCount: 0, openBreakCount: 0, matchedCount: 12 });
  });

  it('traces a requirement to the position that differs, and adds up', async () => {
    const { maintenance } = await figuresOf('A1');
    // The house has 13 puts, and charges what our methodology finds for 13.
    const guess = await reconcile(
      `${columns}\n${positions.replace('XYZ-P,-10', 'XYZ-P,-13')}\n${cash}\nA1,maintenance-requirement,,,,1,USD\n`,
    );
    const recomputed =
      guess.report.breaks.find(({ kind }) => kind === 'MAINTENANCE_REQUIREMENT')?.cause.recomputed ?? '';
    expect(Number(recomputed)).toBeGreaterThan(Number(maintenance) * 1.25);
    const { exitCode, report } = await reconcile(
      `${columns}\n${positions.replace('XYZ-P,-10', 'XYZ-P,-13')}\n${cash}\nA1,maintenance-requirement,,,,${recomputed},USD\n`,
    );
    expect(exitCode).toBe(5);
    expect(report.breaks.map(({ accountCode, kind, item }) => [accountCode, kind, item])).toEqual([
      ['A1', 'POSITION_QUANTITY', 'XYZ-P'],
      ['A1', 'MAINTENANCE_REQUIREMENT', 'maintenance-requirement'],
    ]);
    const found = report.breaks[1] as Break;
    expect(Number(found.difference)).toBeCloseTo(Number(recomputed) - Number(maintenance), 9);
    expect(found.cause).toMatchObject({ recomputed, unexplained: '0' });
    expect(found.cause.steps).toEqual([
      { input: 'position', item: 'XYZ-P', ours: '-10', theirs: '-13', effect: found.difference },
    ]);
    expect(found.cause.components.map(({ kind }) => kind)).toContain('scan-risk');
    expect(found.cause.summary).toContain('explained by position XYZ-P');
  });

  it('splits an equity difference into price and cash, and leaves the rest unexplained', async () => {
    const { equity } = await figuresOf('A1');
    const theirs = Number(equity) - 10 * 100 * 0.1 - 200 - 7;
    const { report } = await reconcile(
      `${columns}\n${positions.replace('XYZ-P,-10,2.1', 'XYZ-P,-10,2.2')}\n${cash.replace('50000', '49800')}\nA1,equity,,,,${theirs},USD\n`,
    );
    expect(report.breaks.map(({ kind }) => kind)).toEqual(['PRICE', 'CASH', 'EQUITY']);
    expect(report.breaks[0]?.cause.summary).toContain('inside our spread 2 to 2.2');
    const { steps, unexplained } = (report.breaks[2] as Break).cause;
    expect(steps.map(({ input, effect }) => [input, Number(effect)])).toEqual([
      ['price', -100],
      ['cash', -200],
    ]);
    expect(Number(unexplained)).toBeCloseTo(-7, 9);
  });

  it('finds a break of the initial requirement alone, and the component that makes it', async () => {
    const { initial, maintenance } = await figuresOf('A1');
    expect(Number(initial) / Number(maintenance)).toBeCloseTo(1.25, 5);
    const stated = (amount: string) =>
      `${columns}\nA1,maintenance-requirement,,,,${maintenance},USD\nA1,initial-requirement,,,,${amount},USD\n`;
    const equal = await reconcile(stated(initial), '--partial');
    expect([equal.exitCode, equal.report.matchedCount]).toEqual([0, 2]);
    // A house that charges the same for opening a position as for keeping it.
    const { exitCode, report } = await reconcile(stated(maintenance), '--partial');
    expect([exitCode, report.matchedCount, report.breakCount]).toEqual([5, 1, 1]);
    const found = report.breaks[0] as Break;
    expect(found).toMatchObject({ accountCode: 'A1', kind: 'INITIAL_REQUIREMENT', ours: initial, theirs: maintenance });
    expect(Number(found.difference)).toBeCloseTo(Number(maintenance) - Number(initial), 9);
    expect(found.cause).toMatchObject({ recomputed: initial, unexplained: found.difference, steps: [] });
    expect(found.cause.summary).toContain('which is the size of our component initial-addition');
    const addition = (Number(initial) - Number(maintenance)).toFixed(2).replace(/\.?0+$/, '');
    expect(found.cause.summary).toContain(`in the addition of the initial one: ours ${addition}, theirs 0`);
  });

  it('names the lines of the requirement that move, which add up, and a name nobody has', async () => {
    const text = `${columns}\nA2,position,XYZ-P,-4,,,\nA2,position,XYZ-C,-2,,,\nA2,position,WHAT,1,,,\nA2,maintenance-requirement,,,,1,USD\na2,cash,,,,1,USD\n`; // prettier-ignore
    const { report } = await reconcile(text, '--partial');
    const of = (kind: string) => report.breaks.find((found) => found.kind === kind) as Break;
    expect(of('POSITION_MISSING_IN_RUN').cause.summary).toContain('no instrument of ours has this name');
    expect(of('ACCOUNT_MISSING_IN_RUN').cause.summary).toBe('no account of ours has this code; A2 differs in capitals only'); // prettier-ignore
    const { components, recomputed } = of('MAINTENANCE_REQUIREMENT').cause;
    const moved = components.reduce((sum, { change }) => sum + Number(change), 0);
    expect(moved).toBeCloseTo(Number(recomputed) - Number(of('MAINTENANCE_REQUIREMENT').ours), 6);
  });

  it('lists what is missing on either side', async () => {
    const { exitCode, report } = await reconcile(
      `${columns}\nA1,position,XYZ-C,4,,,\nA9,position,XYZ-P,1,,,\nA3,position,XYZ-P,0,,,\n`,
    );
    expect(exitCode).toBe(5);
    expect(
      report.breaks.map(({ accountCode, kind, item, difference }) => [accountCode, kind, item, difference]),
    ).toEqual([
      ['A1', 'POSITION_MISSING_IN_RUN', 'XYZ-C', '4'],
      ['A1', 'POSITION_MISSING_IN_STATEMENT', 'XYZ-P', '10'],
      ['A2', 'ACCOUNT_MISSING_IN_STATEMENT', '', null],
      ['A9', 'ACCOUNT_MISSING_IN_RUN', '', null],
    ]);
    const partial = await reconcile(`${columns}\nA1,position,XYZ-P,-10,,,\n`, '--partial');
    expect([partial.exitCode, partial.report.breaks]).toEqual([0, []]);
  });

  it('keeps within tolerances what they allow, and not a cent more', async () => {
    const { maintenance } = await figuresOf('A1');
    const text = (amount: number) => `${columns}\nA1,maintenance-requirement,,,,${amount.toFixed(2)},USD\n`;
    const at = async (distance: number, ...words: string[]) =>
      (await reconcile(text(Number(maintenance) + distance), '--partial', ...words)).report.breakCount;
    expect(await at(5, '--tolerance', '5')).toBe(0);
    expect(await at(5.01, '--tolerance', '5')).toBe(1);
    expect(await at(-5, '--relative-tolerance', String(6 / Number(maintenance)).slice(0, 10))).toBe(0);
  });

  it('stores one reconciliation per file, run and tolerances', async () => {
    const text = `${columns}\nA1,position,XYZ-P,-9,,,\n`;
    const first = await reconcile(text, '--partial');
    const again = await reconcile(text, '--partial');
    expect([again.exitCode, again.report]).toEqual([5, first.report]);
    expect((await reconcile(text, '--partial', '--run', first.report.runId)).report.id).toBe(first.report.id);
    expect((await reconcile(text, '--partial', '--quantity-tolerance', '1')).report.id).not.toBe(first.report.id);
    expect(await ballast('verify-history')).toMatchObject({ exitCode: 0 });
  });

  it('lets one person propose and another confirm', async () => {
    const { report } = await reconcile(`${columns}\nA1,position,XYZ-P,-8,,,\nA2,position,XYZ-P,-4,,,\n`, '--partial');
    expect(report.openBreakCount).toBe(3);
    const resolve = (...words: string[]) => ballast('reconcile', 'resolve', report.id, '--json', ...words);
    expect(await resolve('--break', '1')).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await resolve('--break', '1', '--confirm', '--note', 'x')).toMatchObject({ exitCode: 3 });
    expect(await resolve('--break', '9', '--note', 'x')).toMatchObject({ exitCode: 3 });
    expect(await resolve('--break', 'all', '--note', 'booked late')).toMatchObject({ exitCode: 5, stderr: '' });
    const own = await resolve('--break', '1', '--confirm', '--note', 'seen');
    expect([own.exitCode, own.stderr]).toEqual([
      3,
      'ann proposed how break 1 is settled; another person has to decide\n',
    ]);
    const half = await resolve('--break', '1,2', '--confirm', '--note', 'seen', '--actor', 'bob');
    expect([half.exitCode, (JSON.parse(half.stdout) as Report).openBreakCount]).toEqual([5, 1]);
    const rejected = await resolve('--break', '3', '--reject', '--note', 'not so', '--actor', 'bob');
    expect((JSON.parse(rejected.stdout) as Report).breaks[2]).toMatchObject({ state: 'OPEN' });
    await resolve('--break', '3', '--note', 'booked on Monday', '--actor', 'bob');
    const done = await resolve('--break', 'all', '--confirm', '--note', 'seen');
    expect([done.exitCode, (JSON.parse(done.stdout) as Report).openBreakCount]).toEqual([0, 0]);
    const shown = await ballast('reconcile', 'show', report.id);
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain('CONFIRM by bob: seen');
  });

  it('says that the record was corrected after the run', async () => {
    const correction = write('c.csv', 'account,instrument,quantity\nA1,XYZ-P,-7\n');
    expect(await ballast('import', 'positions', correction, ...since, '--mode', 'merge')).toMatchObject({
      exitCode: 0,
    });
    const { report } = await reconcile(`${columns}\nA1,position,XYZ-P,-7,,,\n`, '--partial');
    expect(report.breaks[0]?.cause.summary).toBe('the record agrees today: what the run saw was corrected later, run again'); // prettier-ignore
  });

  it.each([
    ['a record that is none', `${columns}\nA1,margin,,,,1,USD\n`, 'statement.csv:2: column record: value "margin"'],
    ['a negative requirement', `${columns}\nA1,initial-requirement,,,,-1,USD\n`, 'a requirement is not negative'],
    ['a position stated twice', `${columns}\nA1,position,X,1,,,\nA1,position,X,1,,,\n`, 'a duplicate of line 2'],
    ['XML that is cut', '<FlexQueryResponse>\n <FlexStatements>\n', 'statement.csv:3: column character'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]>\n<FlexQueryResponse/>', 'document type declaration'],
    ['another document', '<html></html>', 'the root is html'],
  ])('refuses %s with its place', async (_, text, message) => {
    const answer = await ballast('reconcile', '--statement', write('statement.csv', text));
    expect([answer.exitCode, answer.stdout]).toEqual([3, '']);
    expect(answer.stderr).toContain(message);
  });
});

const real = path.resolve(__dirname, '../../../shared/data/positions');
const maybe = existsSync(real) ? describe : describe.skip;

maybe('a broker activity statement (skipped: shared data not present)', () => {
  it('reads padded symbols, positions, cash and equity of one account', async () => {
    const file = path.join(real, 'activity_daily_portfolio.xml');
    const answer = await ballast('reconcile', '--statement', file, '--json');
    const report = JSON.parse(answer.stdout) as Report;
    expect(answer.exitCode).toBe(5);
    expect(report.breaks).toMatchObject([{ accountCode: 'U1234567', kind: 'ACCOUNT_MISSING_IN_RUN' }]);
    expect(report.warnings).toEqual(['the statement is of 2025-01-15, the run of 2026-01-05']);
  });
});
