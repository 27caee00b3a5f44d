// The backtest of price files: windows, tables, refusals.
import { backtestFiles, defaultBacktestQuestion, formatBacktestReport } from './backtest-file';

const bytes = (text: string) => new TextEncoder().encode(text);
const dates = Array.from({ length: 512 }, (_, day) => new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10));
/** A deterministic saw of a price, different per symbol. */
const price = (day: number, symbol: number) => (100 + ((day * (7 + symbol)) % 11) - ((day * 3) % 5)).toFixed(2);
const prices = {
  name: 'p.csv',
  bytes: bytes(
    `Date,SP500,AAPL,JPM\n${dates.map((date, day) => `${date},${price(day, 0)},${price(day, 1)},${price(day, 2)}`).join('\n')}\n`,
  ),
};
const volatility = {
  name: 'v.csv',
  bytes: bytes(`DATE,CLOSE\r\n${dates.map((date, day) => `${date},${15 + (day % 7)}`).join('\r\n')}\r\n`),
};

describe('backtestFiles', () => {
  it('tests eight portfolios and all of them pooled on windows that grow', () => {
    const output = backtestFiles({ prices, volatility });
    expect(output.data).toEqual({ from: '2020-01-01', to: dates[511], days: 512 });
    expect(output.tested).toEqual({ from: dates[500], to: dates[511], days: 11 });
    expect(output.rows).toHaveLength(9);
    expect(output.rows[8]?.tests.observations).toBe(88);
    const text = formatBacktestReport(output);
    expect(text).toContain('the window starts with 500 returns and grows');
    expect(text).toContain('| All eight pooled | 88 |');
  });

  it('shows every portfolio without and with each tool against procyclicality', () => {
    const { rows } = backtestFiles({ prices, volatility });
    for (const { tests, procyclicality, tools } of rows) {
      expect(tools.map(({ tool }) => tool)).toEqual(['NONE', 'BUFFER', 'STRESSED_WEIGHT', 'FLOOR']);
      expect(tools[0]).toMatchObject({ tests, procyclicality });
      // a buffer and a floor never take from a requirement
      for (const other of [tools[1], tools[3]]) expect(other?.tests.exceptions).toBeLessThanOrEqual(tests.exceptions);
    }
    const held = rows.find(({ id }) => id === 'long-only')?.tools ?? [];
    // the saw is as volatile on every day: nothing is drawn, a quarter is added
    expect(held[1]?.meanRatio).toBeCloseTo(1.25, 12);
    expect(held[3]?.meanRatio).toBeGreaterThanOrEqual(1);
    expect(rows[8]?.tools.map(({ procyclicality }) => procyclicality)).toEqual([null, null, null, null]);
  });

  it('names a column that is not there', () => {
    expect(() => backtestFiles({ prices, volatility }, { ...defaultBacktestQuestion, index: 'DAX' })).toThrow(
      'p.csv: no column DAX among SP500, AAPL, JPM',
    );
  });
});
