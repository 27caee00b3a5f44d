import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseInstant } from '@ballast/domain';
import { readPriceHistoryFile, type SourceFile } from '@ballast/formats';
import { impliedVolatilityFile, priceFile } from '@ballast/use-cases';
import { type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

const example = (name: string): SourceFile => ({
  name,
  bytes: readFileSync(path.resolve(__dirname, '../../examples', name)),
});
const bytesOf = async function* (source: SourceFile): AsyncGenerator<Uint8Array> {
  yield source.bytes;
};

describe('the example files', () => {
  let db: TestDatabase;
  let desk: ImportDesk;
  beforeAll(async () => {
    db = await openTestDatabase();
    desk = openImportDesk(db);
  });
  afterAll(() => db?.close());

  it('load into one firm', async () => {
    const context = await newFirm(desk);
    const now = parseInstant('2026-11-21T00:00:00Z', 'now');
    expect(await desk.importAccounts.execute(context, example('accounts.csv'))).toMatchObject({ stored: 3 });
    const contracts = [example('instruments.csv'), example('underlyings.csv')];
    expect(await desk.importInstruments.execute(context, contracts)).toMatchObject({ stored: 7 });
    const market = ['quotes.csv', 'underlyings.csv', 'forwards.csv', 'fx.csv'].map(example);
    expect(await desk.importMarket.execute(context, market)).toMatchObject({
      rows: 13,
      stored: 13,
      snapshot: { quality: 'OK', asOf: '2026-11-20T21:00:00.000Z' },
      totals: {
        'volatilities quoted': '4',
        'volatilities implied': '1',
        'volatilities missing': '0',
        'exchange rates': '1',
      },
      flagCounts: { Q_NO_IV: 1, Q_ONE_SIDED: 1 },
    });
    const positions = { ...context, mode: 'REPLACE', validFrom: now } as const;
    expect(await desk.importPositions.execute(positions, example('positions.csv'))).toMatchObject({ stored: 6 });
    expect(await desk.importBalances.execute({ ...context, valueAt: now }, example('balances.csv'))).toMatchObject({
      stored: 3,
    });
    expect(await desk.importParameters.execute(context, example('parameters.json'))).toMatchObject({ stored: 1 });
  });

  it('price and invert without a refusal', async () => {
    for (const [name, evaluate, rows] of [
      ['price-cases.csv', priceFile, 5],
      ['implied-volatility-cases.csv', impliedVolatilityFile, 3],
    ] as const) {
      let text = '';
      const write = async (piece: string): Promise<void> => void (text += piece);
      const summary = await evaluate({ name, bytes: bytesOf(example(name)) }, { format: 'csv', write });
      expect(summary).toEqual({ rows, refused: 0, refusals: [], warnings: [] });
      expect(text.trimEnd().split('\n')).toHaveLength(rows + 1);
    }
  });

  it('hold a price history', () => {
    const { symbols, days } = readPriceHistoryFile(example('prices.csv'));
    expect([symbols, days.length]).toEqual([['BXI', 'ALTA'], 3]);
  });
});
