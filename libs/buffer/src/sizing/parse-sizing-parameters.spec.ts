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

  it('takes every published figure, and says which are the figures of a firm', () => {
    const own = {
      floorByKind: { crypto: 0.5 },
      shortfallConfidence: 0.975,
      liquidationDays: 5,
      fastDecay: 0.9,
      slowDecay: 0.98,
      volatilityShare: 0.2,
      volatilityRatioMaximum: 4,
      concentrationFree: 0.3,
      concentrationShare: 0.2,
      leverageTiers: [{ from: 2, share: 0.1 }],
      procyclicalityBuffer: 0.3,
      stressRatio: 2,
      stressWeight: 0.5,
      floorYears: 5,
      liquidity: { optionSpread: 0.1 },
    };
    const published = sizingParametersAt(asOf);
    const { source, ...found } = read(own);
    expect(found).toEqual({
      ...own,
      effectiveFrom: published.effectiveFrom,
      floorByKind: { ...published.floorByKind, crypto: 0.5 },
      liquidity: { ...published.liquidity, optionSpread: 0.1 },
    });
    expect(source).toContain('fastDecay, floorByKind crypto, floorYears, leverageTiers, liquidationDays');
    const { effectiveFrom: _, source: __, ...publishedFigures } = published;
    expect(Object.keys(own).sort()).toEqual(Object.keys(publishedFigures).sort());
  });

  it.each([
    [[], 'sizing: expected an object'],
    [{ source: 'me' }, 'sizing.source: unknown key'],
    [{ floorByKind: { coin: 0.1 } }, 'sizing.floorByKind.coin: unknown key'],
    [{ fastDecay: 0.99 }, 'sizing.fastDecay: expected a number below slowDecay 0.99, got 0.99'],
    [{ liquidationDays: 1.5 }, 'sizing.liquidationDays: expected a whole number'],
    [{ stressWeight: 1.1 }, 'sizing.stressWeight: expected a number ≤ 1'],
    [{ leverageTiers: [] }, 'sizing.leverageTiers'],
    [
      {
        leverageTiers: [
          { from: 5, share: 0.1 },
          { from: 5, share: 0.2 },
        ],
      },
      'expected tiers by rising leverage, got 5',
    ],
    [{ leverage: 1 }, 'sizing.leverage: unknown key'],
    [{ liquidity: { share: 1 } }, 'sizing.liquidity.share: unknown key'],
    [{ liquidity: { openInterestShare: 1.1 } }, 'sizing.liquidity.openInterestShare: expected a number ≤ 1, got 1.1'],
    [{ liquidity: { volumeShare: -0.1 } }, 'sizing.liquidity.volumeShare: expected a number ≥ 0'],
    [{ liquidity: { excessSpreads: '1' } }, 'sizing.liquidity.excessSpreads: expected a finite number'],
  ])('refuses %j', (value, message) => {
    expect(() => read(value)).toThrow(message);
  });
});
