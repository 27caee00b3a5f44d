import { Decimal, type FxRate } from '@ballast/domain';
import { findFxTriangles } from './fx-check';

const rate = (from: string, to: string, value: string): FxRate => ({ from, to, rate: new Decimal(value) });

describe('findFxTriangles', () => {
  it('is silent about rates that fit', () => {
    expect(
      findFxTriangles([rate('EUR', 'USD', '1.1'), rate('GBP', 'USD', '1.32'), rate('EUR', 'GBP', '0.8345')]),
    ).toEqual([]);
    expect(findFxTriangles([rate('EUR', 'USD', '1.1'), rate('GBP', 'USD', '1.32')])).toEqual([]);
    expect(findFxTriangles([])).toEqual([]);
  });

  it('names every rate of a triangle that does not fit', () => {
    const found = findFxTriangles([rate('EUR', 'USD', '1.1'), rate('GBP', 'USD', '1.32'), rate('EUR', 'GBP', '0.84')]);
    expect(found.map(({ from, via, to }) => `${from} ${via} ${to}`)).toEqual([
      'EUR GBP USD',
      'GBP EUR USD',
      'EUR USD GBP',
    ]);
    expect(found[0]?.difference).toBeCloseTo((0.84 * 1.32) / 1.1 - 1, 12);
  });
});
