// MT-01 … MT-07 and MT-10: changes of the input that must not change the outcome. MT-08 and MT-09 are of the API:
// test/e2e/api-metamorphic.e2e-spec.ts.
import { Decimal, type Instant, parseInstant } from '@ballast/domain';
import { Database, MarginRunStore } from '@ballast/persistence';
import { fillFirm, openRunMargin, closes } from '../support/api-world';
import { type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';

let db: TestDatabase;
let desk: ImportDesk;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
});
afterAll(() => db?.close());

interface Book {
  readonly firmId: string;
  readonly recordedBy: string;
}

const asOf = parseInstant('2026-01-05T21:00:00Z', 'asOf');
const validFrom = parseInstant('2026-01-02T00:00:00Z', 'validFrom');
const header = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
const strikes = [90, 95, 100, 105, 110];
const file = (name: string, text: string) => ({ name, bytes: Buffer.from(text) });

/** Codes of the accounts, shift of every instant [ms]. */
async function newBook(codes: readonly string[] = ['A1', 'A2', 'A3'], shift = 0): Promise<Book> {
  const book = await newFirm(desk);
  const at = (text: string): string => new Date(Date.parse(text) + shift).toISOString();
  const rows = (names: readonly string[]) => `${names.join('\n')}\n`;
  await desk.importAccounts.execute(
    book,
    file(
      'a.csv',
      rows([
        'code,name,baseCurrency,methodology',
        ...codes.map((code, i) => `${code},N,USD,${i === 1 ? 'TIMS' : 'SPAN'}`),
      ]),
    ),
  );
  const options = strikes.flatMap((strike) =>
    ['call', 'put'].map(
      (right) =>
        `XYZ-${strike}-${right},option,XYZ,${right},${strike},${at('2026-03-20T20:00:00Z')},european,100,USD,,`,
    ),
  );
  const underlyings = file(
    'u.csv',
    `underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100,0.04,0.01\n`,
  );
  await desk.importInstruments.execute(book, [
    file('i.csv', rows([header, 'XYZ,underlying,XYZ,,,,,1,USD,,', ...options])),
    underlyings,
  ]);
  const quotes = strikes.flatMap((strike) =>
    ['call', 'put'].map(
      (right) => `XYZ-${strike}-${right},,,,${0.2 + Math.abs(strike - 100) / 400},${at('2026-01-05T21:00:00Z')}`,
    ),
  );
  const quoteHeader = 'instrument,bid,ask,mark,impliedVolatility,timestamp';
  await desk.importMarket.execute(book, [
    file('q.csv', rows([quoteHeader, `XYZ,,,100,,${at('2026-01-05T21:00:00Z')}`, ...quotes])),
    underlyings,
  ]);
  return book;
}

const positionRows = [
  'A1,XYZ-90-put,-5',
  'A1,XYZ-110-call,-5',
  'A1,XYZ,200',
  'A2,XYZ-100-call,-3',
  'A2,XYZ-105-call,3',
  'A3,XYZ-95-put,-1',
];
const balanceRows = ['A1,USD,20000', 'A2,USD,5000', 'A3,USD,1000'];

async function loadPositions(book: Book, text: string, mode: 'REPLACE' | 'MERGE' = 'REPLACE', at = validFrom) {
  return desk.importPositions.execute({ ...book, mode, validFrom: at }, file('p.csv', text));
}

async function loadBalances(book: Book, text: string, at = validFrom) {
  return desk.importBalances.execute({ ...book, valueAt: at }, file('b.csv', text));
}

async function load(book: Book, rename: (code: string) => string = (code) => code, at = validFrom): Promise<void> {
  const renamed = (rows: readonly string[]) => rows.map((row) => row.replace(/^A\d/, rename)).join('\n');
  await loadPositions(book, `account,instrument,quantity\n${renamed(positionRows)}\n`, 'REPLACE', at);
  await loadBalances(book, `account,currency,amount\n${renamed(balanceRows)}\n`, at);
}

/** Figures of a run by the order of the account codes; ids, codes and instants are left out. */
async function figures(book: Book, at: Instant = asOf): Promise<unknown[]> {
  const run = await openRunMargin(db.database).execute({ firmId: book.firmId, asOf: at, requestedBy: 'test' });
  expect(run).toMatchObject({ state: 'COMPLETED' });
  return figuresOf(book, run.id);
}

async function figuresOf(book: Book, runId: string): Promise<unknown[]> {
  return db.database.withTenant(book, (tx) =>
    tx.rows(
      `SELECT r.methodology, r.quality, r.initial_requirement, r.maintenance_requirement AS maintenance, r.net_option_value, r.model::text, r.greeks::text, r.scenarios::text, r.equity,
         encode(r.result_hash, 'hex') AS hash
       FROM requirements r JOIN accounts a USING (firm_id, account_id) WHERE r.run_id = $1 ORDER BY a.code`,
      [runId],
    ),
  );
}

const withoutHashes = (rows: unknown[]): unknown[] => rows.map((row) => ({ ...(row as object), hash: undefined }));

let plain: unknown[];
let plainBook: Book;
beforeAll(async () => {
  plainBook = await newBook();
  await load(plainBook);
  plain = await figures(plainBook);
  expect(plain).toHaveLength(3);
  expect((plain[0] as { maintenance: string }).maintenance).toMatch(/^[1-9]/);
});

describe('metamorphic invariants', () => {
  it('MT-01 rows and columns in another order and other line ends give the same results', async () => {
    const book = await newBook();
    const shuffled = [...positionRows].reverse().map((row) => row.split(',').reverse().join(','));
    await loadPositions(book, `quantity,instrument,account\r\n${shuffled.join('\r\n')}\r\n`);
    await loadBalances(
      book,
      `amount,currency,account\r\n${[...balanceRows]
        .reverse()
        .map((row) => row.split(',').reverse().join(','))
        .join('\r\n')}\r\n`,
    );
    expect(withoutHashes(await figures(book))).toEqual(withoutHashes(plain));
  });

  it('MT-02 a file imported twice gives the same state, and the second reports nothing new', async () => {
    const text = `account,instrument,quantity\n${positionRows.join('\n')}\n`;
    expect(await loadPositions(plainBook, text)).toMatchObject({ stored: 0, unchanged: positionRows.length });
    expect(await loadBalances(plainBook, `account,currency,amount\n${balanceRows.join('\n')}\n`)).toMatchObject({
      stored: 0,
    });
    expect(await figures(plainBook)).toEqual(plain);
  });

  it.each([
    [
      'two parts',
      [
        [0, 2, 4],
        [1, 3, 5],
      ],
    ],
    ['a file per row, from the last', [[5], [4], [3], [2], [1], [0]]],
  ])('MT-03 %s in any order give the same results', async (_, parts) => {
    const book = await newBook();
    for (const part of parts) {
      const rows = part.map((index) => positionRows[index] as string);
      await loadPositions(book, `account,instrument,quantity\n${rows.join('\n')}\n`, 'MERGE');
    }
    await loadBalances(book, `account,currency,amount\n${balanceRows.join('\n')}\n`);
    expect(withoutHashes(await figures(book))).toEqual(withoutHashes(plain));
  });

  it('MT-04 other account codes give the same numbers', async () => {
    const rename = (code: string): string => `CLIENT-${code.slice(1)}`;
    const book = await newBook(['A1', 'A2', 'A3'].map(rename));
    await load(book, rename);
    expect(withoutHashes(await figures(book))).toEqual(withoutHashes(plain));
  });

  it('MT-05 a position of quantity 0 changes nothing', async () => {
    const book = await newBook();
    await loadPositions(
      book,
      `account,instrument,quantity\n${[...positionRows, 'A1,XYZ-95-call,0', 'A3,XYZ,0'].join('\n')}\n`,
    );
    await loadBalances(book, `account,currency,amount\n${balanceRows.join('\n')}\n`);
    expect(withoutHashes(await figures(book))).toEqual(withoutHashes(plain));
  });

  it('MT-06 valuation and expiry later by the same time give the same prices and requirements', async () => {
    const shift = 17 * 86_400_000;
    const book = await newBook(['A1', 'A2', 'A3'], shift);
    await load(book, undefined, (validFrom + shift) as Instant);
    expect(withoutHashes(await figures(book, (asOf + shift) as Instant))).toEqual(withoutHashes(plain));
  });

  it('MT-07 the same log replayed from an empty record gives the same hashes', async () => {
    const hashes = async (database: TestDatabase): Promise<unknown[]> => {
      const { firmId } = await fillFirm(database, 'ALPHA', 4);
      const runs = await new MarginRunStore(database.database).findPage({ firmId }, { first: 10 });
      const rows = await withClient(database.superuserUrl, (client) =>
        client.query(
          `SELECT r.as_of, a.code, r.initial_requirement, r.maintenance_requirement, r.equity, r.model::text, r.scenarios::text, r.breakdown::text
           FROM requirements r JOIN accounts a USING (firm_id, account_id) ORDER BY 1, 2`,
        ),
      );
      const snapshots = await withClient(database.superuserUrl, (client) =>
        client.query(`SELECT as_of, encode(content_hash, 'hex') AS hash FROM market_snapshots ORDER BY 1`),
      );
      expect([runs.items.length, rows.rowCount]).toEqual([closes.length, 4 * closes.length]);
      return [...rows.rows, ...snapshots.rows];
    };
    const [first, second] = [await openTestDatabase(), await openTestDatabase()];
    try {
      expect(await hashes(second)).toEqual(await hashes(first));
    } finally {
      await first.close();
      await second.close();
    }
  });

  it('MT-07 a run repeated on the same record gives the same hashes', async () => {
    expect(await figures(plainBook)).toEqual(plain);
  });

  it('MT-10 two workers at once give what one gives', async () => {
    const other = new Database(() => db.options);
    try {
      const command = { firmId: plainBook.firmId, asOf, requestedBy: 'test' };
      const runs = await Promise.all([db.database, other].map((each) => openRunMargin(each).execute(command)));
      for (const { id } of runs) expect(await figuresOf(plainBook, id)).toEqual(plain);
    } finally {
      await other.close();
    }
  });

  it('is not blind: one more contract changes the numbers of its account only', async () => {
    const book = await newBook();
    await loadPositions(
      book,
      `account,instrument,quantity\n${positionRows.join('\n').replace('A3,XYZ-95-put,-1', 'A3,XYZ-95-put,-2')}\n`,
    );
    await loadBalances(book, `account,currency,amount\n${balanceRows.join('\n')}\n`);
    const [first, second, third] = withoutHashes(await figures(book));
    expect([first, second]).toEqual(withoutHashes(plain).slice(0, 2));
    const doubled = third as { maintenance: string };
    const single = plain[2] as { maintenance: string };
    expect(new Decimal(doubled.maintenance).greaterThan(single.maintenance)).toBe(true);
  });
});
