// Breach probability of portfolio files: the closed form, refusals and text.
import { lognormalTouchProbability } from '@ballast/buffer';
import { estimateBreachOfFile, formatBreachReport } from './breach-file';

const file = (price: string | undefined) =>
  JSON.stringify({
    asOf: '2026-01-05T12:00:00Z',
    methodology: 'TIMS',
    baseCurrency: 'USD',
    cash: '2500',
    market: {
      underlyings: [{ id: 'U', kind: 'equity', currency: 'USD', price: '100' }],
      instruments: [
        { id: 'F', type: 'future', underlying: 'U', expiry: '2026-06-18T12:00:00Z', multiplier: '100', price: '100' },
        {
          id: 'C',
          type: 'option',
          underlying: 'U',
          right: 'call',
          strike: '100',
          expiry: '2026-06-18T12:00:00Z',
          multiplier: '100',
          ...(price === undefined ? {} : { price }),
        },
      ],
    },
    positions: [
      { instrument: 'F', quantity: '1' },
      ...(price === undefined ? [{ instrument: 'C', quantity: '1' }] : []),
    ],
  });
const ask = (price: string | undefined, volatilities: Record<string, number>) =>
  estimateBreachOfFile({ text: file(price), fileName: 'p.json', question: { volatilities, paths: 256, steps: 5 } });

describe('estimateBreachOfFile', () => {
  it('of a future with 2,500 is the first passage to 7,500/85', () => {
    const result = ask('5', { U: 0.4 });
    if (result.status === 'rejected') throw new Error(result.message);
    const closed = lognormalTouchProbability({ price: 100, level: 7500 / 85, volatility: 0.4, years: 10 / 252 });
    expect(Math.abs((result.output.probability ?? NaN) - closed)).toBeLessThan(0.005);
    expect(result.output.buffer).toBeCloseTo(1000, 8);
    expect(formatBreachReport(result.output)).toContain('buffer of 1,000.00 USD is exhausted within 10 days');
  });

  it('exits 5 without a price, 3 without a volatility', () => {
    const unknown = ask(undefined, { U: 0.4 });
    expect(unknown).toMatchObject({ exitCode: 5, output: { probability: null, quality: 'INDETERMINATE' } });
    if (unknown.status !== 'rejected') expect(formatBreachReport(unknown.output)).toContain('cannot be valued');
    expect(ask('5', {})).toMatchObject({ exitCode: 3, code: 'PRICE_MISSING' });
  });
});
