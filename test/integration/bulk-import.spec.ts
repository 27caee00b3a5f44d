import { Decimal, type Instant, parseInstant } from '@ballast/domain';
import {
  BalanceFileStore,
  BalanceStore,
  FileDeliveryStore,
  PositionFileStore,
  PositionStore,
} from '@ballast/persistence';
import { ImportBalances, ImportPositions } from '@ballast/use-cases';
import fc from 'fast-check';
import {
  type BulkBook,
  bulkChunks,
  bulkTotals,
  bulkValidFrom,
  fillBulkFirm,
  hashChunks,
  rawCopy,
} from '../support/bulk-import';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let positions: ImportPositions;
let balances: ImportBalances;

beforeAll(async () => {
  db = await openTestDatabase();
  const deliveries = new FileDeliveryStore(db.database);
  positions = new ImportPositions(db.database, new PositionFileStore(), deliveries);
  balances = new ImportBalances(db.database, new BalanceFileStore(), deliveries);
});
afterAll(() => db?.close());

let firms = 0;
const newBulkFirm = (book: BulkBook): Promise<string> => fillBulkFirm(db, `BULK${(firms += 1)}`, book);
const fileOf = (text: string, name = 'p.csv') => ({ name, bytes: Buffer.from(text) });

/** Every version of a firm's positions with its place in both times counted in instants, not in clock readings. */
async function versionsOf(firmId: string, table: 'positions' | 'balances'): Promise<unknown[]> {
  const value =
    table === 'positions'
      ? "instrument_id AS key, quantity || '@' || coalesce(average_price::text, '') AS value"
      : 'currency AS key, amount::text AS value';
  return db.database.withTenant({ firmId }, (tx) =>
    tx.rows(
      `SELECT a.code, v.key, v.value, v.valid, upper_inf(v.known) AS open,
         dense_rank() OVER (PARTITION BY a.code ORDER BY lower(v.known)) AS generation
       FROM (SELECT account_id, ${value}, valid::text, known FROM ${table}) v JOIN accounts a USING (account_id)
       ORDER BY a.code, v.key, generation, v.valid, open`,
    ),
  );
}

const day = (number: number): Instant => parseInstant(`2026-01-${String(number).padStart(2, '0')}T00:00:00Z`, 'day');

describe('a positions file of many rows', () => {
  const book: BulkBook = { accounts: 200, instruments: 1_000, positionsPerAccount: 50 };

  it('stores what a raw copy of the same bytes holds, once', async () => {
    const firmId = await newBulkFirm(book);
    const raw = await rawCopy(db, bulkChunks(book));
    const { rows, quantity } = bulkTotals(book);
    const sha256 = await hashChunks(bulkChunks(book));
    const control = { rows, sums: { quantity: new Decimal(quantity) }, sha256 };
    const phases: string[] = [];
    const command = { firmId, recordedBy: 'ada', mode: 'REPLACE', validFrom: bulkValidFrom, control } as const;
    const onProgress = ({ phase, done }: { phase: string; done: number }) => phases.push(`${phase} ${done}`);
    const load = () => positions.execute({ ...command, onProgress }, { name: 'p.csv', chunks: bulkChunks(book) });
    expect(await load()).toMatchObject({
      rows: raw.rows,
      stored: 10_000,
      unchanged: 0,
      files: [{ sha256 }],
      totals: { accounts: '200', quantity: String(quantity), 'positions changed': '10000' },
    });
    expect(phases.filter((phase) => phase.startsWith('store'))).toEqual(['store 0', 'store 10000']);
    const before = await versionsOf(firmId, 'positions');
    expect(before).toHaveLength(10_000);
    expect(await load()).toMatchObject({ rows: 10_000, stored: 0, unchanged: 10_000, warnings: [] });
    expect(await versionsOf(firmId, 'positions')).toEqual(before);
  });

  it('refuses 500 bad rows of it by line, and stores nothing', async () => {
    const firmId = await newBulkFirm(book);
    const pieces: Buffer[] = [];
    for await (const chunk of bulkChunks(book)) pieces.push(Buffer.from(chunk));
    const lines = Buffer.concat(pieces).toString().trimEnd().split('\n');
    const [header = '', ...rows] = lines;
    const kinds = [
      (row: string) => row.replace(/^C\d+/, 'NOBODY'),
      (row: string) => row.replace(/XYZ-[^,]+/, 'NOPE'),
      (row: string) => row.replace(/^([^,]+,[^,]+),[^,]+/, '$1,1.5'),
      (row: string) => row.replace(/^([^,]+,[^,]+),[^,]+/, '$1,1e5'),
      (row: string) => `${row},9`,
    ];
    const spoilt = rows.map((row, index) =>
      index % 20 === 7 ? (kinds[((index - 7) / 20) % 5] as (row: string) => string)(row) : row,
    );
    const text = `${[header, ...spoilt].join('\n')}\n`;
    const command = { firmId, recordedBy: 'ada', mode: 'REPLACE', validFrom: bulkValidFrom } as const;
    const refusal = await positions.execute(command, fileOf(text)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: 'FileRefusal', problemCount: 500 });
    const { problems } = refusal as { problems: { line: number; column?: string; reason: string }[] };
    expect(problems.map(({ line }) => line)).toEqual(Array.from({ length: 500 }, (_, index) => 20 * index + 9));
    expect(problems.slice(0, 5)).toMatchObject([
      { column: 'account', value: 'NOBODY', reason: 'no such account' },
      { column: 'instrument', value: 'NOPE' },
      { column: 'quantity', value: '1.5', reason: 'contracts of 100 units trade whole' },
      { column: 'quantity', value: '1e5' },
      { reason: expect.stringContaining('5 values where the header has 4') as string },
    ]);
    expect(await versionsOf(firmId, 'positions')).toEqual([]);
  });

  it('names a repeated row with the line of the first', async () => {
    const firmId = await newBulkFirm({ accounts: 2, instruments: 2, positionsPerAccount: 1 });
    const row = 'C0000000,XYZ-271217-C-000000,1';
    const text = `account,instrument,quantity\n${row}\nC0000001,XYZ-271217-C-000000,1\n${row}\n${row}\n`;
    const command = { firmId, recordedBy: 'ada', mode: 'MERGE', validFrom: bulkValidFrom } as const;
    await expect(positions.execute(command, fileOf(text))).rejects.toMatchObject({
      problemCount: 2,
      problems: [
        { line: 4, column: 'instrument', reason: 'a duplicate of line 2' },
        { line: 5, column: 'instrument', reason: 'a duplicate of line 2' },
      ],
    });
  });

  it('refuses totals that do not hold, announced beside the file or in its last line', async () => {
    const firmId = await newBulkFirm({ accounts: 1, instruments: 2, positionsPerAccount: 1 });
    const command = { firmId, recordedBy: 'ada', mode: 'REPLACE', validFrom: bulkValidFrom } as const;
    const rows = 'account,instrument,quantity\nC0000000,XYZ-271217-C-000000,5\nC0000000,XYZ-271217-C-000001,-7\n';
    const load = (text: string, control = {}) => positions.execute({ ...command, ...control }, fileOf(text));
    for (const [text, control, reason] of [
      [
        rows,
        { rows: 3, sums: {} },
        'p.csv: column rows: value "3": control total: 3 rows announced, 2 found; nothing is stored',
      ],
      [
        rows,
        { sums: { quantity: new Decimal('12') } },
        'p.csv: column quantity: value "12": control total: 12 quantity announced, -2 found',
      ],
      [rows, { sums: {}, sha256: 'ab'.repeat(32) }, 'p.csv: column sha256:'],
      [
        `${rows}#control,rows=1,\n`,
        undefined,
        'p.csv:4: column rows: value "1": control total: 1 rows announced, 2 found',
      ],
      [
        `${rows}#control,quantity=3,\n`,
        undefined,
        'p.csv:4: column quantity: value "3": control total: 3 quantity announced, -2 found',
      ],
      [
        `${rows}#control,lines=2,\n`,
        undefined,
        'p.csv:4: value "#control,lines=2,": control total "lines=2": expected rows=…',
      ],
      [`${rows}#control,rows=2,\nC0000000,X,1\n`, undefined, 'p.csv:5: a row after the trailer of line 4'],
    ] as const) {
      await expect(load(text, control === undefined ? {} : { control })).rejects.toThrow(reason);
    }
    expect(await versionsOf(firmId, 'positions')).toEqual([]);
    expect(await load(`${rows}#control,rows=2,quantity=-2\n`)).toMatchObject({ rows: 2, stored: 2, warnings: [] });
  });

  it('takes a file of a known name with other content as a correction, and says so', async () => {
    const firmId = await newBulkFirm({ accounts: 1, instruments: 2, positionsPerAccount: 1 });
    const load = (quantity: number, at: Instant) =>
      positions.execute(
        { firmId, recordedBy: 'ada', mode: 'REPLACE', validFrom: at },
        fileOf(`account,instrument,quantity\nC0000000,XYZ-271217-C-000000,${quantity}\n`, '/in/eod.csv'),
      );
    expect(await load(5, day(5))).toMatchObject({ stored: 1, warnings: [] });
    const corrected = await load(6, day(5));
    expect(corrected).toMatchObject({ stored: 1 });
    expect(corrected.warnings).toEqual([
      expect.stringMatching(
        /^eod\.csv came before with other content \(2\d{3}-.*, sha256 [0-9a-f]{12}\): what differs/,
      ),
      '1 accounts have another statement for the same instant: this one takes its place',
    ]);
    const older = await load(9, day(3));
    expect(older.warnings[1]).toMatch(/^1 accounts have later statements: the file corrects the past/);
    expect(await versionsOf(firmId, 'positions')).toMatchObject([
      { value: '5@', open: false },
      { value: '6@', open: true, valid: '["2026-01-05 00:00:00+00",)' },
      { value: '9@', open: true, valid: '["2026-01-03 00:00:00+00","2026-01-05 00:00:00+00")' },
    ]);
  });

  it('reads the JSON form', async () => {
    const firmId = await newBulkFirm({ accounts: 1, instruments: 1, positionsPerAccount: 1 });
    const text = JSON.stringify([{ account: 'C0000000', instrument: 'XYZ-271217-C-000000', quantity: '-3' }]);
    const command = { firmId, recordedBy: 'ada', mode: 'REPLACE', validFrom: bulkValidFrom } as const;
    expect(await positions.execute(command, fileOf(text, 'p.json'))).toMatchObject({ stored: 1 });
  });
});

/** A random history: files of a firm with two accounts and three contracts, at random instants, in either mode. */
const history = fc.array(
  fc.record({
    mode: fc.constantFrom('REPLACE' as const, 'MERGE' as const),
    at: fc.integer({ min: 1, max: 6 }),
    cells: fc.uniqueArray(
      fc.record({
        account: fc.integer({ min: 0, max: 1 }),
        instrument: fc.integer({ min: 0, max: 2 }),
        quantity: fc.integer({ min: -2, max: 2 }),
        price: fc.constantFrom('', '1.5', '1.50'),
      }),
      { selector: ({ account, instrument }) => `${account} ${instrument}`, minLength: 1, maxLength: 6 },
    ),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('files and single statements', () => {
  it('leave the same versions of positions, whatever the history', async () => {
    const small: BulkBook = { accounts: 2, instruments: 3, positionsPerAccount: 1 };
    const store = new PositionStore(db.database);
    await fc.assert(
      fc.asyncProperty(history, async (files) => {
        const [byFile, one] = [await newBulkFirm(small), await newBulkFirm(small)];
        const ids = await accountIdsOf(one);
        for (const [index, { mode, at, cells }] of files.entries()) {
          const rows = cells.map(
            ({ account, instrument, quantity, price }) =>
              `C000000${account},XYZ-271217-C-00000${instrument},${quantity},${price}`,
          );
          const text = `account,instrument,quantity,averagePrice\n${rows.join('\n')}\n`;
          await positions.execute({ firmId: byFile, recordedBy: 'ada', mode, validFrom: day(at) }, fileOf(text));
          for (const account of [0, 1]) {
            const own = cells.filter((cell) => cell.account === account);
            if (own.length === 0) continue;
            await store.record(
              { firmId: one },
              {
                accountId: ids[account] as string,
                validFrom: day(at),
                mode,
                source: `${index}`,
                positions: own.map(({ instrument, quantity, price }) => ({
                  instrumentId: `XYZ-271217-C-00000${instrument}`,
                  quantity: new Decimal(quantity),
                  ...(price === '' ? {} : { averagePrice: new Decimal(price) }),
                })),
              },
            );
          }
        }
        expect(withoutScale(await versionsOf(byFile, 'positions'))).toEqual(
          withoutScale(await versionsOf(one, 'positions')),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('leave the same versions of balances, whatever the history', async () => {
    const small: BulkBook = { accounts: 1, instruments: 1, positionsPerAccount: 1 };
    const store = new BalanceStore(db.database);
    const stated = fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: -2, max: 2 })), {
      minLength: 1,
      maxLength: 7,
    });
    await fc.assert(
      fc.asyncProperty(stated, async (statements) => {
        const [byFile, one] = [await newBulkFirm(small), await newBulkFirm(small)];
        const [accountId = ''] = await accountIdsOf(one);
        for (const [at, amount] of statements) {
          const text = `account,currency,amount,valueAt\nC0000000,USD,${amount},${new Date(day(at)).toISOString()}\n`;
          await balances.execute({ firmId: byFile, recordedBy: 'ada', valueAt: day(1) }, fileOf(text, 'b.csv'));
          const cash = {
            accountId,
            currency: 'USD',
            amount: new Decimal(amount),
            valueAt: day(at),
            reason: 'x',
            recordedBy: 'ada',
          };
          await store.record({ firmId: one }, cash);
        }
        expect(await versionsOf(byFile, 'balances')).toEqual(await versionsOf(one, 'balances'));
      }),
      { numRuns: 12 },
    );
  });
});

async function accountIdsOf(firmId: string): Promise<string[]> {
  return db.database.withTenant({ firmId }, async (tx) =>
    (await tx.rows<{ account_id: string }>('SELECT account_id FROM accounts ORDER BY code')).map(
      (row) => row.account_id,
    ),
  );
}

/** 1.5 and 1.50 are one number; the record keeps the digits as they came. */
function withoutScale(versions: unknown[]): unknown[] {
  return versions.map((version) => ({
    ...(version as object),
    value: (version as { value: string }).value.replace('1.50', '1.5'),
  }));
}
