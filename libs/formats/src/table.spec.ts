import { readAccountFile } from './account-file';
import { readBalanceFile } from './balance-file';
import { FileRefusal } from './file-refusal';
import { readInstrumentFile } from './instrument-file';
import { readQuoteFile, readUnderlyingFile } from './market-file';
import { readPositionFile } from './position-file';
import type { SourceFile } from './table';

const source = (text: string, name = 'f.csv'): SourceFile => ({ name, bytes: new TextEncoder().encode(text) });
const accountHeader = 'code,name,baseCurrency,methodology';
const instrumentHeader = 'id,type,underlying,right,strike,expiry,exercise,multiplier,currency,settlement,premiumStyle';
const option = (strike: string, right = 'put') =>
  `A-P,option,A,${right},${strike},2026-03-20T21:00:00Z,american,100,USD,linear,equity`;
const quoteHeader = 'instrument,bid,ask,mark,impliedVolatility,timestamp';
const at = '2026-01-05T21:00:00Z';

describe('tables', () => {
  it('finds columns by name in any order', () => {
    const inOrder = readAccountFile(source(`${accountHeader}\nA1,Ann,USD,SPAN\n`));
    const shuffled = readAccountFile(source('methodology,code,baseCurrency,name\nSPAN,A1,USD,Ann\n'));
    expect(shuffled.rows).toEqual(inOrder.rows);
    expect(inOrder.rows).toEqual([
      { line: 2, value: { code: 'A1', name: 'Ann', baseCurrency: 'USD', methodology: 'SPAN' } },
    ]);
  });

  it('reads the JSON form to the same records', () => {
    const csv = readPositionFile(source('account,instrument,quantity,averagePrice\nA1,X,-5,1.25\nA1,Y,2,\n'));
    const json = readPositionFile(
      source(
        '[{"account":"A1","instrument":"X","quantity":"-5","averagePrice":"1.25"},\n{"account":"A1","instrument":"Y","quantity":"2","averagePrice":null}]',
      ),
    );
    expect(json.rows.map((row) => row.value)).toEqual(csv.rows.map((row) => row.value));
    expect(json.rows.map((row) => row.line)).toEqual([1, 2]);
  });

  it('accepts quoted commas and line ends, and counts lines from where a record starts', () => {
    const text = `${accountHeader}\nA1,"Ann, ""the\n bold""",USD,SPAN\nA2,Bob,USD,SPAM\n`;
    expect(() => readAccountFile(source(text))).toThrow('a control or hidden character');
    expect(() => readAccountFile(source(text))).toThrow('f.csv:4: column methodology: value "SPAM"');
  });

  it('lists every bad row and shows a hundred of them', () => {
    const rows = Array.from({ length: 250 }, (_, index) => `A,I${index},1.x`).join('\n');
    const refusal = refusalOf(() => readPositionFile(source(`account,instrument,quantity\n${rows}\n`)));
    expect(refusal.problemCount).toBe(250);
    expect(refusal.problems).toHaveLength(250);
    expect(refusal.message.split('\n')).toHaveLength(101);
    expect(refusal.problems[0]).toMatchObject({ file: 'f.csv', line: 2, column: 'quantity', value: '1.x' });
    expect(refusal.message).toContain('… and 150 more (250 in all)');
  });

  it('warns of a last line without a line end', () => {
    expect(readAccountFile(source(`${accountHeader}\nA1,Ann,USD,SPAN`)).warnings).toHaveLength(1);
    expect(readAccountFile(source(`${accountHeader}\nA1,Ann,USD,SPAN\n`)).warnings).toHaveLength(0);
  });

  it.each<[string, (file: SourceFile) => unknown, string, string]>([
    ['header only', readAccountFile, `${accountHeader}\n`, 'f.csv:1: the file holds a header and no rows'],
    ['blank lines only', readAccountFile, '\n\n', 'f.csv: the file holds no header'],
    ['not CSV', readAccountFile, 'hello world\nfoo\n', 'f.csv:1: column hello world: unknown column'],
    [
      'missing column',
      readAccountFile,
      'code,name,baseCurrency\nA,B,USD\n',
      'f.csv:1: column methodology: the column is missing',
    ],
    [
      'unknown column',
      readAccountFile,
      `${accountHeader},age\nA,B,USD,SPAN,7\n`,
      'f.csv:1: column age: unknown column',
    ],
    [
      'misspelt column',
      readAccountFile,
      'Code,name,base_currency,methodology\nA,B,USD,SPAN\n',
      'did you mean "baseCurrency"?',
    ],
    [
      'repeated column',
      readAccountFile,
      `${accountHeader},code\nA,B,USD,SPAN,A\n`,
      'f.csv:1: column code: the column appears twice',
    ],
    [
      'truncated last row',
      readAccountFile,
      `${accountHeader}\nA,B,USD,SPAN\nC,D,U`,
      'f.csv:3: value "C,D,U": 3 values where the header has 4',
    ],
    [
      'too many values',
      readAccountFile,
      `${accountHeader}\nA,B,USD,SPAN,x\n`,
      'f.csv:2: value "A,B,USD,SPAN,x": 5 values',
    ],
    ['unclosed quote', readAccountFile, `${accountHeader}\nA,"B,USD,SPAN\n`, 'f.csv:2: a quoted value is not closed'],
    [
      'text after a quote',
      readAccountFile,
      `${accountHeader}\nA,"B"x,USD,SPAN\n`,
      'f.csv:2: text after a closing quote',
    ],
    [
      'quote inside a value',
      readAccountFile,
      `${accountHeader}\nA,B"c"d,USD,SPAN\n`,
      'f.csv:2: a quote inside an unquoted value',
    ],
    ['missing value', readAccountFile, `${accountHeader}\nA,,USD,SPAN\n`, 'f.csv:2: column name: the value is missing'],
    [
      'unknown currency form',
      readAccountFile,
      `${accountHeader}\nA,B,usd,SPAN\n`,
      'f.csv:2: column baseCurrency: value "usd"',
    ],
    [
      'duplicate account',
      readAccountFile,
      `${accountHeader}\nA,B,USD,SPAN\nA,C,USD,SPAN\n`,
      'f.csv:3: column code: value "A": a duplicate of line 2',
    ],
    [
      'account twin by case',
      readAccountFile,
      `${accountHeader}\nacct,B,USD,SPAN\nACCT,C,USD,SPAN\n`,
      'a duplicate of line 2',
    ],
    [
      'NaN price',
      readQuoteFile,
      `${quoteHeader}\nX,NaN,2,1,0.2,${at}\n`,
      'f.csv:2: column bid: value "NaN": not a finite number',
    ],
    [
      'negative volatility',
      readQuoteFile,
      `${quoteHeader}\nX,1,2,1,-0.2,${at}\n`,
      'f.csv:2: column impliedVolatility: value "-0.2": must not be negative',
    ],
    [
      'quote without instant',
      readQuoteFile,
      `${quoteHeader}\nX,1,2,1,0.2,\n`,
      'f.csv:2: column timestamp: the value is missing',
    ],
    [
      'instant in milliseconds',
      readQuoteFile,
      `${quoteHeader}\nX,1,2,1,0.2,1767605111513\n`,
      'column timestamp: value "1767605111513": seconds, milliseconds',
    ],
    [
      'right X',
      readInstrumentFile,
      `${instrumentHeader}\n${option('95', 'X')}\n`,
      'column right: value "X": expected call or put',
    ],
    [
      'duplicate instrument',
      readInstrumentFile,
      `${instrumentHeader}\n${option('95')}\n${option('95')}\n`,
      'f.csv:3: column id: value "A-P": a duplicate of line 2',
    ],
    [
      'multiplier -100',
      readInstrumentFile,
      `${instrumentHeader}\nA,underlying,A,,,,,-100,USD,,\n`,
      'column multiplier: value "-100"',
    ],
    [
      'strike of a share',
      readInstrumentFile,
      `${instrumentHeader}\nA,underlying,A,,95,,,1,USD,,\n`,
      'column strike: value "95": must be empty when type is underlying',
    ],
    [
      'future without expiry',
      readInstrumentFile,
      `${instrumentHeader}\nF,future,A,,,,,50,USD,,\n`,
      'column expiry: the value is missing',
    ],
    [
      'quantity 1e12',
      readPositionFile,
      'account,instrument,quantity\nA,X,1000000000000\n',
      'column quantity: value "1000000000000": more than',
    ],
    [
      'duplicate holding',
      readPositionFile,
      'account,instrument,quantity\nA,X,1\nA,X,2\n',
      'f.csv:3: column instrument: value "A, X": a duplicate of line 2',
    ],
    [
      'brackets',
      readBalanceFile,
      'account,currency,amount\nA,USD,(123)\n',
      'f.csv:2: column amount: value "(123)": brackets',
    ],
    [
      'decimal comma',
      readBalanceFile,
      'account,currency,amount\nA,USD,"1.234,56"\n',
      'value "1.234,56": decimal comma',
    ],
    [
      'equity at -1',
      readUnderlyingFile,
      'underlying,kind,currency,price,rate,dividendYield\nA,equity,USD,-1,0.05,0\n',
      'column price: value "-1": must be greater than 0',
    ],
    [
      'rate in percent',
      readUnderlyingFile,
      'underlying,kind,currency,price,rate,dividendYield\nA,equity,USD,1,5,0\n',
      'column rate: value "5": outside',
    ],
    [
      'missing rate',
      readUnderlyingFile,
      'underlying,kind,currency,price,rate,dividendYield\nA,equity,USD,1,,0\n',
      'column rate: the value is missing',
    ],
    [
      'JSON number as amount',
      readBalanceFile,
      '[{"account":"A","currency":"USD","amount":0.1}]',
      'f.csv:1: column amount: value "0.1": expected a JSON string',
    ],
    ['JSON object', readBalanceFile, '{"account":"A"}', 'expected a JSON array of objects'],
    ['JSON unknown member', readBalanceFile, '[\n{"acount":"A"}]', 'f.csv:2: column acount: unknown member'],
    ['cut JSON', readBalanceFile, '[{"account":"A"', 'the JSON text ends too early'],
  ])('refuses %s', (_, read, text, message) => {
    expect(refusalOf(() => read(source(text))).message).toContain(message);
  });
});

function refusalOf(action: () => unknown): FileRefusal {
  try {
    action();
  } catch (error) {
    if (error instanceof FileRefusal) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}
