import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseInstant } from '@ballast/domain';
import type { SourceFile } from '@ballast/formats';
import type { ImportContext } from '@ballast/use-cases';
import { runBallast } from '../support/ballast-process';
import { bookOf, type LifecycleDesk, openLifecycleDesk } from '../support/lifecycle-desk';
import { newFirm } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const examples = path.resolve(__dirname, '../../examples');
const example = (name: string): SourceFile => ({ name, bytes: readFileSync(path.join(examples, name)) });
const folder = mkdtempSync(path.join(tmpdir(), 'ballast-lifecycle-'));
let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const held = parseInstant('2026-11-18T00:00:00Z', 'held');
const ballast = (...words: string[]) => runBallast(words, db.environment);

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
  firm = await newFirm(desk);
  await desk.importAccounts.execute(firm, example('accounts.csv'));
  await desk.importInstruments.execute(firm, ['instruments.csv', 'underlyings.csv'].map(example));
  await desk.importMarket.execute(firm, ['quotes.csv', 'underlyings.csv', 'forwards.csv', 'fx.csv'].map(example));
  await desk.importPositions.execute({ ...firm, mode: 'REPLACE', validFrom: held }, example('positions.csv'));
  await desk.importBalances.execute({ ...firm, valueAt: held }, example('balances.csv'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db?.close();
});

describe('ballast lifecycle and report, on the example files', () => {
  it('reports an expiry day before it comes', async () => {
    const { exitCode, stdout, stderr } = await ballast(
      'report',
      'expiry',
      '--date',
      '2026-12-18',
      '--json',
      '--pin-band',
      '0.045',
    );
    expect([exitCode, stderr]).toEqual([0, '']);
    const report = JSON.parse(stdout) as {
      accounts: { account: string; series: Record<string, unknown>[]; after: Record<string, unknown> }[];
    };
    expect(report.accounts.map(({ account }) => account)).toEqual(['DESK-1', 'DESK-2']);
    expect(report.accounts[0]?.series).toEqual([
      expect.objectContaining({
        instrument: 'ALTA-18DEC26-195-C',
        quantity: '-10',
        underlyingPrice: '187.42',
        moneyness: 'near',
        settlement: 'physical',
        consequence: 'lapse',
        cash: '0',
        deliveries: [],
        orphan: null,
      }),
    ]);
    expect(report.accounts[1]?.series.map(({ moneyness }) => moneyness)).toEqual(['out', 'near']);
    expect(report.accounts[1]?.after).toMatchObject({ quality: 'OK', status: 'HEALTHY', equity: '310000.00' });
    const csv = await ballast('report', 'expiry', '--date', '2026-12-18', '--csv');
    expect(csv.stdout.split('\n')).toHaveLength(5);
    expect(csv.stdout).toContain('DESK-2,BXI-18DEC26-6300-P,-2,6612.35,out,');
    const none = await ballast('report', 'expiry', '--date', '2026-12-17');
    expect([none.exitCode, none.stdout]).toEqual([0, expect.stringContaining('no series that ends that day is held')]);
  });

  it('applies events once, and the split leaves contracts on 150 shares', async () => {
    const first = await ballast('lifecycle', 'apply', path.join(examples, 'lifecycle-events.csv'), '--json');
    expect([first.exitCode, first.stderr]).toEqual([0, '']);
    expect(JSON.parse(first.stdout)).toMatchObject({ rows: 3, stored: 3, unchanged: 0 });
    const again = await ballast('lifecycle', 'apply', path.join(examples, 'lifecycle-events.csv'));
    expect([again.exitCode, again.stdout.match(/applied before/g)?.length]).toEqual([0, 3]);
    // 1000 − 200 called away at 195, then 3 for 2; 1000 × 0.62 of dividend.
    const validAt = parseInstant('2026-12-12T00:00:00Z', 'at');
    expect(await bookOf(desk, firm, 'DESK-1', { validAt })).toEqual({
      positions: ['ALTA 1200', 'ALTA-18DEC26-195-C.A1 -8'],
      cash: ['-2880 USD'],
    });
    const adjusted = await desk.instruments.findByIds(firm, ['ALTA-18DEC26-195-C.A1']);
    expect(adjusted.get('ALTA-18DEC26-195-C.A1')?.multiplier.toFixed()).toBe('150');
  });

  it('settles what expired and says what it could not, with exit code 5', async () => {
    const prices = path.join(folder, 'prices.csv');
    writeFileSync(prices, 'underlying,price\nBXI,6941.77\n');
    const at = '2026-12-26T00:00:00Z';
    const part = await ballast('lifecycle', 'expire', '--at', at, '--settlement', prices);
    expect(part.exitCode).toBe(5);
    expect(part.stdout).toMatch(/ALTA-18DEC26-195-C\.A1 +UNPROCESSED +1 accounts +PRICE_STALE: no settlement price/);
    const whole = await ballast(
      'lifecycle',
      'expire',
      '--at',
      at,
      '--settlement',
      path.join(examples, 'settlement-prices.csv'),
      '--json',
    );
    expect(whole.exitCode).toBe(0);
    expect(JSON.parse(whole.stdout)).toMatchObject({ unprocessed: [] });
    const validAt = parseInstant(at, 'at');
    // 8 × 150 shares called away at 130.
    expect(await bookOf(desk, firm, 'DESK-1', { validAt })).toEqual({ positions: [], cash: ['153120 USD'] });
    // 310000 − (6941.77 − 6900) × 2 × 100.
    expect(await bookOf(desk, firm, 'DESK-2', { validAt })).toEqual({ positions: [], cash: ['301646 USD'] });
    // 1.25 + 1.5 × (80000 − 76210.55)/76210.55, rounded down to the satoshi.
    expect(await bookOf(desk, firm, 'DESK-3', { validAt })).toEqual({ positions: [], cash: ['1.32458514 BTC'] });
    const nothing = await ballast('lifecycle', 'expire', '--at', at);
    expect([nothing.exitCode, nothing.stdout]).toEqual([0, 'no expired series is held\n']);
  });

  it('changes a calendar and names the series it orphans', async () => {
    const changes = path.join(examples, 'calendar-changes.csv');
    const { exitCode, stdout } = await ballast('lifecycle', 'calendar', changes, '--at', '2026-11-20T00:00:00Z');
    expect(exitCode).toBe(5);
    expect(stdout).toMatch(/US-INDEX-OPTIONS +version 2 +new/);
    expect(stdout).toMatch(/BXI-18DEC26-6300-P .* CAL_ORPHAN: expiry on 2026-12-18/);
  });

  it.each([
    ['an unknown verb', ['lifecycle', 'bury'], 'unknown verb "bury"'],
    ['apply without a file', ['lifecycle', 'apply'], 'apply needs a file'],
    ['a report without a day', ['report', 'expiry'], '--date is needed'],
    [
      'a pin band of more than all',
      ['report', 'expiry', '--date', '2026-12-18', '--pin-band', '2'],
      'share from 0 to 1',
    ],
  ])('refuses %s with exit code 2', async (_, words, message) => {
    const { exitCode, stdout, stderr } = await ballast(...words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('refuses a bad row with exit code 3', async () => {
    const file = path.join(folder, 'bad.csv');
    writeFileSync(file, 'event,type,effectiveAt,underlying,amount\nd,dividend,2026-12-01,ALTA,-1\n');
    const { exitCode, stderr } = await ballast('lifecycle', 'apply', file);
    expect([exitCode, stderr]).toEqual([
      3,
      expect.stringContaining('bad.csv:2: column effectiveAt: value "2026-12-01"'),
    ]);
  });
});
