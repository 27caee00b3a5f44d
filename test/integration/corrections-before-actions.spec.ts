import { Decimal, parseInstant } from '@ballast/domain';
import type { ImportContext } from '@ballast/use-cases';
import { fileOf } from '../support/import-desk';
import { bookOf, holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const at = (text: string) => parseInstant(text, 'at');
const eventHeader =
  'event,type,effectiveAt,instrument,underlying,account,quantity,price,amount,ratio,newUnderlying,reverses';
const applyFile = (row: string) => desk.eventFile.execute(firm, fileOf('events.csv', `${eventHeader}\n${row}\n`));

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
  firm = await lifecycleFirm(desk);
});
afterAll(() => db?.close());

it('refuses corrections of positions before a corporate action, and carries them through when it is applied again', async () => {
  await holdPositions(desk, firm, ['A1,ALTA,100,', 'A2,IDX-C5000,1,']);
  await applyFile('s1,split,2026-06-03T13:30:00Z,,ALTA,,,,,2:1,,');
  const after = at('2026-06-04T00:00:00Z');
  const held = async (code: string) => (await bookOf(desk, firm, code, { validAt: after })).positions;
  const correct = (rows: readonly string[]) => holdPositions(desk, firm, rows, at('2026-06-02T00:00:00Z'));
  const refusal =
    /before split s1 of 2026-06-03T13:30:00.000Z, .*: reverse that event, state the correction .*and again from 2026-06-03T13:30:00.000Z/;
  await expect(correct(['A1,ALTA,150,'])).rejects.toThrow(refusal);
  await expect(correct(['A1,ALTA,0,'])).rejects.toThrow(refusal);
  await expect(correct(['A3,ALTA,20,'])).rejects.toThrow(refusal);
  expect([await held('A1'), await held('A3')]).toEqual([['ALTA 200'], []]);
  // What changes nothing, and what the split has nothing to do with, is taken.
  expect((await correct(['A1,ALTA,100,', 'A2,IDX-C5000,2,'])).stored).toBe(1);
  await applyFile('r1,reversal,,,,,,,,,,s1');
  await correct(['A1,ALTA,150,']);
  await holdPositions(desk, firm, ['A1,ALTA,150,'], at('2026-06-03T13:30:00Z'));
  await applyFile('s2,split,2026-06-03T13:30:00Z,,ALTA,,,,,2:1,,');
  expect(await held('A1')).toEqual(['ALTA 300']);
});

it('warns of events a month and more ahead, and refuses those of another age', async () => {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
  const dividend = (id: string, time: string) => applyFile(`${id},dividend,${time},,IDX,,,,1,,,`);
  expect((await dividend('near', inDays(30))).warnings).toEqual([]);
  expect((await dividend('far', inDays(100))).warnings).toEqual([
    expect.stringMatching(/^line 2: effectiveAt lies (99|100) days ahead \(.*\) and counts only from then on$/),
  ]);
  await expect(dividend('typo', inDays(4_000))).rejects.toThrow(
    /events.csv:2: column effectiveAt: .*more than ten years/,
  );
});

describe('pledges and balances', () => {
  const header = 'account,asset,kind,assetClass,quantity,maturity,price,currency';
  const pledge = (rows: readonly string[], validFrom: string, mode: 'REPLACE' | 'MERGE' = 'MERGE') =>
    desk.importCollateral.execute(
      { ...context, mode, validFrom: at(validFrom) },
      fileOf('c.csv', `${[header, ...rows].join('\n')}\n`),
    );
  let context: ImportContext;
  const idOf = async (code: string) => (await desk.accounts.findByCode(context, code))?.id ?? '';
  const pledged = async (code: string) => {
    const id = await idOf(code);
    const found = await desk.collateral.findAsOf(context, [id], { validAt: at('2026-06-04T00:00:00Z') });
    return (found.get(id) ?? []).map(({ asset, quantity }) => `${asset} ${quantity.toFixed()}`);
  };
  const apply = (row: string) => desk.eventFile.execute(context, fileOf('events.csv', `${eventHeader}\n${row}\n`));
  const cashAt = async (time: string) => (await bookOf(desk, context, 'A2', { validAt: at(time) })).cash;
  beforeAll(async () => {
    context = await lifecycleFirm(desk);
  });

  it('refuses pledges before a split, and takes them once the split is reversed', async () => {
    await pledge(['A1,ALTA,security,Shares,100,,,', 'A1,BTC,coin,Coin,2,,,'], '2026-06-01T00:00:00Z');
    await apply('s1,split,2026-06-03T13:30:00Z,,ALTA,,,,,2:1,,');
    const correct = (rows: readonly string[]) => pledge(rows, '2026-06-02T00:00:00Z');
    const refusal = /c.csv.*corrects ALTA of A\d before split s1 of 2026-06-03T13:30:00.000Z, .*: reverse that event/;
    await expect(correct(['A1,ALTA,security,Shares,150,,,'])).rejects.toThrow(refusal);
    await expect(correct(['A1,ALTA,security,Shares,0,,,'])).rejects.toThrow(refusal);
    await expect(correct(['A3,ALTA,security,Shares,20,,,'])).rejects.toThrow(refusal);
    expect([await pledged('A1'), await pledged('A3')]).toEqual([['ALTA 200', 'BTC 2'], []]);
    expect((await correct(['A1,ALTA,security,Shares,100,,,', 'A1,BTC,coin,Coin,3,,,'])).stored).toBe(1);
    await apply('r1,reversal,,,,,,,,,,s1');
    await correct(['A1,ALTA,security,Shares,150,,,']);
    await pledge(['A1,ALTA,security,Shares,150,,,'], '2026-06-03T13:30:00Z');
    await apply('s2,split,2026-06-03T13:30:00Z,,ALTA,,,,,2:1,,');
    expect(await pledged('A1')).toEqual(['ALTA 300', 'BTC 3']);
  });

  it('carries balances through the movements behind them, up to the next one stated', async () => {
    const state = (amount: string, valueAt: string) =>
      desk.importBalances.execute(
        { ...context, valueAt: at(valueAt) },
        fileOf('b.csv', `account,currency,amount\nA2,USD,${amount}\n`),
      );
    await holdPositions(desk, context, ['A2,ALTA,100,'], at('2026-06-05T00:00:00Z'));
    await state('1000', '2026-06-05T00:00:00Z');
    await apply('d1,dividend,2026-06-08T13:30:00Z,,ALTA,,,,2,,,');
    await apply('d2,dividend,2026-06-10T13:30:00Z,,ALTA,,,,1,,,');
    await state('7000', '2026-06-12T00:00:00Z');
    const days = ['06', '09', '11', '13'].map((day) => `2026-06-${day}T00:00:00Z`);
    const cash = async () => (await Promise.all(days.map(cashAt))).flat();
    expect(await cash()).toEqual(['1000 USD', '1200 USD', '1300 USD', '7000 USD']);
    await state('1500', '2026-06-05T12:00:00Z');
    expect(await cash()).toEqual(['1500 USD', '1700 USD', '1800 USD', '7000 USD']);
    const statement = { accountId: await idOf('A2'), currency: 'USD', reason: 'late', recordedBy: 'ann' } as const;
    const record = (amount: number, valueAt: string) =>
      desk.balances.record(context, { ...statement, amount: new Decimal(amount), valueAt: at(valueAt) });
    await record(1600, '2026-06-07T00:00:00Z');
    expect(await cash()).toEqual(['1500 USD', '1800 USD', '1900 USD', '7000 USD']);
    // A balance stated for the very instant of a movement counts as stated.
    await record(5000, '2026-06-10T13:30:00Z');
    await record(1700, '2026-06-07T00:00:00Z');
    expect(await cash()).toEqual(['1500 USD', '1900 USD', '5000 USD', '7000 USD']);
    // And so does what a movement of that instant was added to.
    await apply('d3,dividend,2026-06-12T00:00:00Z,,ALTA,,,,1,,,');
    await record(5500, '2026-06-10T13:30:00Z');
    expect(await cash()).toEqual(['1500 USD', '1900 USD', '5500 USD', '7100 USD']);
    // And one that says just what the movement left.
    await apply('d4,dividend,2026-06-12T06:00:00Z,,ALTA,,,,1,,,');
    await state('7200', '2026-06-12T12:00:00Z');
    await record(7000, '2026-06-12T01:00:00Z');
    expect([await cashAt('2026-06-12T09:00:00Z'), (await cash())[3]]).toEqual([['7100 USD'], '7200 USD']);
  });
});
