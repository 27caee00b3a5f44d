// Price histories: versions, idempotence, tenancy, what the record refuses.
import { PriceHistoryStore } from '@ballast/persistence';
import { ImportPrices } from '@ballast/use-cases';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: ImportDesk;
let store: PriceHistoryStore;
let importPrices: ImportPrices;

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
  store = new PriceHistoryStore(db.database);
  importPrices = new ImportPrices(db.database, store);
});
afterAll(() => db?.close());

const first = fileOf('p.csv', 'date,SPX,AAPL\n2026-01-06,6900,250.5\n2026-01-05,6880.25,\n');
const corrected = fileOf('p2.csv', 'date,SPX\n2026-01-05,6881\n2026-01-07,6950\n');
const all = { symbols: ['SPX', 'AAPL', 'NONE'], until: '2026-12-31', days: 100 };

describe('price histories', () => {
  it('are stored once; a correction is a further revision and holds', async () => {
    const context = await newFirm(desk);
    expect(await importPrices.execute(context, first)).toMatchObject({
      kind: 'prices',
      rows: 3,
      stored: 3,
      unchanged: 0,
    });
    expect(await importPrices.execute(context, first)).toMatchObject({ stored: 0, unchanged: 3 });
    expect(await importPrices.execute(context, corrected)).toMatchObject({ stored: 2, totals: { corrected: '1' } });
    expect(await store.read(context, all)).toEqual({
      symbols: ['AAPL', 'SPX'],
      days: [
        { date: '2026-01-05', prices: [null, 6881] },
        { date: '2026-01-06', prices: [250.5, 6900] },
        { date: '2026-01-07', prices: [null, 6950] },
      ],
    });
    expect((await store.read(context, { ...all, days: 1 })).days.map(({ date }) => date)).toEqual(['2026-01-07']);
    expect((await store.read(context, { ...all, until: '2026-01-05' })).days).toHaveLength(1);
  });

  it('are seen by their own firm alone and never changed', async () => {
    const [own, other] = [await newFirm(desk), await newFirm(desk)];
    await importPrices.execute(own, first);
    expect((await store.read(other, all)).days).toEqual([]);
    for (const sql of ['UPDATE price_history SET price = 1', 'DELETE FROM price_history'])
      await expect(db.database.withTenant(own, (tx) => tx.execute(sql))).rejects.toThrow();
  });
});
