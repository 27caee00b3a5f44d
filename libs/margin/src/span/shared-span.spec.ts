import { isOfSizes } from './shared-span';

describe('isOfSizes', () => {
  const entry = { sizes: { future: 50, delta: 50 } };

  it('accepts an entry made for the same sizes only', () => {
    expect(isOfSizes(entry, { future: 50, delta: 50 })).toBe(true);
    expect(isOfSizes(entry, { future: 1, delta: 50 })).toBe(false);
    expect(isOfSizes(entry, { future: 50, delta: 1000 })).toBe(false);
  });
});
