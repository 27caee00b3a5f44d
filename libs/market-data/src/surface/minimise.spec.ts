import { minimiseInPlane } from './minimise';

describe('minimiseInPlane', () => {
  it('finds the bottom of a bowl', () => {
    const found = minimiseInPlane((x, y) => (x - 1) ** 2 + 10 * (y + 2) ** 2, { x: 0, y: 0 }, { x: 0.5, y: 0.5 });
    expect(found.x).toBeCloseTo(1, 6);
    expect(found.y).toBeCloseTo(-2, 6);
    expect(found.value).toBeCloseTo(0, 12);
  });

  it('follows the valley of Rosenbrock', () => {
    const found = minimiseInPlane(
      (x, y) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
      { x: -1.2, y: 1 },
      { x: 0.5, y: 0.5 },
    );
    expect(found.x).toBeCloseTo(1, 5);
    expect(found.y).toBeCloseTo(1, 5);
  });

  it('stays where the function is finite', () => {
    const found = minimiseInPlane((x, y) => (x < 0 ? Infinity : x + y * y), { x: 1, y: 1 }, { x: 0.5, y: 0.5 });
    expect(found.x).toBeGreaterThanOrEqual(0);
    expect(found.value).toBeLessThan(1e-4);
  });

  it('gives the same bits twice', () => {
    const run = () => minimiseInPlane((x, y) => x * x + Math.abs(y - 0.3), { x: 1, y: 1 }, { x: 0.1, y: 0.1 });
    expect(run()).toEqual(run());
  });
});
