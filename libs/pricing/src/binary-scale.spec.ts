import { binaryExponent, scaleByPowerOfTwo } from './binary-scale';

describe('binary scaling', () => {
  it('multiplies by powers of two over the whole range', () => {
    expect(scaleByPowerOfTwo(1.5, 0)).toBe(1.5);
    expect(scaleByPowerOfTwo(1.5, 10)).toBe(1536);
    expect(scaleByPowerOfTwo(1.5, -1022)).toBe(1.5 * 2 ** -1022);
    expect(scaleByPowerOfTwo(1, -1074)).toBe(5e-324);
    expect(scaleByPowerOfTwo(1, 1024)).toBe(Infinity);
    expect(scaleByPowerOfTwo(2 ** -600, 1623)).toBe(2 ** 1023);
    expect(scaleByPowerOfTwo(2 ** 600, -1674)).toBe(5e-324);
    expect(scaleByPowerOfTwo(2 ** 600, -2200)).toBe(0);
  });

  it('rounds once into the subnormal range', () => {
    // Half of the last place: 1.5 goes to the even neighbour 2, the double below 1.5 to 1.
    expect(scaleByPowerOfTwo(1.5, -1074)).toBe(1e-323);
    expect(scaleByPowerOfTwo(1.4999999999999998, -1074)).toBe(5e-324);
  });

  it('reads the exponent of a normal double', () => {
    expect(binaryExponent(1)).toBe(0);
    expect(binaryExponent(1.9999999999999998)).toBe(0);
    expect(binaryExponent(0.75)).toBe(-1);
    expect(binaryExponent(2.2250738585072014e-308)).toBe(-1022);
    expect(binaryExponent(Number.MAX_VALUE)).toBe(1023);
  });
});
