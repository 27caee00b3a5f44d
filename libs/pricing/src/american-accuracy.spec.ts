import { BOUNDARY_ACCURACY } from './american-accuracy';

describe('BOUNDARY_ACCURACY', () => {
  it('spends more on every part of the accurate mode', () => {
    const { fast, accurate, wide } = BOUNDARY_ACCURACY;
    for (const [more, less] of [
      [accurate, fast],
      [wide, accurate],
    ] as const) {
      expect(more.grid.order).toBeGreaterThan(less.grid.order);
      expect(more.grid.quadrature).toBeGreaterThan(less.grid.quadrature);
      expect(more.rule.nodes.length).toBeGreaterThanOrEqual(more.grid.order);
      expect(more.tolerance).toBeLessThanOrEqual(less.tolerance);
    }
  });
});
