import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readLeanFile } from './lean-file';
import { readMarketFiles } from './market-format';

const header =
  '#expiry,strike,right,open,high,low,close,volume,open_interest,implied_volatility,delta,gamma,vega,theta,rho';
const underlying = ',,,747.93,748.77,747.86,748.4,106129,,,,,,,';
const call = '20151231,450,C,300.05,301.15,296.75,298.3,0,,1.7405772,0.99,0.0001,0.02,-0.32,0.07';
const file = (rows: string[], name = 'data/goog_20151224.csv') => ({
  name,
  bytes: new TextEncoder().encode(`${[header, ...rows].join('\n')}\n`),
});

describe('LEAN chains', () => {
  it('reads the underlying from the first row and options after it', () => {
    const { underlyings, instruments, quotes } = readLeanFile(file([underlying, call]));
    expect(underlyings[0]?.value).toMatchObject({
      underlyingId: 'GOOG',
      kind: 'equity',
      quotedAt: Date.UTC(2015, 11, 24, 21),
    });
    expect(instruments[0]?.value).toMatchObject({
      id: 'GOOG151231C00450000',
      exercise: 'american',
      expiry: Date.UTC(2015, 11, 31, 21),
    });
    expect(quotes[0]?.value).toMatchObject({ impliedVolatility: 1.7405772, flags: ['RATE_MISSING', 'DIV_MISSING'] });
    expect(quotes[0]?.value.mark?.toFixed()).toBe('298.3');
    // Nothing traded is known, an empty cell is not.
    expect(quotes[0]?.value.volume?.toFixed()).toBe('0');
    expect(quotes[0]?.value).not.toHaveProperty('openInterest');
  });

  it('takes stated terms before the name of the file', () => {
    const terms = {
      underlyingId: 'SPX',
      date: '2015-07-01',
      exercise: 'european',
      rate: 0.002,
      dividendYield: 0.02,
    } as const;
    const { underlyings, quotes } = readLeanFile(file([underlying, call], 'chain.csv'), terms);
    expect(underlyings[0]?.value).toMatchObject({
      underlyingId: 'SPX',
      kind: 'broad-index',
      rate: 0.002,
      quotedAt: Date.UTC(2015, 6, 1, 20),
    });
    expect(quotes[0]?.value.flags).toEqual([]);
  });

  it.each([
    [[underlying, call.replace('450', '-450')], 'goog_20151224.csv:3: column strike: value "-450"'],
    [[underlying, call.replace('298.3', 'NaN')], 'goog_20151224.csv:3: column close: value "NaN"'],
    [[underlying, call.replace('20151231', '20151331')], 'column #expiry: value "20151331": expected an existing date'],
    [
      [underlying, call, call],
      'goog_20151224.csv:4: column strike: value "GOOG151231C00450000": a duplicate of line 3',
    ],
    [[call, underlying], 'goog_20151224.csv:3: the row of the underlying must be the first'],
    [[underlying], 'the chain holds no option'],
    [
      [underlying, call.slice(0, 38)],
      'goog_20151224.csv:3: value "20151231,450,C,300.05,301.15,296.75,29": 7 values where the header has 15',
    ],
  ])('refuses bad rows %#', (rows, message) => {
    expect(() => readLeanFile(file(rows))).toThrow(message);
  });

  it('asks for what the name does not say', () => {
    expect(() => readLeanFile(file([underlying, call], 'chain.csv'))).toThrow('--underlying');
  });
});

const folder = path.resolve(__dirname, '../../../../shared/data/lean');
const maybe = existsSync(folder) ? describe : describe.skip;

maybe('LEAN chains of 2015 (skipped: shared data not present)', () => {
  const read = (name: string) => readMarketFiles([{ name, bytes: readFileSync(path.join(folder, name)) }]);

  it('reads all 2,016 options of GOOG', () => {
    const { instruments, quotes, underlyings, rowCount } = read('goog_20151224.csv');
    expect([instruments.length, quotes.length, rowCount]).toEqual([2016, 2016, 2017]);
    expect(underlyings[0]?.value.price?.toFixed()).toBe('748.4');
    expect(new Set(instruments.map(({ value }) => ('expiry' in value ? value.expiry : 0))).size).toBe(11);
    expect(quotes.filter(({ value }) => value.impliedVolatility === null)).toHaveLength(154);
  });

  it('reads SPX, whose file lacks the row of the underlying', () => {
    const { instruments, underlyings, warnings } = read('spx_20151223.csv');
    expect(instruments).toHaveLength(272);
    expect(instruments[0]?.value).toMatchObject({ exercise: 'european' });
    expect(underlyings[0]?.value.price).toBeNull();
    expect(warnings[0]).toContain('no row of the underlying');
  });
});
