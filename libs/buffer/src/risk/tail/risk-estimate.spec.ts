import { diversificationOf } from './risk-estimate';

describe('diversificationOf', () => {
  it('is the sum of the parts less the whole', () => {
    const parts = [3, 4].map((loss) => ({ underlyingIds: [], valueAtRisk: loss, expectedShortfall: 2 * loss }));
    expect(diversificationOf(parts, { valueAtRisk: 5, expectedShortfall: 10 })).toEqual({
      valueAtRisk: 2,
      expectedShortfall: 4,
    });
  });
});
