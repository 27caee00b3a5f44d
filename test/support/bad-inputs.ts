import type { FileProblem } from '@ballast/formats';
import { type ImportDesk, newFirm } from './import-desk';
import { type TestDatabase, withClient } from './postgres';
import { tenantTablesSql } from './tenancy-checks';

/** One bad input of the list: its number, what it is, what is done, and the typed refusal that must come. */
export interface BadInput<Context> {
  /** Number in the list of bad inputs; the table of docs/bad-inputs.md leads from it to the test. */
  readonly item: number;
  readonly what: string;
  readonly run: (context: Context) => Promise<unknown> | unknown;
  /** Place and reason of the first problem of a refused file. */
  readonly problem?: Partial<Omit<FileProblem, 'reason'>> & { readonly reason: RegExp };
  /** Code (and field) of another typed error. */
  readonly error?: { readonly code: string; readonly field?: string | RegExp; readonly message?: RegExp };
  /** The list accepts it: what must come out. Rows may be stored. */
  readonly accepted?: object;
}

/** Title of a row for jest. */
export function titleOf({ item, what, accepted }: BadInput<never>): string {
  return `${item} ${what}${accepted === undefined ? '' : ' (accepted)'}`;
}

/** Rows of all tables together with those of every other firm: nothing may appear anywhere. */
export async function countAllRows({ superuserUrl }: TestDatabase): Promise<Record<string, number>> {
  return withClient(superuserUrl, async (client) => {
    const tables = (await client.query<{ name: string }>(tenantTablesSql)).rows;
    const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::integer AS count FROM ${name}`);
    const { rows } = await client.query<{ name: string; count: number }>(counts.join(' UNION ALL '));
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  });
}

/** The same beside a running service, which by itself moves margin calls on as time passes, chains that and notes when. */
export async function countRowsOfCallers(database: TestDatabase): Promise<Record<string, number>> {
  const counts = Object.entries(await countAllRows(database));
  return Object.fromEntries(
    counts.filter(([name]) => !/^(?:history_|record_writes|margin_call_events|notifications)/.test(name)),
  );
}

/** Runs one bad input: the typed refusal comes and no table has a row more or less, or it is accepted as the list says. */
export async function proveBadInput<Context>(
  db: TestDatabase,
  input: BadInput<Context>,
  context: Context,
): Promise<void> {
  const before = await countAllRows(db);
  const outcome: unknown = await Promise.resolve()
    .then(() => input.run(context))
    .catch((failure: unknown) => failure);
  if (input.accepted !== undefined) {
    expect(outcome).toMatchObject(input.accepted);
    return;
  }
  expect(outcome).toBeInstanceOf(Error);
  if (input.problem !== undefined) {
    const { reason, ...place } = input.problem;
    const [first] = (outcome as { problems?: readonly FileProblem[] }).problems ?? [];
    expect({ error: (outcome as Error).message, ...first }).toMatchObject({
      ...place,
      reason: expect.stringMatching(reason) as string,
    });
  }
  if (input.error !== undefined) {
    const { code, field, message } = input.error;
    const matcher = (text: string | RegExp) =>
      typeof text === 'string' ? text : (expect.stringMatching(text) as string);
    expect(outcome).toMatchObject({
      code,
      ...(field === undefined ? {} : { field: matcher(field) }),
      ...(message === undefined ? {} : { message: matcher(message) }),
    });
  }
  expect(await countAllRows(db)).toEqual(before);
}

/** A firm with accounts A1 and A2, the share XYZ, and two options of it that expire on 2026-03-20. */
export async function newDeskFirm(desk: ImportDesk): Promise<{ readonly firmId: string; readonly recordedBy: string }> {
  const context = await newFirm(desk);
  const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });
  await desk.importAccounts.execute(
    context,
    file('a.csv', 'code,name,baseCurrency,methodology\nA1,Ann,USD,SPAN\nA2,Bob,EUR,TIMS\n'),
  );
  await desk.importInstruments.execute(context, [
    file('i.csv', `${instrumentHeader}\n${instrumentRows.join('\n')}\n`),
    file('u.csv', 'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100,0.04,0.01\n'),
  ]);
  return context;
}

export const instrumentHeader =
  'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
export const instrumentRows = [
  'XYZ,underlying,XYZ,,,,,1,USD,,',
  'XYZ-C,option,XYZ,call,100,2026-03-20T20:00:00Z,american,100,USD,linear,equity',
  'XYZ-P,option,XYZ,put,95,2026-03-20T20:00:00Z,american,100,USD,linear,equity',
];
