import fc from 'fast-check';
import { shapleySplit } from './shapley-split';

describe('shapleySplit', () => {
  it('shares what two switches do together equally', () => {
    expect(shapleySplit(2, (mask) => [0, 1, 2, 5][mask] ?? 0)).toEqual([2, 3]);
  });

  it('adds up, gives a switch without effect nothing and an additive one its own effect', () => {
    const table = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(table, (values) => {
        const valueOf = (mask: number) => (values[mask & 31] as number) + ((mask & 64) === 0 ? 0 : 7);
        const parts = shapleySplit(7, valueOf);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(valueOf(127) - valueOf(0), 8);
        expect(parts[5]).toBeCloseTo(0, 9);
        expect(parts[6]).toBeCloseTo(7, 9);
      }),
      { seed: 2, numRuns: 50 },
    );
  });
});
