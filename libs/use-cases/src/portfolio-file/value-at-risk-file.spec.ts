// Value at risk of portfolio files: hand-checked numbers, refusals and text.
import { reportColumns, reportNumber, reportPercent, reportSections } from './report-lines';
import { formatValueAtRiskReport } from './risk-report';
import { estimateRiskOfFile } from './value-at-risk-file';

const file = (positions: readonly unknown[], changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'TIMS',
    baseCurrency: 'USD',
    cash: '4000',
    market: {
      underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
      instruments: [
        { id: 'S', type: 'underlying', underlying: 'U', multiplier: '1', price: '100' },
        {
          id: 'C',
          type: 'option',
          underlying: 'U',
          right: 'call',
          strike: '100',
          expiry: '2026-03-19T12:00:00Z',
          multiplier: '100',
        },
      ],
    },
    positions,
    ...changes,
  });
/** Prices that fall by 1 % and rise back in turn. */
const prices = (header: string, days = 40) => ({
  name: 'h.csv',
  bytes: new TextEncoder().encode(
    `${header}\n${Array.from({ length: days }, (_, day) => `2025-${String(1 + Math.floor(day / 28)).padStart(2, '0')}-${String(1 + (day % 28)).padStart(2, '0')},${day % 2 === 0 ? 100 : 99}`).join('\n')}\n`,
  ),
});
const ask = (positions: readonly unknown[], header = 'Date,U') =>
  estimateRiskOfFile({
    text: file(positions),
    fileName: 'p.json',
    prices: prices(header),
    question: { method: 'HISTORICAL', confidence: 0.9 },
  });

describe('estimateRiskOfFile', () => {
  it('of 10 shares at 100 that fall by 1 % every other day is 10', () => {
    const result = ask([{ instrument: 'S', quantity: '10' }]);
    if (result.status === 'rejected') throw new Error(result.message);
    expect(result.output.valueAtRisk).toBeCloseTo(10, 9);
    expect(result.output.expectedShortfall).toBeCloseTo(10, 9);
    expect(result.output.window).toEqual({ from: '2025-01-01', to: '2025-02-12', returns: 39 });
    const text = formatValueAtRiskReport(result.output);
    expect(text).toContain('Loss over 1 day at 90.00 %, historical simulation, in USD');
    expect(text).toMatch(/Account +10\.00 +10\.00/);
    expect(text).toContain("days before the account's 2026-01-05");
  });

  it('is 0 for cash, unknown for a contract without a price, and refuses a missing history', () => {
    expect(ask([])).toMatchObject({ exitCode: 0, output: { valueAtRisk: 0, window: null } });
    expect(ask([{ instrument: 'C', quantity: '1' }])).toMatchObject({ exitCode: 5, output: { valueAtRisk: null } });
    expect(ask([{ instrument: 'S', quantity: '1' }], 'date,X')).toMatchObject({ exitCode: 3, code: 'PRICE_MISSING' });
    expect(ask([{ instrument: 'S', quantity: '1' }], 'day,U')).toMatchObject({ exitCode: 3, code: 'INVALID_FILE' });
  });
});

describe('report lines', () => {
  it('aligns, separates and rounds', () => {
    expect(
      reportColumns([
        ['a', '1'],
        ['bb', '22'],
      ]),
    ).toEqual(['a    1', 'bb  22']);
    expect(reportSections([['a'], [], ['b']])).toBe('a\n\nb\n');
    expect([reportNumber(-1234567.891), reportNumber(null), reportNumber(12, 0)]).toEqual(['-1,234,567.89', '—', '12']);
    expect(reportPercent(0.01234)).toBe('1.23 %');
  });
});
