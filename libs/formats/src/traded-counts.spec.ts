import { readQuoteFile } from './market-file';
import { parsePortfolioFile } from './portfolio-file';

const quoteOf = (columns: string, cells: string) => {
  const text = `instrument,bid,ask,mark,impliedVolatility,timestamp${columns}\nA,1,2,,,2026-01-05T09:00:00Z${cells}\n`;
  return readQuoteFile({ name: 'q.csv', bytes: new TextEncoder().encode(text) }).rows[0]?.value;
};

describe('open interest and volume', () => {
  it('are read where the file has them', () => {
    const quote = quoteOf(',openInterest,volume', ',1200,35.5');
    expect([quote?.openInterest, quote?.volume].map((count) => count?.toFixed())).toEqual(['1200', '35.5']);
    expect(quoteOf(',volume', ',0')?.volume?.toFixed()).toBe('0');
    expect(quoteOf(',volume', ',-0')?.volume?.toFixed()).toBe('0');
  });

  it('are no members of a quote that lacks them, so that its snapshot keeps its hash', () => {
    for (const quote of [quoteOf('', ''), quoteOf(',openInterest,volume', ',,')])
      expect(Object.keys(quote ?? {}).sort()).toEqual(
        ['ask', 'bid', 'flags', 'impliedVolatility', 'instrumentId', 'mark', 'quotedAt'], // prettier-ignore
      );
  });

  it.each(['-1', 'many', '1,000'])('refuse %s', (cell) => {
    expect(() => quoteOf(',openInterest', `,"${cell}"`)).toThrow('q.csv:2: column openInterest');
  });

  it('stand in a portfolio file as strings, beside bid and ask', () => {
    const file = (contract: object) =>
      parsePortfolioFile(
        JSON.stringify({
          asOf: '2026-01-05T12:00:00Z',
          methodology: 'TIMS',
          baseCurrency: 'USD',
          market: {
            underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
            instruments: [{ id: 'U', type: 'underlying', underlying: 'U', price: '100', ...contract }],
          },
        }),
        'p.json',
      ).snapshot.instruments.get('U');
    const quote = file({ bid: '99.5', ask: '100.5', volume: '12', openInterest: '0' });
    expect([quote?.bid, quote?.ask, quote?.volume, quote?.openInterest].map((value) => value?.toFixed())).toEqual(
      ['99.5', '100.5', '12', '0'], // prettier-ignore
    );
    expect(Object.keys(file({}) ?? {})).not.toContain('volume');
    expect(() => file({ volume: 12 })).toThrow('volume');
    expect(() => file({ openInterest: '-1' })).toThrow('a count is not negative');
    expect(() => file({ ask: '-1' })).toThrow('ask');
  });
});
