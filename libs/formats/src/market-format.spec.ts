import { detectMarketFormat, readMarketFiles } from './market-format';

const source = (name: string, text: string) => ({ name, bytes: new TextEncoder().encode(text) });
const quotes = source(
  'q.csv',
  'instrument,bid,ask,mark,impliedVolatility,timestamp\nX,1,2,1.5,0.2,2026-01-05T21:00:00Z\n',
);
const underlyings = source('u.csv', 'underlying,kind,currency,price,rate,dividendYield\nA,equity,USD,100,0.05,0\n');
const forwards = source('f.csv', 'underlying,expiry,price\nA,2026-03-20T21:00:00Z,101\n');

describe('market formats', () => {
  it.each([
    [quotes, 'quotes'],
    [underlyings, 'underlyings'],
    [forwards, 'forwards'],
    [source('d.csv', 'instrument_name,mark_price,expiry_datetime,futures_price,index_price\n'), 'deribit'],
    [source('l.csv', '#expiry,strike,right,open,close,implied_volatility\n'), 'lean'],
    [source('q.json', '[{"instrument":"X","bid":"1","ask":"2","timestamp":"2026-01-05T21:00:00Z"}]'), 'quotes'],
    [source('q.csv', 'instrument,bid,ask,mark,iv,timestamp\n'), 'quotes'],
  ])('tells format %#', (file, format) => {
    expect(detectMarketFormat(file)).toBe(format);
  });

  it('reads quotes, underlyings and forwards together in any order', () => {
    const content = readMarketFiles([forwards, underlyings, quotes]);
    expect(content.quotes[0]?.value).toMatchObject({ instrumentId: 'X', impliedVolatility: 0.2, flags: [] });
    expect(content.underlyings[0]?.value).toMatchObject({ underlyingId: 'A', rate: 0.05 });
    expect(content.forwards[0]?.value.price.toFixed()).toBe('101');
    expect(content.rowCount).toBe(3);
  });

  it.each([
    [[quotes], 'q.csv: a market needs a file of quotes and a file of underlyings'],
    [[quotes, quotes, underlyings], 'q.csv: a second file of quotes'],
    [
      [quotes, underlyings, source('g_20151224.csv', '#expiry,strike,right,close,implied_volatility\n')],
      'a lean file is imported alone',
    ],
    [[source('x.csv', 'hello,world\n1,2\n')], 'x.csv:1: value "hello,world": the header fits none of the formats'],
    [
      [source('q.csv', 'instrument,bid,ask,mark,iv,timestamp\nX,1,2,1,0.2,2026-01-05T21:00:00Z\n'), underlyings],
      'q.csv:1: column iv: unknown column',
    ],
  ])('refuses set %#', (files, message) => {
    expect(() => readMarketFiles(files)).toThrow(message);
  });

  it('obeys a forced format', () => {
    expect(() => readMarketFiles([source('x.csv', 'a,b\n1,2\n')], { format: 'deribit' })).toThrow(
      'x.csv:1: column a: unknown column',
    );
  });
});
