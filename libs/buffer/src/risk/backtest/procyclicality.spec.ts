import { measureProcyclicality } from './procyclicality';

describe('measureProcyclicality', () => {
  it('of 100, 80, 120, 200 is 2.5 and 150 % over two days', () => {
    expect(measureProcyclicality([100, 80, 120, 200], 2)).toEqual({ peakToTrough: 2.5, rise: 1.5, riseDays: 2 });
  });
});
