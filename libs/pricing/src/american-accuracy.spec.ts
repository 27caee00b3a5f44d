import { BOUNDARY_ACCURACY } from './american-accuracy';

describe('BOUNDARY_ACCURACY', () => {
  it('spends more on every part of the accurate mode', () => {
    const { fast, accurate } = BOUNDARY_ACCURACY;
    expect(accurate.grid.order).toBeGreaterThan(fast.grid.order);
    expect(accurate.grid.quadrature).toBeGreaterThan(fast.grid.quadrature);
    expect(accurate.rule.nodes.length).toBeGreaterThan(fast.rule.nodes.length);
    expect(accurate.tolerance).toBeLessThan(fast.tolerance);
  });
});
