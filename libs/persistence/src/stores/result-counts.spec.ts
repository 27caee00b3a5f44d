import { countResults } from './result-counts';

describe('countResults', () => {
  it('counts accounts by the quality of their answer', () => {
    const results = (['OK', 'INDETERMINATE', 'DEGRADED', 'DEGRADED', 'HELD'] as const).map((quality) => ({ quality }));
    expect(countResults(results)).toEqual({ done: 5, indeterminate: 1, degraded: 2, held: 1 });
  });
});
