import { DecimalPool } from './decimal-pool';

it('DecimalPool gives one number for the same digits, and none for none', () => {
  const pool = new DecimalPool();
  expect(pool.of('12.50')).toBe(pool.of('12.50'));
  expect([pool.of('12.50').toFixed(), pool.of('-1e3').toFixed()]).toEqual(['12.5', '-1000']);
  expect([pool.orNull(null), pool.orNull('12.50')]).toEqual([null, pool.of('12.50')]);
});
