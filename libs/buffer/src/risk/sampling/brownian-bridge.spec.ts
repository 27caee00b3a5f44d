import { prepareBrownianBridge } from './brownian-bridge';

/** Covariance of the path, exactly: the path is linear in the normals, so unit vectors give its matrix. */
const covariance = (times: readonly number[]) => {
  const bridge = prepareBrownianBridge(times);
  const rows = times.map((_, place) => {
    const path = new Float64Array(times.length);
    const normals = times.map((__, index) => (index === place ? 1 : 0));
    bridge.build(normals, { offset: 0, stride: 1 }, path);
    return [...path];
  });
  return times.map((_, i) => times.map((__, j) => rows.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)));
};

describe('prepareBrownianBridge', () => {
  it.each([[[1]], [[0.5, 1]], [[0.1, 0.25, 0.3, 0.9, 1.5]], [[1, 2, 3, 4, 5, 6, 7, 8]]])(
    'has the covariance min(s, t) of Brownian motion at %j',
    (times) => {
      const found = covariance(times);
      times.forEach((s, i) => times.forEach((t, j) => expect(found[i]?.[j]).toBeCloseTo(Math.min(s, t), 12)));
    },
  );

  it('reads interleaved normals', () => {
    const path = new Float64Array(2);
    prepareBrownianBridge([1, 4]).build([9, 1, 9, 0], { offset: 1, stride: 2 }, path);
    expect([...path]).toEqual([0.5, 2]);
  });
});
