import { boundaryGrid } from './american-boundary-grid';

describe('boundaryGrid', () => {
  const grid = boundaryGrid(8, 10);

  it('splits the life at every quadrature point', () => {
    grid.sines.forEach((sine, k) => expect(sine ** 2 + grid.cosines[k]! ** 2).toBeCloseTo(1, 15));
  });

  it('integrates over the life, square roots at both ends included', () => {
    const integral = (f: (s: number) => number) =>
      grid.weights.reduce((sum, w, k) => sum + w * f(grid.sines[k]! ** 2), 0);
    expect(integral(() => 1)).toBeCloseTo(1, 9);
    expect(integral((s) => Math.sqrt(s))).toBeCloseTo(2 / 3, 9);
    expect(integral((s) => Math.sqrt(1 - s))).toBeCloseTo(2 / 3, 9);
    expect(integral((s) => 1 / Math.sqrt(s))).toBeCloseTo(2, 9);
  });

  it('interpolates a curve that is zero at expiry', () => {
    const curve = (root: number) => root ** 2 - 0.3 * root ** 5;
    const values = grid.roots.map(curve);
    for (let i = 0; i < grid.order; i++) {
      for (let k = 0; k < grid.quadrature; k++) {
        const at = (i * grid.quadrature + k) * grid.order;
        const value = values.reduce((sum, known, j) => sum + grid.interpolation[at + j]! * known, 0);
        expect(value).toBeCloseTo(curve(grid.roots[i]! * grid.cosines[k]!), 14);
      }
    }
  });

  it.each([
    [4, 10, 'order', 4],
    [7, 10, 'order', 7],
    [12, 12, 'order', 12],
    [8.5, 12, 'order', 8.5],
    [NaN, 12, 'order', NaN],
    [512, 12, 'order', 512],
    [8, 7, 'quadrature', 7],
    [8, 8.5, 'quadrature', 8.5],
    [8, Infinity, 'quadrature', Infinity],
  ])('refuses a grid too coarse to be trusted: %p × %p', (order, quadrature, field, value) => {
    const bad = () => boundaryGrid(order, quadrature);
    expect(bad).toThrow(expect.objectContaining({ code: 'INVALID_PRICING_INPUT', field, value }));
  });
});
