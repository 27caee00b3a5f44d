// The table of codes in docs/reliability.md against the code: every code has a row, and degrades exactly where it says so.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type InstrumentQuote, parseInstant, type QuoteFlag, quoteFlags } from '@ballast/domain';
import { findDataFindings } from '@ballast/market-data';
import { option, snapshotOf, underlyingQuote } from '../support/portfolio-builder';

const text = readFileSync(path.resolve(__dirname, '../../docs/reliability.md'), 'utf8');
const section = text.slice(text.indexOf('## Codes of market data'));
const rows = [...section.matchAll(/^\| `([A-Z_]+)` +\|(.*)\|$/gm)].map(([, code = '', rest = '']) => ({
  code: code as QuoteFlag,
  cells: rest.split('|').map((cell) => cell.trim()),
}));

const quote = (flag: QuoteFlag): InstrumentQuote => ({
  instrumentId: 'C',
  bid: null,
  ask: null,
  mark: null,
  impliedVolatility: flag === 'Q_NO_QUOTE' ? null : 0.3,
  quotedAt: parseInstant('2026-01-05T00:00:00Z', 'quotedAt'),
  flags: [flag],
});

describe('codes of market data', () => {
  it('are all in the table, once', () => {
    expect(rows.map(({ code }) => code).sort()).toEqual([...quoteFlags].sort());
  });

  it.each(rows.map(({ code, cells }) => [code, cells] as const))(
    '%s degrades who holds it as the table says',
    (code, cells) => {
      const snapshot = snapshotOf({ underlyings: [underlyingQuote('U', '100')], quotes: [quote(code)] });
      const ofSnapshot = ['FX_MISSING', 'FX_TRIANGLE'].includes(code);
      const found = findDataFindings(snapshot, [option('C')]);
      expect(cells).toHaveLength(4);
      if (!ofSnapshot) expect(found.some((finding) => finding.startsWith(code))).toBe(cells[1] === 'DEGRADED');
      // The test that injects it exists and names it.
      const [, file = ''] = /`([^`]+)`/.exec(cells[3] ?? '') ?? [];
      expect(readFileSync(path.resolve(__dirname, '../..', file), 'utf8')).toContain(code);
    },
  );
});
