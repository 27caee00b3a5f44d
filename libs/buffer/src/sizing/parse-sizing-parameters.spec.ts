import { parseInstant } from '@ballast/domain';
import { parseSizingParameters } from './parse-sizing-parameters';
import { sizingParametersAt } from './sizing-parameter-sets';

const asOf = parseInstant('2026-01-05T12:00:00Z', 'asOf');
const read = (value: unknown) => parseSizingParameters(value, 'sizing', asOf);

describe('parseSizingParameters', () => {
  it('overrides key by key and names its own figures', () => {
    const published = sizingParametersAt(asOf);
    expect(read(undefined)).toBe(published);
    expect(read({ liquidity: {} })).toBe(published);
    const own = read({ liquidity: { excessSpreads: 4 } });
    expect(own.liquidity).toEqual({ ...published.liquidity, excessSpreads: 4 });
    expect(own.source).toBe(`${published.source}; the firm's own: liquidity excessSpreads`);
    expect({ ...own, liquidity: 0, source: 0 }).toEqual({ ...published, liquidity: 0, source: 0 });
  });

  it.each([
    [[], 'sizing: expected an object'],
    [{ leverage: 1 }, 'sizing.leverage: unknown key'],
    [{ liquidity: { share: 1 } }, 'sizing.liquidity.share: unknown key'],
    [{ liquidity: { openInterestShare: 1.1 } }, 'sizing.liquidity.openInterestShare: expected a number ≤ 1, got 1.1'],
    [{ liquidity: { volumeShare: -0.1 } }, 'sizing.liquidity.volumeShare: expected a number ≥ 0'],
    [{ liquidity: { excessSpreads: '1' } }, 'sizing.liquidity.excessSpreads: expected a finite number'],
  ])('refuses %j', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
