import { apartAndWhole } from '../../../../test/support/requirement-parts';

describe('takeSpanApart', () => {
  it.each([1, 2, 3])('nets the parts of random book %i to the requirement in one piece', (seed) => {
    const { whole, combined } = apartAndWhole('SPAN', seed);
    expect(whole).toBeGreaterThan(0);
    expect(Math.abs(combined - whole)).toBeLessThanOrEqual(1e-12 * whole);
  });

  it('finds the figures of an underlying in an account that holds nothing else', () => {
    const { parts, alone } = apartAndWhole('SPAN', 4);
    expect(alone.map(({ underlying }) => underlying)).toEqual(parts.map(({ underlying }) => underlying));
    parts.forEach(({ figures }, index) => expect([...(alone[index]?.figures ?? [])]).toEqual([...figures]));
  });
});
