import { AccountStore, type Database, FirmStore, InstrumentStore, newId } from '@ballast/persistence';
import fc from 'fast-check';
import { letKnownTimesBeStated } from '../support/known-times';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { account, at, option } from '../support/record-samples';

let db: TestDatabase;
let scope: { firmId: string };
const [a, b] = [option(90).id, option(95).id] as [string, string];

beforeAll(async () => {
  db = await openTestDatabase();
  await letKnownTimesBeStated(db.superuserUrl);
  scope = { firmId: (await new FirmStore(db.database).create({ code: 'ALPHA', name: 'Alpha' })).id };
  const instruments = new InstrumentStore(db.database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, [option(90), option(95)]);
});
afterAll(() => db?.close());

/** A belief: held from `valid[0]` until `valid[1]`, known from `known[0]` until `known[1]`, in days; null is open. */
interface Belief {
  readonly instrumentId: string;
  readonly valid: readonly [number, number | null];
  readonly known: readonly [number, number | null];
}
interface Book {
  readonly accountId: string;
  readonly statementId: string;
}

let codes = 0;
async function newBook(): Promise<Book> {
  const code = `G-${(codes += 1)}`;
  const { accounts } = await new AccountStore(db.database).upsertMany(scope, [account(code)]);
  const book = { accountId: accounts.get(code)?.id as string, statementId: newId() };
  await db.database.withTenant(scope, (tx) =>
    tx.execute(
      `INSERT INTO position_statements (firm_id, account_id, statement_id, mode, valid_from, known_at, content_hash, source, position_count)
       VALUES ($1, $2, $3, 'MERGE', $4, $4, sha256(''::bytea), 'test', 0)`,
      [scope.firmId, book.accountId, book.statementId, dayText(1)],
    ),
  );
  return book;
}

const dayText = (day: number): string => new Date(at('2026-01-01T00:00:00Z') + day * 86_400_000).toISOString();
const range = ([from, until]: Belief['valid']): string => `[${dayText(from)},${until === null ? '' : dayText(until)})`;
const overlap = ([from, until]: Belief['valid'], [from2, until2]: Belief['valid']): boolean =>
  from < (until2 ?? Infinity) && from2 < (until ?? Infinity);
const clash = (one: Belief, other: Belief): boolean =>
  one.instrumentId === other.instrumentId && overlap(one.valid, other.valid) && overlap(one.known, other.known);

/** Writes beliefs in one statement, past the stores. */
function write(
  { accountId, statementId }: Book,
  beliefs: readonly Belief[],
  settings: Parameters<Database['withTenant']>[2] = {},
): Promise<number> {
  return db.database.withTenant(
    scope,
    (tx) =>
      tx.execute(
        `INSERT INTO positions (firm_id, account_id, statement_id, quantity, instrument_id, valid, known)
         SELECT $1, $2, $3, 1, instrument_id, valid::tstzrange, known::tstzrange FROM unnest($4::text[], $5::text[], $6::text[]) AS n(instrument_id, valid, known)`,
        [
          scope.firmId,
          accountId,
          statementId,
          beliefs.map(({ instrumentId }) => instrumentId),
          beliefs.map(({ valid }) => range(valid)),
          beliefs.map(({ known }) => range(known)),
        ],
      ),
    settings,
  );
}

const span = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.option(fc.integer({ min: 1, max: 3 })))
  .map(([from, length]): Belief['valid'] => [from, length === null ? null : from + length]);
const belief: fc.Arbitrary<Belief> = fc.record({ instrumentId: fc.constantFrom(a, b), valid: span, known: span });

describe('positions written past the stores', () => {
  it('are refused exactly when two beliefs about one moment would stand side by side', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(belief, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        async (steps) => {
          const book = await newBook();
          const stored: Belief[] = [];
          for (const step of steps) {
            const isFree = step.every(
              (one, index) => ![...stored, ...step.slice(0, index)].some((other) => clash(one, other)),
            );
            if (isFree) {
              expect(await write(book, step)).toBe(step.length);
              stored.push(...step);
            } else {
              refused += 1;
              const refusal = {
                code: 'CONFLICT',
                message: expect.stringContaining('positions_versions_do_not_overlap') as string,
              };
              await expect(write(book, step)).rejects.toMatchObject(refusal);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
    expect(refused).toBeGreaterThan(20);
  });

  it('wait for each other: of two writers one is refused', async () => {
    const book = await newBook();
    const current: Belief = { instrumentId: a, valid: [1, null], known: [1, null] };
    const bounded: Belief = { instrumentId: a, valid: [2, 3], known: [2, null] };
    for (const [first, second] of [
      [current, bounded],
      [bounded, current],
    ] as const) {
      const own = await newBook();
      const outcomes = await Promise.allSettled([write(own, [first]), write(own, [second])]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'CONFLICT' } });
    }
    await expect(write(book, [current], { isolation: 'REPEATABLE READ' })).rejects.toThrow(/READ COMMITTED/);
  });

  it('are refused for an instrument or a statement that does not exist', async () => {
    const book = await newBook();
    const good: Belief = { instrumentId: a, valid: [1, null], known: [1, null] };
    await expect(write(book, [good, { ...good, instrumentId: 'NOPE' }])).rejects.toMatchObject({
      code: 'REFERENCE_MISSING',
      message: expect.stringContaining('positions_instrument_fk') as string,
    });
    const other = await newBook();
    for (const statementId of [newId(), other.statementId]) {
      await expect(write({ ...book, statementId }, [good])).rejects.toMatchObject({
        code: 'REFERENCE_MISSING',
        message: expect.stringContaining('positions_statement_fk') as string,
      });
    }
    expect(await write(book, [good])).toBe(1);
  });

  it('cannot lose what they refer to, not even to the owner', async () => {
    await withClient(db.ownerUrl, async (client) => {
      await client.query(`SELECT set_config('app.firm_id', $1, false)`, [scope.firmId]);
      for (const table of ['instruments', 'position_statements']) {
        await expect(client.query(`DELETE FROM ${table}`)).rejects.toThrow(/append-only|may not|refused|forbid/i);
        await expect(client.query(`UPDATE ${table} SET firm_id = firm_id`)).rejects.toThrow();
      }
    });
  });
});
