import { parseInstant } from '@ballast/domain';
import { readRiskParameterFile } from '@ballast/formats';
import { priceFile } from '@ballast/use-cases';
import { type BadInput, newDeskFirm, proveBadInput, titleOf } from '../../support/bad-inputs';
import { type ImportDesk, openImportDesk } from '../../support/import-desk';
import { openTestDatabase, type TestDatabase } from '../../support/postgres';

interface Firm {
  readonly firmId: string;
  readonly recordedBy: string;
}

let db: TestDatabase;
let desk: ImportDesk;
let firm: Firm;
beforeAll(async () => {
  db = await openTestDatabase();
  desk = openImportDesk(db);
  firm = await newDeskFirm(desk);
});
afterAll(() => db?.close());

const header = 'account,instrument,quantity';
const good = `${header}\nA1,XYZ,5\nA2,XYZ-C,-7\n`;
const validFrom = parseInstant('2026-01-05T00:00:00Z', 'validFrom');
const utf8 = (text: string): Uint8Array => Buffer.from(text);

const load =
  (content: string | Uint8Array, more: object = {}) =>
  (context: Firm): Promise<unknown> => {
    const bytes = typeof content === 'string' ? utf8(content) : content;
    return desk.importPositions.execute({ ...context, mode: 'REPLACE', validFrom, ...more }, { name: 'p.csv', bytes });
  };
/** A positions file whose second row has one odd cell. */
const quantity = (text: string) => load(`${header}\nA1,XYZ,5\nA2,XYZ-C,${text}\n`);
const since = (text: string) => load(`${header},validFrom\nA1,XYZ,5,${text}\n`);

const file = 'p.csv';
const cell = { file, line: 3, column: 'quantity' };

const shapes: readonly BadInput<Firm>[] = [
  { item: 125, what: 'an empty file', run: load(''), problem: { file, reason: /^the file is empty$/ } },
  { item: 126, what: 'a header without rows', run: load(`${header}\n`), problem: { file, line: 1, reason: /a header and no rows/ } },
  { item: 127, what: 'a missing column', run: load('account,instrument\nA1,XYZ\n'), problem: { file, line: 1, column: 'quantity', reason: /the column is missing/ } },
  { item: 128, what: 'an unknown column', run: load(`${header},colour\nA1,XYZ,5,red\n`), problem: { file, line: 1, column: 'colour', reason: /unknown column/ } },
  { item: 129, what: 'reordered columns', run: load('quantity,account,instrument\n5,A1,XYZ\n'), accepted: { rows: 1, totals: { quantity: '5' } } },
  { item: 130, what: 'a column twice', run: load(`${header},quantity\nA1,XYZ,5,6\n`), problem: { file, line: 1, column: 'quantity', reason: /appears twice/ } },
  { item: 131, what: 'a UTF-8 byte order mark', run: load(`\ufeff${good}`), accepted: { rows: 2 } },
  { item: 132, what: 'UTF-16', run: load(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(good, 'utf16le')])), problem: { file, line: 1, reason: /UTF-16/ } },
  { item: 132, what: 'UTF-16 without a mark', run: load(Buffer.from(good, 'utf16le')), problem: { file, line: 1, reason: /NUL byte/ } },
  { item: 132, what: 'Latin-1', run: load(Buffer.from(`${header}\nA1,XYZ,5\nSöhne,XYZ,5\n`, 'latin1')), problem: { file, line: 3, reason: /not UTF-8/ } },
  { item: 133, what: 'line ends of CR only', run: load(good.replaceAll('\n', '\r')), problem: { file, line: 1, reason: /CR only/ } },
  { item: 134, what: 'mixed line ends', run: load(`${header}\r\nA1,XYZ,5\nA2,XYZ-C,1\n`), problem: { file, line: 2, reason: /mixed line ends/ } },
  { item: 135, what: 'no line end at the end', run: load(good.trimEnd()), accepted: { rows: 2, warnings: [expect.stringMatching(/no line end/)] } },
  { item: 136, what: 'a NUL byte', run: load(`${header}\nA1,XYZ,5\nA2,X\0Z,5\n`), problem: { file, line: 3, reason: /NUL byte/ } },
  { item: 137, what: 'a quote that is not closed', run: load(`${header}\nA1,"XYZ,5\nA2,XYZ,5\n`), problem: { file, line: 2, reason: /not closed/ } },
  { item: 138, what: 'a line end inside quotes: the rows after it keep their lines', run: load(`${header}\nA1,"X\nYZ",5\nA2,XYZ-C,x\n`), problem: { file, line: 2, column: 'instrument', reason: /expected letters/ } },
  { item: 139, what: 'one line of 10 MB', run: load(`${header}\nA1,${'X'.repeat(10 * 2 ** 20)},5\n`), problem: { file, line: 2, reason: /longer than 128 characters/ } },
  { item: 147, what: 'a last row cut off', run: load(`${header}\nA1,XYZ,5\nA2,XY`), problem: { file, line: 3, value: 'A2,XY', reason: /2 values where the header has 3/ } },
  { item: 148, what: 'a control total that does not hold', run: load(good, { control: { rows: 3, sums: {} } }), problem: { file, column: 'rows', value: '3', reason: /3 rows announced, 2 found/ } },
  { item: 149, what: 'a trailer that does not hold', run: load(`${good}#control,rows=2,quantity=5\n`.replace('quantity=5', 'quantity=-3')), problem: { file, line: 4, column: 'quantity', value: '-3', reason: /-3 quantity announced, -2 found/ } },
  { item: 154, what: 'a row of an unknown account', run: load(`${good}A3,XYZ,1\n`), problem: { file, line: 4, column: 'account', value: 'A3', reason: /no such account/ } },
  { item: 159, what: 'a zip archive', run: load(Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(100, 65)])), problem: { file, line: 1, reason: /a zip archive/ } },
  { item: 159, what: 'a gzip archive', run: load(Buffer.from([0x1f, 0x8b, 8, 0])), problem: { file, line: 1, reason: /a gzip archive/ } },
]; // prettier-ignore

const numbers: readonly BadInput<Firm>[] = [
  { item: 140, what: 'a decimal comma', run: quantity('"1.234,56"'), problem: { ...cell, value: '1.234,56', reason: /decimal comma/ } },
  { item: 141, what: 'a thousands separator', run: quantity('"1,234"'), problem: { ...cell, value: '1,234', reason: /thousands separators/ } },
  { item: 142, what: 'brackets for a minus', run: quantity('(123)'), problem: { ...cell, value: '(123)', reason: /brackets/ } },
  { item: 143, what: 'a minus at the end', run: quantity('123-'), problem: { ...cell, value: '123-', reason: /minus at the end/ } },
  { item: 144, what: '#N/A', run: quantity('#N/A'), problem: { ...cell, value: '#N/A', reason: /no number/ } },
  { item: 144, what: 'null', run: quantity('null'), problem: { ...cell, value: 'null', reason: /no number/ } },
  { item: 144, what: 'a dash', run: quantity('-'), problem: { ...cell, value: '-', reason: /no number/ } },
  { item: 145, what: 'a spreadsheet serial date', run: since('46022'), problem: { file, line: 2, column: 'validFrom', value: '46022', reason: /serial date/ } },
  { item: 146, what: 'a day and month that cannot be told apart', run: since('05/01/2026'), problem: { file, line: 2, column: 'validFrom', value: '05/01/2026', reason: /day and month/ } },
  { item: 62, what: 'a position decades ahead', run: since('2126-01-05T00:00:00Z'), problem: { file, line: 2, column: 'validFrom', value: '2126-01-05T00:00:00.000Z', reason: /more than ten years ahead/ } },
  { item: 171, what: 'epoch milliseconds', run: since('1767571200000'), problem: { file, line: 2, column: 'validFrom', reason: /epoch/ } },
  { item: 171, what: 'epoch seconds', run: since('1767571200'), problem: { file, line: 2, column: 'validFrom', reason: /epoch/ } },
]; // prettier-ignore

describe('importers', () => {
  it.each(
    [...shapes, ...numbers]
      .filter(({ accepted }) => accepted === undefined)
      .map((input) => [titleOf(input), input] as const),
  )('%s', (_, input) => proveBadInput(db, input, firm));

  it.each(shapes.filter(({ accepted }) => accepted !== undefined).map((input) => [titleOf(input), input] as const))(
    '%s',
    async (_, input) => proveBadInput(db, input, await newDeskFirm(desk)),
  );

  it('138 a line end inside quotes (accepted) where text is free', async () => {
    let text = '';
    const columns = 'id,model,right,spot,strike,yearsToExpiry,rate,dividendYield,volatility';
    const bytes = (async function* () {
      yield utf8(`${columns}\n"first\nline",black-scholes,call,100,95,0.5,0.03,0.01,0.2\n`);
    })();
    const write = async (piece: string): Promise<void> => void (text += piece);
    expect(await priceFile({ name: 'c.csv', bytes }, { format: 'csv', write })).toMatchObject({ rows: 1, refused: 0 });
    expect(text).toContain('\n"first\nline",black-scholes,');
  });
});

describe('deliveries', () => {
  const book = (amount: number) => `${header}\nA1,XYZ,${amount}\n`;

  it('150 the same file twice (accepted) changes nothing the second time', async () => {
    const own = await newDeskFirm(desk);
    expect(await load(book(5))(own)).toMatchObject({ stored: 1 });
    const input = { item: 150, what: '', run: load(book(5)), accepted: { stored: 0, unchanged: 1, warnings: [] } };
    await proveBadInput(db, input, own);
  });

  it('151 the same name with another hash (accepted) is a correction, and the report says so', async () => {
    const own = await newDeskFirm(desk);
    await load(book(5))(own);
    expect(await load(book(6))(own)).toMatchObject({
      stored: 1,
      warnings: [expect.stringMatching(/came before with other content/), expect.stringMatching(/takes its place/)],
    });
  });

  it('152 a file older than the last (accepted) corrects the past only', async () => {
    const own = await newDeskFirm(desk);
    await load(book(5))(own);
    const earlier = parseInstant('2026-01-02T00:00:00Z', 'earlier');
    const report = await load(book(9), { validFrom: earlier })(own);
    expect(report).toMatchObject({
      stored: 1,
      warnings: [expect.anything(), expect.stringMatching(/corrects the past/)],
    });
    const account = await desk.accounts.findByCode(own, 'A1');
    const held = await desk.positions.findAsOf(own, [account?.id ?? ''], { validAt: validFrom });
    expect(held.get(account?.id ?? '')?.map((position) => position.quantity.toFixed())).toEqual(['5']);
  });

  it('153 two files that overlap (accepted): the later knowledge holds, the earlier stays on record', async () => {
    const own = await newDeskFirm(desk);
    await load(book(5))(own);
    const other = { name: 'other.csv', bytes: utf8(book(8)) };
    const report = await desk.importPositions.execute({ ...own, mode: 'REPLACE', validFrom }, other);
    expect(report).toMatchObject({ stored: 1, warnings: [expect.stringMatching(/takes its place/)] });
  });
});

describe('risk parameter files', () => {
  const spn = (head: string, text = '') =>
    `<?xml version="1.0"?>${head}<spanFile><fileFormat>4.00</fileFormat>${text}</spanFile>`;
  const read = async (text: string) => {
    const bytes = utf8(text);
    const source = {
      name: 'f.spn',
      bytes: (async function* () {
        yield bytes;
      })(),
    };
    return readRiskParameterFile({ source, selection: () => true, accountType: 'M' } as never);
  };
  it.each([
    [
      '160 an entity of another file',
      spn('<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>', '<created>&x;</created>'),
    ],
    ['161 entities that grow', spn('<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>', '<created>&b;</created>')],
  ])('%s', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'FileRefusal',
      message: expect.stringMatching(/DTD|document type|entity/i) as string,
    });
  });
});
