import { chargeOfBuckets } from './sensitivity-charge';

it('adds the residual bucket on top of the correlated ones', () => {
  const charge = chargeOfBuckets(
    [
      { bucket: '1', risk: 3, net: 3 },
      { bucket: '2', risk: 4, net: 4 },
      { bucket: 'Residual', risk: 10, net: -10 },
    ],
    () => 0,
  );
  expect(charge.total).toBe(15);
  expect(charge.buckets.map(({ amount }) => amount)).toEqual([3, 4, 10]);
});
