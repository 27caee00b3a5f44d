import { signedPercent } from './signed-percent';

describe('signedPercent', () => {
  it.each([
    [0.15, '+15 %'],
    [-0.15, '−15 %'],
    [-0.2 / 3, '−6.67 %'],
    [0, '0 %'],
    [-0.00001, '0 %'],
    [5, '+500 %'],
  ])('writes %d as %s', (fraction, text) => {
    expect(signedPercent(fraction)).toBe(text);
  });
});
