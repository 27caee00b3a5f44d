import { finish } from '../risk/steps';
import { rayGrid, searchRay } from './search-ray';

describe('searchRay', () => {
  it('finds the first point at which the buffer is gone', () => {
    expect(finish(searchRay((x) => 2.3 - x))).toBeCloseTo(2.3, 12);
    expect(finish(searchRay((x) => (x - 3.1) * (x - 5.7)))).toBeCloseTo(3.1, 12);
    expect(finish(searchRay((x) => 37.77 - x))).toBeCloseTo(37.77, 10);
  });

  it('ends where the buffer lasts, has no value, or is gone too far away', () => {
    expect(finish(searchRay((x) => 41 - x))).toBeNull();
    expect(finish(searchRay((x) => (x > 2 ? null : 2.3 - x)))).toBeNull();
    expect(finish(searchRay((x) => 2.3 - x, 2.2))).toBeNull();
    expect(finish(searchRay((x) => 2.3 - x, 2.35))).toBeCloseTo(2.3, 12);
  });

  it('looks at ascending distances up to 40', () => {
    expect(rayGrid).toEqual([...rayGrid].sort((left, right) => left - right));
    expect([rayGrid[0], rayGrid.length, rayGrid.at(-1)]).toEqual([0.25, 44, 40]);
  });
});
