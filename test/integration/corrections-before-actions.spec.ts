import { parseInstant } from '@ballast/domain';
import type { ImportContext } from '@ballast/use-cases';
import { fileOf } from '../support/import-desk';
import { bookOf, holdPositions, type LifecycleDesk, lifecycleFirm, openLifecycleDesk } from '../support/lifecycle-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: LifecycleDesk;
let firm: ImportContext;
const at = (text: string) => parseInstant(text, 'at');
const header =
  'event,type,effectiveAt,instrument,underlying,account,quantity,price,amount,ratio,newUnderlying,reverses';
const applyFile = (row: string) => desk.eventFile.execute(firm, fileOf('events.csv', `${header}\n${row}\n`));

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
