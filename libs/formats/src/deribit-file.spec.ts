import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { FileRefusal } from './file-refusal';
import { readDeribitFile } from './deribit-file';
import { readMarketFiles } from './market-format';

const header =
  'timestamp,instrument_name,option_type,strike,expiry_datetime,bid_price,ask_price,mark_price,futures_price,futures_instrument_name,implied_volatility,currency,index_price';
const row = (changes: Partial<Record<string, string>> = {}) => {
  const cells: Record<string, string> = {
    timestamp: '2026-01-05T09:25:11.513224+00:00',
    instrument_name: 'BTC-6JAN26-82000-C',
    option_type: 'call',
    strike: '82000.0',
    expiry_datetime: '2026-01-06T08:00:00+00:00',
    bid_price: '',
    ask_price: '0.123',
    mark_price: '0.118',
    futures_price: '92548.07299615977',
    futures_instrument_name: 'SYN.BTC-6JAN26',
    implied_volatility: '0.4986',
    currency: 'BTC',
    index_price: '92533.91',
    ...changes,
  };
  return header
    .split(',')
    .map((name) => cells[name])
    .join(',');
};
const file = (...rows: string[]) => ({
  name: 'd.csv',
  bytes: new TextEncoder().encode(`${[header, ...rows].join('\n')}\n`),
});

describe('Deribit snapshots', () => {
  it('reads a row with a synthetic forward and no bid', () => {
    const { rows, forwards, underlyings } = readDeribitFile(file(row()));
    expect(rows[0]?.value.instrument).toMatchObject({
      id: 'BTC-6JAN26-82000-C',
      settlement: 'inverse',
      exercise: 'european',
      currency: 'BTC',
      expiry: Date.UTC(2026, 0, 6, 8),
    });
    expect(rows[0]?.value.quote).toMatchObject({ bid: null, impliedVolatility: 0.4986, flags: ['SYNTHETIC_FORWARD'] });
    expect(forwards[0]?.value.price.toFixed()).toBe('92548.0729961598');
    expect(underlyings[0]?.value).toMatchObject({ underlyingId: 'BTC', kind: 'crypto', currency: 'USD' });
  });

  it.each([
    [
      row({ instrument_name: 'BTC-6JAN26-83000-C' }),
      'd.csv:2: column instrument_name: value "BTC-6JAN26-83000-C": disagrees',
    ],
    [row({ expiry_datetime: '2026-01-07T08:00:00+00:00' }), 'which say BTC-7JAN26-82000-C'],
    [row({ mark_price: 'NaN' }), 'd.csv:2: column mark_price: value "NaN": not a finite number'],
    [row({ strike: '-82000' }), 'd.csv:2: column strike: value "-82000": must be greater than 0'],
    [row({ currency: 'DOGE' }), 'column currency: value "DOGE": expected BTC or ETH'],
    [row({ futures_price: '' }), 'd.csv:2: column futures_price: the value is missing'],
    [`${row()}\n${row()}`, 'd.csv:3: column instrument_name: value "BTC-6JAN26-82000-C": a duplicate of line 2'],
  ])('refuses bad row %#', (rows, message) => {
    expect(() => readDeribitFile(file(rows))).toThrow(FileRefusal);
    expect(() => readDeribitFile(file(rows))).toThrow(message);
  });
});

const snapshot = path.resolve(
  __dirname,
  '../../../../shared/data/deribit/deribit_options_snapshot_20260105T092511Z.csv',
);
const maybe = existsSync(snapshot) ? describe : describe.skip;

maybe('Deribit snapshot of 2026-01-05 (skipped: shared data not present)', () => {
  const content = () => readMarketFiles([{ name: 'deribit.csv', bytes: readFileSync(snapshot) }]);

  it('keeps open interest and volume of every row', () => {
    const { quotes } = content();
    const counts = quotes.map(({ value }) => [value.openInterest?.toNumber(), value.volume?.toNumber()]);
    expect(counts[0]).toEqual([2.3, 0]);
    expect(counts.flat().every((count) => count !== undefined && count >= 0)).toBe(true);
  });

  it('keeps every one of the 1,286 rows', () => {
    const { instruments, quotes, underlyings, forwards, rowCount } = content();
    expect([rowCount, instruments.length, quotes.length]).toEqual([1286, 1286, 1286]);
    expect(underlyings.map(({ value }) => [value.underlyingId, value.price?.toFixed()])).toEqual([
      ['BTC', '92532.26'],
      ['ETH', '3161.42'],
    ]);
    expect(forwards).toHaveLength(24);
    expect(quotes.filter(({ value }) => value.bid === null)).toHaveLength(13);
    expect(quotes.filter(({ value }) => value.ask === null)).toHaveLength(0);
    const synthetic = quotes.filter(({ value }) => value.flags.includes('SYNTHETIC_FORWARD'));
    expect(synthetic.length).toBeGreaterThan(0);
    expect(synthetic.every(({ value }) => /-(6|7|8|23)JAN26-/.test(value.instrumentId))).toBe(true);
  });
});
