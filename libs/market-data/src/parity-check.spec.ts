import { Decimal, type OptionInstrument, parseInstant } from '@ballast/domain';
import { findParityGaps } from './parity-check';

const point = (id: string, right: 'call' | 'put', volatility: number, changes: Partial<OptionInstrument> = {}) => ({
  volatility,
  option: {
    id, type: 'option', underlying: 'A', right, strike: new Decimal(100), expiry: parseInstant('2026-03-20T00:00:00Z', 'e'),
    exercise: 'european', multiplier: new Decimal(1), currency: 'USD', settlement: 'linear', premiumStyle: 'equity', ...changes,
  } as OptionInstrument,
}); // prettier-ignore

describe('findParityGaps', () => {
  it('names both contracts of a pair that disagrees', () => {
    expect([...findParityGaps([point('C', 'call', 0.3), point('P', 'put', 0.36)])]).toEqual(['P', 'C']);
  });

  it.each([
    ['a small gap', [point('C', 'call', 0.3), point('P', 'put', 0.315)]],
    ['two points of a high volatility', [point('C', 'call', 1.5), point('P', 'put', 1.54)]],
    ['other strikes', [point('C', 'call', 0.3), point('P', 'put', 0.4, { strike: new Decimal(101) })]],
    ['other underlyings', [point('C', 'call', 0.3), point('P', 'put', 0.4, { underlying: 'B' })]],
    [
      'American options',
      [point('C', 'call', 0.3, { exercise: 'american' }), point('P', 'put', 0.4, { exercise: 'american' })],
    ],
  ])('is silent about %s', (_, points) => {
    expect(findParityGaps(points).size).toBe(0);
  });
});
