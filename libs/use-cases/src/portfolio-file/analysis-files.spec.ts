// What-if, levels and restoration of portfolio files: hand-checked numbers, refusals and texts.
import { Decimal } from '@ballast/domain';
import { formatLevelsReport, formatRestoreReport, formatWhatIfReport } from './analysis-report';
import { findLevelsOfFile } from './levels-file';
import { restoreFile } from './restore-file';
import { answerWhatIfFile, type WhatIfFileQuestion } from './what-if-file';

/** Two futures of 100 at 100 under TIMS (15 %): requirement 3,000, equity 4,000. */
const file = (changes: Record<string, unknown> = {}) =>
  JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'TIMS',
    baseCurrency: 'USD',
    cash: '4000',
    market: {
      underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
      instruments: [
        { id: 'F', type: 'future', underlying: 'U', expiry: '2026-03-19T12:00:00Z', multiplier: '100', price: '100' },
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
    positions: [{ instrument: 'F', quantity: '2' }],
    ...changes,
  });
const source = (changes?: Record<string, unknown>) => ({ text: file(changes), fileName: 'p.json' });
const whatIf = (question: Partial<WhatIfFileQuestion>, changes?: Record<string, unknown>) =>
  answerWhatIfFile({ ...source(changes), question: { trades: [], cash: [], shift: {}, ...question } });
const costs = { halfSpread: 0, feePerContract: new Decimal('2.5') };

describe('answerWhatIfFile', () => {
  it('sells one of two futures and lets the price fall by 10 %', () => {
    const trades = [{ instrumentId: 'F', quantity: new Decimal(-1), price: new Decimal(101) }];
    const result = whatIf({ trades, shift: { spot: -0.1 } });
    if (result.status === 'rejected') throw new Error(result.message);
    const { before, after, change, affordableQuantity } = result.output;
    expect([before.equity, before.buffer, before.status]).toEqual(['4000.00', '1000.00', 'HEALTHY']);
    // two lots: 2 lose 2,000, the sold one gains 100 · (101 − 90) = 1,100
    expect([after.equity, after.maintenanceRequirement, change.equity]).toEqual(['3100.00', '1350.00', '-900.00']);
    // short n − 2 at 101: 4,000 + 100 n ≥ 1,500 (n − 2)
    expect(affordableQuantity).toBe('-5');
    expect(formatWhatIfReport(result.output)).toContain('Largest affordable quantity: -5');
  });

  it('exits 5 when a contract has no price, 3 when the question is impossible', () => {
    const unpriced = { positions: [{ instrument: 'C', quantity: '1' }] };
    expect(whatIf({}, unpriced)).toMatchObject({
      status: 'indeterminate',
      exitCode: 5,
      output: { change: { equity: null } },
    });
    expect(whatIf({ trades: [{ instrumentId: 'C', quantity: new Decimal(1) }] })).toMatchObject({
      exitCode: 3,
      code: 'PRICE_MISSING',
    });
    expect(whatIf({ trades: [{ instrumentId: 'X', quantity: new Decimal(1) }] })).toMatchObject({
      code: 'INSTRUMENT_UNKNOWN',
    });
    expect(whatIf({ shift: { spot: -2 } })).toMatchObject({ exitCode: 3, code: 'INVALID_MARKET_DATA' });
  });
});

describe('findLevelsOfFile', () => {
  it('finds where 4,000 + 200 (S − 100) = 30 S: S = 16,000/170', () => {
    const result = findLevelsOfFile(source());
    if (result.status === 'rejected') throw new Error(result.message);
    const { levels, market, volatility } = result.output;
    expect(levels).toHaveLength(1);
    expect(levels[0]).toMatchObject({
      underlying: 'U',
      price: '100',
      upper: null,
      lower: { shortfall: 'BELOW', jump: false },
    });
    expect(Number(levels[0]?.lower?.price)).toBeCloseTo(16000 / 170, 9);
    expect(market?.lower?.move).toBeCloseTo(16000 / 17000 - 1, 12);
    expect(volatility).toMatchObject({ lower: null, upper: null });
    expect(formatLevelsReport(result.output)).toContain('94.1176 (-5.88 %)');
  });

  it('exits 5 with neither levels nor amounts when a contract has no price', () => {
    const result = findLevelsOfFile(source({ positions: [{ instrument: 'C', quantity: '1' }] }));
    expect(result).toMatchObject({ exitCode: 5, output: { levels: [], market: null, equity: null } });
  });
});

describe('restoreFile', () => {
  it('needs 3,600 − 1,500 = 2,100.00, or closes both futures: one left needs 1,800 of 1,497.50', () => {
    const result = restoreFile({ ...source({ cash: '1500' }), question: { target: 'CALL', hedges: [], costs } });
    if (result.status === 'rejected') throw new Error(result.message);
    expect(result.output).toMatchObject({
      level: '3600.00',
      deposit: '2100.00',
      cost: '5.00',
      optimal: true,
      costLowerBound: '5.00',
    });
    expect(result.output.trades).toEqual([
      { instrument: 'F', quantity: '-2', price: '100', cash: '-5.00', currency: 'USD' },
    ]);
    expect(result.output.after).toMatchObject({ status: 'HEALTHY', equity: '1495.00' });
    expect(formatRestoreReport(result.output)).toContain('no cheaper set exists');
  });

  it('refuses a hedge that the file does not list', () => {
    const hedges = [{ instrumentId: 'X', maximum: 1 }];
    expect(restoreFile({ ...source(), question: { target: 'CALL', hedges, costs } })).toMatchObject({
      code: 'INSTRUMENT_UNKNOWN',
    });
  });
});
