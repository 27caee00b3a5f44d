import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDelimited, rowOf, runBallast, startService, type RunningService } from '../support/ballast-process';

const sharedData = path.resolve(__dirname, '../../../shared/data');
const snapshotFile = path.join(sharedData, 'deribit/deribit_options_snapshot_20260105T092511Z.csv');
const googFile = path.join(sharedData, 'lean/goog_20151224.csv');
const present = existsSync(snapshotFile) && existsSync(googFile);
const describeWithData = present ? describe : describe.skip;

const firm = 'CHAIN';
const accountCount = 20;

/** Real rows with every price moved and quoted some days later, less what expired by then: the later snapshots. */
function laterSnapshot(text: string, days: number, factor: number): string {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const columns = header.split(',');
  const at = (name: string): number => columns.indexOf(name);
  const listed = rows.filter((row) => {
    const cells = row.split(',');
    const quoted = Date.parse(cells[at('timestamp')] ?? '') + days * 86_400_000;
    return Date.parse(cells[at('expiry_datetime')] ?? '') > quoted;
  });
  const moved = listed.map((row) => {
    const cells = row.split(',');
    const shift = (name: string, by: number): void => {
      const cell = cells[at(name)] ?? '';
      if (cell !== '') cells[at(name)] = String(Math.round(Number(cell) * by * 1e6) / 1e6);
    };
    const instant = new Date(Date.parse(cells[at('timestamp')] ?? '') + days * 86_400_000);
    cells[at('timestamp')] = instant.toISOString();
    for (const name of ['underlying', 'futures_price', 'index_price']) shift(name, factor);
    return cells.join(',');
  });
  return `${[header, ...moved].join('\n')}\n`;
}

/** Twenty books on the near BTC and ETH chain: strangles, spreads, calendars, sized by account. */
function positionRows(text: string): string[] {
  const rows = parseDelimited(text);
  return Array.from({ length: accountCount }, (_, index) => {
    const coin = index % 2 === 0 ? 'BTC' : 'ETH';
    const expiry = coin === 'BTC' ? '30JAN26' : '27MAR26';
    const chain = rows.filter((row) => rowOf(row, 'instrument_name').startsWith(`${coin}-${expiry}-`));
    const calls = chain.filter((row) => rowOf(row, 'option_type') === 'call').sort(byStrike);
    const puts = chain.filter((row) => rowOf(row, 'option_type') === 'put').sort(byStrike);
    const middle = calls.findIndex((row) => Number(rowOf(row, 'strike')) >= Number(rowOf(row, 'futures_price')));
    const name = (list: typeof calls, place: number): string => rowOf(list[place], 'instrument_name');
    const size = 1 + (index % 5);
    return [
      `C-${String(index).padStart(2, '0')},${name(calls, middle + 2)},${-size}`,
      `C-${String(index).padStart(2, '0')},${name(puts, middle - 3)},${-size}`,
      `C-${String(index).padStart(2, '0')},${name(calls, middle + 4)},${size + (index % 3)}`,
    ].join('\n');
  });
}

function byStrike(left: Record<string, string>, right: Record<string, string>): number {
  return Number(rowOf(left, 'strike')) - Number(rowOf(right, 'strike'));
}

describeWithData('a real option chain, end to end (skipped: shared data not present)', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'ballast-chain-'));
  const environment = { DATA_DIR: path.join(folder, 'data'), PORT: '0' };
  let service: RunningService;

  beforeAll(async () => {
    const text = readFileSync(snapshotFile, 'utf8');
    const write = (name: string, content: string): string => {
      writeFileSync(path.join(folder, name), content);
      return path.join(folder, name);
    };
    const codes = Array.from({ length: accountCount }, (_, index) => `C-${String(index).padStart(2, '0')}`);
    const accounts = codes.map((code, index) => `${code},Book ${index},${index % 2 === 0 ? 'BTC' : 'ETH'},CRYPTO_PM`);
    const accountsFile = write('accounts.csv', `code,name,baseCurrency,methodology\n${accounts.join('\n')}\n`);
    const positionsFile = write('positions.csv', `account,instrument,quantity\n${positionRows(text).join('\n')}\n`);
    const balances = codes.map((code, index) => `${code},${index % 2 === 0 ? 'BTC' : 'ETH'},${1 + index / 4}`);
    const balancesFile = write('balances.csv', `account,currency,amount\n${balances.join('\n')}\n`);
    const second = write('second.csv', laterSnapshot(text, 1, 0.97));
    const third = write('third.csv', laterSnapshot(text, 2, 1.04));

    service = await startService(['serve'], environment);
    const ballast = (...words: string[]) => runBallast([...words, '--firm', firm], environment);
    for (const [kind, file] of [
      ['accounts', accountsFile],
      ['market', snapshotFile],
    ] as const) {
      expect(await ballast('import', kind, file)).toMatchObject({ exitCode: 0 });
    }
    const since = ['--valid-from', '2026-01-05T00:00:00Z'];
    expect(await ballast('import', 'positions', positionsFile, ...since)).toMatchObject({ exitCode: 0 });
    expect(await ballast('import', 'balances', balancesFile, ...since)).toMatchObject({ exitCode: 0 });
    expect(await ballast('run')).toMatchObject({ exitCode: 0 });
    for (const file of [second, third]) {
      expect(await ballast('import', 'market', file)).toMatchObject({ exitCode: 0 });
      expect(await ballast('run')).toMatchObject({ exitCode: 0 });
    }
  }, 180_000);

  afterAll(async () => {
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  it('shows requirement, scenarios, Greeks and buffer history of an account over HTTP', async () => {
    const token = await service.token({ firm, roles: ['risk'] });
    const answer = await service.query<ChainAnswer>(chainQuery, { code: 'C-00' }, token);
    expect(answer.errors).toBeUndefined();
    const account = answer.data.account;
    const requirement = account.requirement;
    expect(requirement.methodology).toBe('CRYPTO_PM');
    expect(Number(requirement.maintenance.amount)).toBeGreaterThan(0);
    expect(Number(requirement.initial.amount)).toBeGreaterThanOrEqual(Number(requirement.maintenance.amount));
    const buffer = Number(requirement.equity.amount) - Number(requirement.maintenance.amount);
    expect(Number(requirement.buffer.amount)).toBeCloseTo(buffer, 8);
    expect(requirement.scenarios.length).toBeGreaterThanOrEqual(16);
    const worst = Math.max(...requirement.scenarios.map(({ loss }) => loss));
    expect(requirement.worstScenario.loss).toBe(worst);
    expect(account.byUnderlying.map(({ key }) => key)).toEqual(['BTC']);
    expect(account.byExpiry).toHaveLength(1);
    expect(account.bufferHistory.edges.map(({ node }) => node.at.slice(0, 10))).toEqual([
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
    ]);
    expect(new Set(account.bufferHistory.edges.map(({ node }) => node.buffer.amount)).size).toBe(3);
  });

  it('lists all twenty accounts with their figures', async () => {
    const token = await service.token({ firm, roles: ['risk'] });
    const list =
      '{ accounts(first: 50) { totalCount edges { node { code requirement { status buffer { amount } } } } } }';
    const { data } = await service.query<ListAnswer>(list, {}, token);
    expect(data.accounts.totalCount).toBe(accountCount);
    for (const { node } of data.accounts.edges) {
      expect(['HEALTHY', 'WATCH', 'MARGIN_CALL', 'LIQUIDATION']).toContain(node.requirement.status);
    }
  });

  it('imports the American chain of a share too, its first row being the underlying', async () => {
    const result = await runBallast(['import', 'market', googFile, '--json', '--firm', firm], environment);
    expect(result).toMatchObject({ exitCode: 0 });
    const report = JSON.parse(result.stdout) as { rows: number; stored: number; instrumentsNew: number };
    expect(report).toMatchObject({ rows: 2017, stored: 2017, instrumentsNew: 2016 });
  });
});

const chainQuery = `query ($code: String!) {
  account(code: $code) {
    code baseCurrency
    byUnderlying: greeks(by: UNDERLYING) { key delta gamma vega theta rho deltaCash gammaCash }
    byExpiry: greeks(by: EXPIRY) { key delta }
    requirement {
      asOf quality methodology status bufferRatio
      initial { amount currency } maintenance { amount } equity { amount } buffer { amount } excess { amount }
      worstScenario { index group label loss }
      scenarios { index group label loss }
    }
    bufferHistory(from: "2026-01-01T00:00:00Z", to: "2026-02-01T00:00:00Z") {
      edges { node { at buffer { amount } bufferRatio status quality runId } }
    }
  }
}`;

interface Amount {
  readonly amount: string;
}
interface Scenario {
  readonly index: number;
  readonly group: string;
  readonly label: string;
  readonly loss: number;
}
interface ChainAnswer {
  readonly account: {
    readonly byUnderlying: readonly { readonly key: string }[];
    readonly byExpiry: readonly { readonly key: string }[];
    readonly requirement: {
      readonly methodology: string;
      readonly initial: Amount;
      readonly maintenance: Amount;
      readonly equity: Amount;
      readonly buffer: Amount;
      readonly worstScenario: Scenario;
      readonly scenarios: readonly Scenario[];
    };
    readonly bufferHistory: {
      readonly edges: readonly { readonly node: { readonly at: string; readonly buffer: Amount } }[];
    };
  };
}
interface ListAnswer {
  readonly accounts: {
    readonly totalCount: number;
    readonly edges: readonly {
      readonly node: { readonly code: string; readonly requirement: { readonly status: string } };
    }[];
  };
}
