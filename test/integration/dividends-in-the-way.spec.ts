import { parseInstant } from '@ballast/domain';
import type { ImportContext } from '@ballast/use-cases';
import { fileOf } from '../support/import-desk';
import { bookOf, holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const friday = parseInstant('2026-06-18T21:00:00Z', 'friday');
const columns =
  'event,type,effectiveAt,instrument,underlying,account,quantity,price,amount,ratio,newUnderlying,reverses';
const applyFile = (...rows: string[]) =>
  desk.eventFile.execute(firm, fileOf('events.csv', `${columns}\n${rows.join('\n')}\n`));

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openLifecycleDesk(db);
});
afterAll(() => db?.close());
beforeEach(async () => {
  firm = await lifecycleFirm(desk);
});

describe('a dividend that was paid on shares', () => {
  it('refuses a split, and to take one back, once a later dividend was paid on the shares it changes', async () => {
    await holdPositions(desk, firm, ['A1,ALTA,100,', 'A2,ALTA-C90-SEP,1,']);
    await applyFile('s1,split,2026-06-03T13:30:00Z,,ALTA,,,,,7:1,,', 'd1,dividend,2026-06-10T13:30:00Z,,ALTA,,,,1,,,');
    await expect(applyFile('r1,reversal,,,,,,,,,,s1')).rejects.toThrow(/value "r1": .*event d1 took effect later/);
    await expect(applyFile('s2,split,2026-06-05T13:30:00Z,,ALTA,,,,,2:1,,')).rejects.toThrow(
      /event d1 took effect later/,
    );
    await applyFile(
      'q1,reversal,,,,,,,,,,d1',
      'r1,reversal,,,,,,,,,,s1',
      'd2,dividend,2026-06-10T13:30:00Z,,ALTA,,,,1,,,',
    );
    expect(await bookOf(desk, firm, 'A1', { validAt: friday })).toEqual({ positions: ['ALTA 100'], cash: ['100 USD'] });
  });

  it('refuses to take back an exercise that delivered shares on which a special dividend was paid', async () => {
    await holdPositions(desk, firm, ['A1,ALTA-C90-SEP,1,']);
    await applyFile('e1,exercise,2026-06-03T20:00:00Z,ALTA-C90-SEP,,A1,1,,,,,');
    await applyFile('d1,special-dividend,2026-06-10T13:30:00Z,,ALTA,,,,1,,,');
    await expect(applyFile('r1,reversal,,,,,,,,,,e1')).rejects.toThrow(/value "r1": .*event d1 took effect later/);
  });
});
