import { parseInstant } from '@ballast/domain';
import { FileRefusal } from '@ballast/formats';
import { fileOf, type ImportDesk, newFirm, openImportDesk } from '../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../support/postgres';

let db: TestDatabase;
let desk: ImportDesk;
const monday = parseInstant('2026-01-05T00:00:00Z', 'monday');
const tuesday = parseInstant('2026-01-06T00:00:00Z', 'tuesday');

const accounts = fileOf(
  'accounts.csv',
  'code,name,baseCurrency,methodology\nA1,Ann,USD,SPAN\nA2,Bob & Söhne,EUR,TIMS\n',
);
const underlyings = fileOf(
  'underlyings.csv',
  'underlying,kind,currency,price,rate,dividendYield\nXYZ,equity,USD,100.25,0.04,0.01\n',
);
const instruments = fileOf(
  'instruments.csv',
  [
    'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle',
    'XYZ,underlying,XYZ,,,,,1,USD,,',
    'XYZ-100-C,option,XYZ,call,100,2026-03-20T20:00:00Z,american,100,USD,linear,equity',
    'XYZ-95-P,option,XYZ,put,95,2026-03-20T20:00:00Z,american,100,USD,,',
  ].join('\n') + '\n',
);
const positions = fileOf(
  'positions.csv',
  'account,instrument,quantity,averagePrice\nA1,XYZ-100-C,-5,4.25\nA1,XYZ,500,98.1\nA2,XYZ-95-P,3,\n',
);
const quotes = fileOf(
  'quotes.csv',
  [
    'instrument,bid,ask,mark,impliedVolatility,timestamp',
    'XYZ,100.2,100.3,100.25,,2026-01-05T20:59:58Z',
    'XYZ-100-C,4.1,4.3,4.2,0.21,2026-01-05T20:59:59Z',
    'XYZ-95-P,,1.6,1.5,,2026-01-05T20:59:57Z',
  ].join('\n') + '\n',
);

beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
});
afterAll(() => db?.close());

/** A firm with accounts and instruments. */
async function equippedFirm() {
  const context = await newFirm(desk);
  await desk.importAccounts.execute(context, accounts);
  await desk.importInstruments.execute(context, [instruments, underlyings]);
  return context;
}

describe('imports', () => {
  it('stores accounts once and takes over a changed name', async () => {
    const context = await newFirm(desk);
    expect(await desk.importAccounts.execute(context, accounts)).toMatchObject({ rows: 2, stored: 2, unchanged: 0 });
    expect(await desk.importAccounts.execute(context, accounts)).toMatchObject({ rows: 2, stored: 0, unchanged: 2 });
    const renamed = fileOf('accounts.csv', 'code,name,baseCurrency,methodology\nA1,Ann Lee,USD,SPAN\n');
    expect(await desk.importAccounts.execute(context, renamed)).toMatchObject({ stored: 1, totals: { changed: '1' } });
    expect(await desk.accounts.findByCode(context, 'A1')).toMatchObject({ name: 'Ann Lee' });
  });

  it('stores instruments with their underlyings, and refuses changed terms', async () => {
    const context = await equippedFirm();
    expect(await desk.importInstruments.execute(context, [instruments])).toMatchObject({ stored: 0, unchanged: 3 });
    const adjusted = fileOf(
      'adjusted.csv',
      new TextDecoder().decode(instruments.bytes).replace('american,100,USD,linear', 'american,150,USD,linear'),
    );
    await expect(desk.importInstruments.execute(context, [adjusted])).rejects.toThrow(
      'adjusted.csv:3: column id: value "XYZ-100-C": known with other terms (multiplier)',
    );
    const other = await newFirm(desk);
    await expect(desk.importInstruments.execute(other, [instruments])).rejects.toThrow(
      'instruments.csv:2: column underlying: value "XYZ": unknown underlying',
    );
  });

  it('stores positions as the whole book of each account', async () => {
    const context = await equippedFirm();
    const command = { ...context, mode: 'REPLACE', validFrom: monday } as const;
    const first = await desk.importPositions.execute(command, positions);
    expect(first).toMatchObject({
      rows: 3,
      stored: 3,
      totals: { accounts: '2', 'long quantity': '503', 'short quantity': '-5' },
    });
    expect(await desk.importPositions.execute(command, positions)).toMatchObject({ rows: 3, stored: 0, unchanged: 3 });
    const closing = fileOf('closing.csv', 'account,instrument,quantity\nA1,XYZ,400\n');
    await desk.importPositions.execute({ ...command, validFrom: tuesday }, closing);
    const [ann] = [...(await desk.accounts.findByCodes(context, ['A1'])).values()];
    const heldOn = async (validAt: typeof monday) =>
      (await desk.positions.findAsOf(context, [ann?.id ?? ''], { validAt }))
        .get(ann?.id ?? '')
        ?.map(({ instrumentId, quantity }) => [instrumentId, quantity.toFixed()]);
    expect(await heldOn(monday)).toEqual([
      ['XYZ', '500'],
      ['XYZ-100-C', '-5'],
    ]);
    expect(await heldOn(tuesday)).toEqual([['XYZ', '400']]);
  });

  it('returns to an earlier book when its file comes again', async () => {
    const context = await equippedFirm();
    const book = (quantity: number) => fileOf('book.csv', `account,instrument,quantity\nA1,XYZ,${quantity}\n`);
    const days = ['2026-01-05', '2026-01-06', '2026-01-07'].map((day) => parseInstant(`${day}T00:00:00Z`, 'day'));
    for (const [index, quantity] of [100, 200, 100].entries()) {
      const validFrom = days[index] as typeof monday;
      const report = await desk.importPositions.execute({ ...context, mode: 'REPLACE', validFrom }, book(quantity));
      expect(report.stored).toBe(1);
    }
  });

  it('merges single positions', async () => {
    const context = await equippedFirm();
    await desk.importPositions.execute({ ...context, mode: 'REPLACE', validFrom: monday }, positions);
    const trade = fileOf('trade.csv', 'account,instrument,quantity\nA1,XYZ-100-C,0\nA1,XYZ-95-P,-2\n');
    await desk.importPositions.execute({ ...context, mode: 'MERGE', validFrom: tuesday }, trade);
    const ann = await desk.accounts.findByCode(context, 'A1');
    const held = await desk.positions.findAsOf(context, [ann?.id ?? ''], { validAt: tuesday });
    expect(held.get(ann?.id ?? '')?.map(({ instrumentId }) => instrumentId)).toEqual(['XYZ', 'XYZ-95-P']);
  });

  it('stores balances with control totals by currency', async () => {
    const context = await equippedFirm();
    const file = fileOf(
      'balances.csv',
      'account,currency,amount,valueAt\nA1,USD,1000.50,\nA1,EUR,-20,2026-01-04T00:00:00Z\nA2,USD,0.5,\n',
    );
    const command = { ...context, valueAt: monday };
    expect(await desk.importBalances.execute(command, file)).toMatchObject({
      stored: 3,
      totals: { 'amount EUR': '-20', 'amount USD': '1001' },
    });
    expect(await desk.importBalances.execute({ ...command, valueAt: tuesday }, file)).toMatchObject({
      stored: 0,
      unchanged: 3,
    });
  });

  it('stores a market once, with implied volatilities and flags', async () => {
    const context = await equippedFirm();
    const report = await desk.importMarket.execute(context, [underlyings, quotes]);
    expect(report).toMatchObject({
      rows: 4,
      stored: 4,
      snapshot: { asOf: '2026-01-05T20:59:59.000Z', isNew: true, quality: 'OK' },
      flagCounts: { Q_NO_IV: 1, Q_ONE_SIDED: 1 },
      totals: { 'volatilities quoted': '1', 'volatilities implied': '1', 'volatilities missing': '0' },
    });
    const stored = await desk.snapshots.load(context, report.snapshot.id);
    expect(stored?.snapshot.instruments.get('XYZ-95-P')?.impliedVolatility).toBeGreaterThan(0.1);
    expect(stored?.snapshot.instruments.get('XYZ-100-C')?.impliedVolatility).toBe(0.21);
    const again = await desk.importMarket.execute(context, [underlyings, quotes]);
    expect(again).toMatchObject({ stored: 0, unchanged: 4, snapshot: { id: report.snapshot.id, isNew: false } });
  });

  it('proposes a parameter set once and names a key the methodology does not know', async () => {
    const context = await newFirm(desk);
    const text =
      '{ "methodology": "TIMS", "name": "House 2026", "effectiveFrom": "2026-01-01T00:00:00Z", "parameters": {} }';
    const file = fileOf('parameters.json', text);
    expect(await desk.importParameters.execute(context, file)).toMatchObject({
      stored: 1,
      parameterSet: { version: 1, status: 'PROPOSED' },
    });
    expect(await desk.importParameters.execute(context, file)).toMatchObject({ stored: 0, unchanged: 1 });
    const misspelt = fileOf('parameters.json', text.replace('{} }', '{ "minimumPerContrakt": 1 } }'));
    await expect(desk.importParameters.execute(context, misspelt)).rejects.toThrow(
      /parameters\.json:1: .*minimumPerContrakt/,
    );
    expect(await desk.parameterSets.findAll(context)).toHaveLength(1);
  });

  it('keeps firms apart', async () => {
    const [mine, theirs] = [await equippedFirm(), await newFirm(desk)];
    await expect(
      desk.importPositions.execute({ ...theirs, mode: 'REPLACE', validFrom: monday }, positions),
    ).rejects.toThrow(FileRefusal);
    expect(await desk.accounts.findAll(theirs)).toEqual([]);
    expect(await desk.accounts.findAll(mine)).toHaveLength(2);
  });
});

describe('refused files leave nothing behind', () => {
  const changedContracts = (from: string, to: string) =>
    fileOf('i.csv', new TextDecoder().decode(instruments.bytes).replace(from, to));
  const market = 'instrument,bid,ask,mark,impliedVolatility,timestamp\n';
  const position = 'account,instrument,quantity\n';

  it.each<[string, (context: { firmId: string; recordedBy: string }) => Promise<unknown>, string]>([
    [
      'an unknown column',
      (c) =>
        desk.importAccounts.execute(c, fileOf('a.csv', 'code,name,baseCurrency,methodology,age\nZ,Zoe,USD,SPAN,7\n')),
      'a.csv:1: column age: unknown column',
    ],
    [
      'a file that is not CSV',
      (c) => desk.importAccounts.execute(c, fileOf('a.csv', '\u0001\u0002\u0003 nothing\n')),
      'a.csv:1:',
    ],
    [
      'a truncated file',
      (c) =>
        desk.importAccounts.execute(
          c,
          fileOf('a.csv', 'code,name,baseCurrency,methodology\nZ1,Zoe,USD,SPAN\nZ2,Zac,U'),
        ),
      'a.csv:3: value "Z2,Zac,U": 3 values where the header has 4',
    ],
    [
      'one bad row of three',
      (c) =>
        desk.importAccounts.execute(
          c,
          fileOf('a.csv', 'code,name,baseCurrency,methodology\nZ1,Zoe,USD,SPAN\nZ2,Zac,US,SPAN\nZ3,Zed,USD,SPAN\n'),
        ),
      'a.csv:3: column baseCurrency: value "US"',
    ],
    [
      'a changed base currency',
      (c) =>
        desk.importAccounts.execute(
          c,
          fileOf('a.csv', 'code,name,baseCurrency,methodology\nZ1,Zoe,USD,SPAN\nA1,Ann,EUR,SPAN\n'),
        ),
      'a.csv:3: column baseCurrency: value "EUR": account A1 is kept in USD',
    ],
    [
      'a control total that does not hold',
      (c) => desk.importAccounts.execute({ ...c, control: { rows: 3, sums: {} } }, accounts),
      'accounts.csv: column rows: value "3": control total: 3 rows announced, 2 found',
    ],
    [
      'a negative strike',
      (c) => desk.importInstruments.execute(c, [changedContracts('put,95', 'put,-95')]),
      'i.csv:4: column strike: value "-95": must be greater than 0',
    ],
    [
      'a strike of zero',
      (c) => desk.importInstruments.execute(c, [changedContracts('put,95', 'put,0')]),
      'i.csv:4: column strike: value "0": must be greater than 0',
    ],
    [
      'a duplicate instrument',
      (c) => desk.importInstruments.execute(c, [changedContracts('XYZ-95-P', 'XYZ-100-C')]),
      'i.csv:4: column id: value "XYZ-100-C": a duplicate of line 3',
    ],
    [
      'a NaN price',
      (c) =>
        desk.importMarket.execute(c, [underlyings, fileOf('q.csv', `${market}XYZ,NaN,1,1,,2026-01-05T21:00:00Z\n`)]),
      'q.csv:2: column bid: value "NaN": not a finite number',
    ],
    [
      'a quote of an unknown instrument',
      (c) =>
        desk.importMarket.execute(c, [
          underlyings,
          fileOf('q.csv', `${market}XYZ,1,1,1,,2026-01-05T21:00:00Z\nNOPE,1,1,1,,2026-01-05T21:00:00Z\n`),
        ]),
      'q.csv:3: column instrument: value "NOPE": no such instrument',
    ],
    [
      'a quote after expiry',
      (c) =>
        desk.importMarket.execute(c, [underlyings, fileOf('q.csv', `${market}XYZ-95-P,1,1,1,,2026-03-20T21:00:00Z\n`)]),
      'q.csv:2: column timestamp: value "XYZ-95-P": quoted at 2026-03-20T21:00:00.000Z, after its expiry',
    ],
    [
      'quotes without their underlying',
      (c) =>
        desk.importMarket.execute(c, [
          fileOf('u.csv', 'underlying,kind,currency,price,rate,dividendYield\nABC,equity,USD,1,0,0\n'),
          quotes,
        ]),
      'quotes.csv:2: column instrument: value "XYZ": its underlying XYZ is not quoted',
    ],
    [
      'an underlying of another kind',
      (c) =>
        desk.importMarket.execute(c, [
          fileOf('u.csv', 'underlying,kind,currency,price,rate,dividendYield\nXYZ,crypto,USD,1,0,0\n'),
          quotes,
        ]),
      'u.csv:2: column underlying: value "XYZ": known as equity in USD, here crypto in USD',
    ],
    [
      'a position of an unknown account',
      (c) =>
        desk.importPositions.execute(
          { ...c, mode: 'REPLACE', validFrom: monday },
          fileOf('p.csv', `${position}A1,XYZ,1\nNOBODY,XYZ,1\n`),
        ),
      'p.csv:3: column account: value "NOBODY": no such account',
    ],
    [
      'a position in an unknown instrument',
      (c) =>
        desk.importPositions.execute(
          { ...c, mode: 'REPLACE', validFrom: monday },
          fileOf('p.csv', `${position}A1,XYZ,1\nA1,NOPE,1\n`),
        ),
      'p.csv:3: column instrument: value "NOPE": no such instrument',
    ],
    [
      'a position in an expired contract',
      (c) =>
        desk.importPositions.execute(
          { ...c, mode: 'REPLACE', validFrom: parseInstant('2026-03-21T00:00:00Z', 'v') },
          fileOf('p.csv', `${position}A1,XYZ,1\nA1,XYZ-95-P,1\n`),
        ),
      'p.csv:3: column instrument: value "XYZ-95-P": expired at 2026-03-20T20:00:00.000Z',
    ],
    [
      'half a contract',
      (c) =>
        desk.importPositions.execute(
          { ...c, mode: 'REPLACE', validFrom: monday },
          fileOf('p.csv', `${position}A1,XYZ,1.5\nA1,XYZ-95-P,1.5\n`),
        ),
      'p.csv:3: column quantity: value "1.5": contracts of 100 units trade whole',
    ],
    [
      'two books of one account',
      (c) =>
        desk.importPositions.execute(
          { ...c, mode: 'REPLACE', validFrom: monday },
          fileOf(
            'p.csv',
            'account,instrument,quantity,validFrom\nA1,XYZ,1,2026-01-05T00:00:00Z\nA1,XYZ-95-P,1,2026-01-06T00:00:00Z\n',
          ),
        ),
      'p.csv: column validFrom: value "A1": rows of one account start at different instants',
    ],
    [
      'a balance of an unknown account',
      (c) =>
        desk.importBalances.execute(
          { ...c, valueAt: monday },
          fileOf('b.csv', 'account,currency,amount\nA1,USD,1\nNOBODY,USD,1\n'),
        ),
      'b.csv:3: column account: value "NOBODY"',
    ],
    [
      'a parameter file of a list',
      (c) => desk.importParameters.execute(c, fileOf('p.json', '[]')),
      'p.json:1: expected a JSON object',
    ],
    [
      'a parameter file cut off',
      (c) => desk.importParameters.execute(c, fileOf('p.json', '{ "methodology": "TIMS",\n "name"')),
      'p.json:2: column character 8: the JSON text ends too early',
    ],
    [
      'an unknown methodology',
      (c) =>
        desk.importParameters.execute(
          c,
          fileOf(
            'p.json',
            '{\n"methodology": "REGT", "name": "x", "effectiveFrom": "2026-01-01T00:00:00Z", "parameters": {} }',
          ),
        ),
      'p.json:2: column methodology: value "REGT": expected SPAN or TIMS',
    ],
  ])('%s', async (_, run, message) => {
    const context = await equippedFirm();
    const before = await contents(context.firmId);
    const refusal: unknown = await run(context).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(FileRefusal);
    expect((refusal as FileRefusal).message).toContain(message);
    expect(await contents(context.firmId)).toEqual(before);
  });
});

const tables = [
  'accounts', 'underlyings', 'instruments', 'market_snapshots', 'underlying_quotes', 'instrument_quotes',
  'position_statements', 'positions', 'balances', 'risk_parameter_sets',
]; // prettier-ignore

/** Rows per table that a firm sees. */
async function contents(firmId: string): Promise<Record<string, number>> {
  return db.database.withTenant({ firmId }, async (transaction) => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [row] = await transaction.rows<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`);
      counts[table] = row?.count ?? -1;
    }
    return counts;
  });
}
