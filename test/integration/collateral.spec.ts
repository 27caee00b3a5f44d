import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Decimal, type Instant, parseInstant } from '@ballast/domain';
import type { FileRefusal } from '@ballast/formats';
import { BufferPolicyStore, RequirementStore } from '@ballast/persistence';
import { openRunMargin } from '../support/api-world';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const at = (text: string): Instant => parseInstant(text, 'at');
const example = (name: string) => ({ name, bytes: readFileSync(path.resolve(__dirname, '../../examples', name)) });
const header = 'account,asset,kind,assetClass,quantity,maturity,price,currency';
const [january, march, june] = ['2026-01-01T00:00:00Z', '2026-03-01T00:00:00Z', '2026-06-01T00:00:00Z'].map(at) as [
  Instant,
  Instant,
  Instant,
];

let db: TestDatabase;
let desk: ImportDesk;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
});
afterAll(() => db?.close());

async function firmWithAccount() {
  const context = await newFirm(desk);
  const accounts = 'code,name,baseCurrency,methodology\nA-1,One,USD,TIMS\nA-2,Two,USD,TIMS\n';
  await desk.importAccounts.execute(context, fileOf('accounts.csv', accounts));
  const [one, two] = await Promise.all(['A-1', 'A-2'].map((code) => desk.accounts.findByCode(context, code)));
  const pledge = (rows: readonly string[], validFrom: Instant, mode: 'REPLACE' | 'MERGE' = 'REPLACE') =>
    desk.importCollateral.execute(
      { ...context, mode, validFrom },
      fileOf('c.csv', `${[header, ...rows].join('\n')}\n`),
    );
  const held = async (validAt: Instant, knownAt?: Instant) => {
    const found = await desk.collateral.findAsOf(context, [one?.id ?? ''], {
      validAt,
      ...(knownAt === undefined ? {} : { knownAt }),
    });
    return (found.get(one?.id ?? '') ?? []).map(({ asset, quantity }) => `${asset} ${quantity.toFixed()}`);
  };
  return { context, one: one?.id ?? '', two: two?.id ?? '', pledge, held };
}

async function refusalOf(attempt: Promise<unknown>): Promise<FileRefusal> {
  return attempt.then(
    () => {
      throw new Error('was taken');
    },
    (error: unknown) => error as FileRefusal,
  );
}

describe('collateral holdings', () => {
  it('are versions: a correction adds, and what was believed then stays', async () => {
    const { pledge, held } = await firmWithAccount();
    await pledge(['A-1,US1,security,Notes,100,2030-01-01,0.99,USD', 'A-1,BTC,coin,Coin,2,,,'], january);
    await pledge(['A-1,US1,security,Notes,300,2030-01-01,0.99,USD'], june);
    const before = (Date.now() - 1) as Instant;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await pledge(['A-1,US1,security,Notes,150,2030-01-01,0.99,USD'], march, 'MERGE');
    expect(await held(january)).toEqual(['BTC 2', 'US1 100']);
    expect(await held(march)).toEqual(['BTC 2', 'US1 150']);
    expect(await held(june)).toEqual(['US1 300']);
    expect(await held(march, before)).toEqual(['BTC 2', 'US1 100']);
    await pledge(['A-1,BTC,coin,Coin,0,,,'], march, 'MERGE');
    expect(await held(march)).toEqual(['US1 150']);
  });

  it('change nothing when a file comes again, in either mode and at a later time', async () => {
    const { pledge, held } = await firmWithAccount();
    const rows = ['A-1,US1,security,Notes,100,2030-01-01,0.99,USD', 'A-2,BTC,coin,Coin,2.0,,,'];
    expect(await pledge(rows, january)).toMatchObject({
      rows: 2,
      stored: 2,
      unchanged: 0,
      totals: { accounts: '2', quantity: '102', 'gross value USD': '99', 'holdings changed': '2' },
    });
    for (const mode of ['REPLACE', 'MERGE'] as const)
      for (const instant of [january, june])
        expect(await pledge(rows, instant, mode)).toMatchObject({ rows: 2, stored: 0, unchanged: 2 });
    expect(await held(june)).toEqual(['US1 100']);
  });

  it('are taken all or not at all, every bad row named', async () => {
    const { pledge, held } = await firmWithAccount();
    const rows = ['A-1,US1,security,Notes,100,2030-01-01,0.99,USD', 'A-9,BTC,coin,Coin,2,,,', 'A-8,BTC,coin,Coin,2,,,'];
    const { problems } = await refusalOf(pledge(rows, january));
    expect(problems).toMatchObject([
      { line: 3, column: 'account', value: 'A-9' },
      { line: 4, column: 'account', value: 'A-8' },
    ]);
    expect(await held(january)).toEqual([]);
  });

  it('belong to one firm, cannot be rewritten, and are not negative', async () => {
    const { context, one, pledge } = await firmWithAccount();
    const other = await newFirm(desk);
    await pledge(['A-1,US1,security,Notes,100,2030-01-01,0.99,USD'], january);
    expect((await desk.collateral.findAsOf(other, [one], { validAt: march })).size).toBe(0);
    for (const sql of [
      'UPDATE collateral_holdings SET quantity = 1',
      'DELETE FROM collateral_holdings',
      'DELETE FROM haircut_schedules',
      'UPDATE haircut_schedules SET name = name',
    ])
      await expect(db.database.withTenant(context, (tx) => tx.execute(sql))).rejects.toMatchObject({
        code: 'FORBIDDEN',
      });
    const foreign = desk.collateral.record(other, {
      accountId: one,
      validFrom: january,
      mode: 'REPLACE',
      holdings: [],
      source: 's',
      recordedBy: 'ada',
    });
    await expect(foreign).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

describe('haircut schedules', () => {
  const rules = (haircut: string) => fileOf('h.csv', `assetClass,haircut\nNotes,${haircut}\nCoin,0.3\n`);

  it('are dated versions, of which the same content comes once', async () => {
    const { context } = await firmWithAccount();
    const importAt = (effectiveFrom: Instant, haircut: string) =>
      desk.importHaircuts.execute({ ...context, effectiveFrom }, [rules(haircut)]);
    expect(await importAt(january, '0.02')).toMatchObject({
      rows: 2,
      stored: 2,
      totals: { schedule: 'HOUSE', rules: '2' },
    });
    expect(await importAt(january, '0.02')).toMatchObject({ stored: 0, unchanged: 2 });
    expect(await importAt(march, '0.02')).toMatchObject({ stored: 0 });
    expect(await importAt(june, '0.05')).toMatchObject({ stored: 2 });
    const haircutAt = async (asOf: Instant, knownAt?: Instant) => {
      const found = await desk.schedules.findInEffect(context, { asOf, ...(knownAt === undefined ? {} : { knownAt }) });
      return found.get('HOUSE')?.rules[0]?.haircut;
    };
    expect([await haircutAt(march), await haircutAt(june)]).toEqual([0.02, 0.05]);
    const before = (Date.now() - 1) as Instant;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await importAt(june, '0.07');
    expect([await haircutAt(june), await haircutAt(june, before)]).toEqual([0.07, 0.05]);
    expect(await haircutAt((january - 1) as Instant)).toBeUndefined();
  });

  it('keep limits exact', async () => {
    const { context } = await firmWithAccount();
    const limits = fileOf('l.csv', 'scope,target,share,amount,currency,excessHaircut\nclass,Coin,,0.10,BTC,0.5\n');
    await desk.importHaircuts.execute({ ...context, effectiveFrom: january }, [rules('0.02'), limits]);
    const [limit] = (await desk.schedules.findInEffect(context, { asOf: june })).get('HOUSE')?.limits ?? [];
    expect(limit).toMatchObject({ scope: 'class', target: 'Coin', excessHaircut: 0.5, amount: { currency: 'BTC' } });
    expect(limit?.amount?.amount.toFixed()).toBe('0.1');
    expect(
      await desk.importHaircuts.execute({ ...context, effectiveFrom: june }, [rules('0.02'), limits]),
    ).toMatchObject({ stored: 0 });
  });
});

describe('the example files', () => {
  it('count in a run: haircut, currency, limits, and lines that add up', async () => {
    const context = await newFirm(desk);
    const now = at('2026-11-21T00:00:00Z');
    await desk.importAccounts.execute(context, example('accounts.csv'));
    await desk.importInstruments.execute(context, [example('instruments.csv'), example('underlyings.csv')]);
    await desk.importMarket.execute(context, ['quotes.csv', 'underlyings.csv', 'forwards.csv', 'fx.csv'].map(example));
    await desk.importBalances.execute({ ...context, valueAt: now }, example('balances.csv'));
    const effectiveFrom = at('2026-01-01T00:00:00Z');
    const haircuts = await desk.importHaircuts.execute({ ...context, effectiveFrom }, [
      example('haircuts.csv'),
      example('limits.csv'),
    ]);
    expect(haircuts).toMatchObject({ rows: 11, stored: 11 });
    const collateral = await desk.importCollateral.execute(
      { ...context, mode: 'REPLACE', validFrom: now },
      example('collateral.csv'),
    );
    expect(collateral).toMatchObject({ rows: 3, stored: 3, warnings: [] });
    const desk1 = (await desk.accounts.findByCode(context, 'DESK-1'))?.id ?? '';
    await new BufferPolicyStore(db.database).add(context, {
      accountId: desk1,
      effectiveFrom,
      liquidationMultiple: new Decimal('0.75'),
      marginCallMultiple: new Decimal(1),
      watchMultiple: new Decimal('1.1'),
      callTargetMultiple: new Decimal('1.2'),
      releaseMultiple: new Decimal('1.3'),
      fxHaircuts: { EUR: new Decimal('0.05') },
      recordedBy: 'ada',
    });
    const run = await openRunMargin(db.database).execute({ firmId: context.firmId, requestedBy: 'ada' });
    const requirements = new RequirementStore(db.database);
    const found = (await requirements.findLatest(context, [desk1])).get(desk1);
    const details = await requirements.findDetails(context, [{ accountId: desk1, asOf: run.asOf, runId: run.id }]);
    const detail = details.get(`${run.id}.${desk1}`);
    // 200 000 · 0.9875 = 197 500 less 2 %: 193 550 USD. 50 000 · 1.012 = 50 600 EUR less 12 %: 44 528 EUR; at 1.0823 less 5 %.
    const bond = detail?.collateral.find(({ asset }) => asset === 'XS2010029663');
    const rate = bond?.fxRate ?? 0;
    const converted = new Decimal(44528).times(rate).times('0.95');
    const treasury = new Decimal(193550);
    const cap = treasury.plus(converted).times('0.8');
    const expected = treasury.plus(converted).minus(Decimal.max(0, treasury.minus(cap)).times('0.5'));
    expect(rate).toBeGreaterThan(1);
    expect(found?.collateralValue?.amount.toFixed(2)).toBe(expected.toFixed(2, Decimal.ROUND_FLOOR));
    expect(bond).toMatchObject({ haircut: 0.12, fxHaircut: 0.05, assetClass: 'Corporate bond', rating: 'AA' });
    const sum = detail?.equityComponents.reduce((total, { amount }) => total.plus(amount.amount), new Decimal(0));
    expect(sum?.toFixed(2)).toBe(found?.equity?.amount.toFixed(2));
    expect(found?.equity?.amount.toFixed(2)).toBe(
      new Decimal(-42500).plus(found?.collateralValue?.amount ?? 0).toFixed(2),
    );
    expect([found?.status, found?.computedStatus, found?.leverage?.toFixed()]).toEqual(['HEALTHY', 'HEALTHY', '0']);
  });
});
