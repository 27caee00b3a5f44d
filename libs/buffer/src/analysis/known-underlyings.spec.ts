import { requireKnownUnderlyings } from './known-underlyings';

const ask = (names: readonly string[], known: readonly string[]) =>
  requireKnownUnderlyings({ field: 'betas', byName: Object.fromEntries(names.map((name) => [name, 1])) }, known);

describe('requireKnownUnderlyings', () => {
  it('names field, value and what there is', () => {
    expect(() => ask(['A', 'SPZ'], ['A', 'SPX'])).toThrow(
      expect.objectContaining({
        code: 'INVALID_PARAMETER',
        field: 'betas',
        message: 'betas: SPZ is no underlying that this account depends on (A, SPX)',
      }),
    );
    expect(() => ask(['A'], [])).toThrow('A is no underlying that this account depends on (it has none)');
    const many = Array.from({ length: 22 }, (_, index) => `U${index}`);
    expect(() => ask(['X'], many)).toThrow('U19 and 2 more)');
  });

  it('takes known names, some or none, and no name of the language', () => {
    expect(() => ask(['B'], ['A', 'B'])).not.toThrow();
    expect(() => ask([], [])).not.toThrow();
    expect(() => ask(['constructor'], ['A'])).toThrow('constructor');
  });
});
