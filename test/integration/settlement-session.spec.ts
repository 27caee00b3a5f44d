import { type Instant, parseInstant } from '@ballast/domain';
import type { ImportContext } from '@ballast/use-cases';
import { fileOf } from '../support/import-desk';
import { bookOf, holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const friday: Instant = parseInstant('2026-06-18T21:00:00Z', 'friday');

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
});
afterAll(() => db?.close());
beforeEach(async () => {
  firm = await lifecycleFirm(desk);
});

const expire = (rows: string) =>
  desk.expiries.execute({ ...firm, at: friday, settlement: fileOf('settlement.csv', `underlying,price\n${rows}\n`) });

describe('events that need what no market price tells', () => {
  it('the expiry of a contract of the opening takes its special opening quotation and no other price', async () => {
    const instruments = fileOf(
      'instruments.csv',
      `id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle,settlementSession
IDX-AM,option,IDX,call,5000,2026-06-18T13:30:00Z,european,100,USD,,,am
IDX-PM,option,IDX,call,5000,2026-06-18T20:00:00Z,european,100,USD,,,pm
`,
    );
    await desk.importInstruments.execute(firm, [instruments]);
    await holdPositions(desk, firm, ['A1,IDX-AM,1,', 'A1,IDX-PM,1,']);
    await desk.importMarket.execute(firm, [
      fileOf('q.csv', 'instrument,bid,ask,mark,impliedVolatility,timestamp\nIDX-PM,,,310,,2026-06-18T13:40:00Z\n'),
      fileOf(
        'u.csv',
        'underlying,kind,currency,price,rate,dividendYield,timestamp\nIDX,broad-index,USD,5300,0,0,2026-06-18T13:40:00Z\n',
      ),
    ]);
    const first = await expire('IDX,5200');
    expect(first.processed.map(({ instrumentId, price }) => `${instrumentId} ${price.toFixed()}`)).toEqual([
      'IDX-PM 5200',
    ]);
    expect(first.unprocessed.map(({ reason }) => reason)).toEqual([
      'PRICE_MISSING: IDX-AM settles to the special opening quotation of IDX for 2026-06-18T13:30:00.000Z, which no settlement price of session am states',
    ]);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({
      positions: ['IDX-AM 1'],
      cash: ['20000 USD'],
    });
    const quotation = fileOf('s.csv', 'underlying,price,expiry,session\nIDX,5400,,pm\nIDX,5123.45,,am\n');
    const second = await desk.expiries.execute({ ...firm, at: friday, settlement: quotation });
    expect(second.unprocessed).toEqual([]);
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({ positions: [], cash: ['32345 USD'] });
    const bad = fileOf('s.csv', 'underlying,price,session\nIDX,5400,noon\n');
    await expect(desk.expiries.execute({ ...firm, at: friday, settlement: bad })).rejects.toThrow(/session/);
  });

  it('a spin-off is refused by name', async () => {
    await expect(
      desk.eventFile.execute(
        firm,
        fileOf('e.csv', 'event,type,effectiveAt,underlying,newUnderlying\ne,spin-off,2026-06-03T13:30:00Z,ALTA,NEW\n'),
      ),
    ).rejects.toMatchObject({
      problems: [
        { column: 'type', value: 'spin-off', reason: expect.stringMatching(/^spin-offs are not applied/) as unknown },
      ],
    });
  });
});
