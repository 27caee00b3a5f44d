import { parseStressScenarioFile } from './stress-scenario-file';

const classes = ['equity', 'crude-oil'];
const parse = (value: unknown) => parseStressScenarioFile(JSON.stringify(value), 's.json', classes);

describe('parseStressScenarioFile', () => {
  it('reads moves by market, beta, kind, class and underlying', () => {
    const scenario = {
      name: 'mine',
      title: 'what if',
      market: { spot: -0.1, volatility: 0.5, rate: 0.01 },
      betas: { IBM: 1.3 },
      kinds: { crypto: { spot: -0.4 } },
      classes: { 'crude-oil': { spotBy: -55.9 } },
      underlyings: { CL: { spotTo: -37.63, volatility: 1 } },
      adverse: true,
      negativePrices: 'bachelier',
      days: 2,
    };
    expect(parse([scenario])).toEqual([scenario]);
    expect(parse([{ name: 'bare' }])).toEqual([{ name: 'bare' }]);
  });

  it.each([
    ['no list', {}, 'expected a list'],
    ['no name', [{}], 'the key "name" is missing'],
    ['an unknown key', [{ name: 'x', moves: 1 }], 'unknown key'],
    ['an unknown kind', [{ name: 'x', kinds: { shares: {} } }], 'expected equity or'],
    ['an unknown class', [{ name: 'x', classes: { shares: {} } }], 'expected equity or crude-oil'],
    ['two price moves', [{ name: 'x', underlyings: { A: { spot: 1, spotTo: 2 } } }], 'one of spot, spotBy and spotTo'],
    ['an amount for the market', [{ name: 'x', market: { spotBy: 1 } }], 'unknown key'],
    ['text for a number', [{ name: 'x', betas: { A: '1' } }], 'expected a number'],
    ['time that runs back', [{ name: 'x', days: -1 }], 'at least 0'],
    ['a truth that is none', [{ name: 'x', adverse: 1 }], 'expected true or false'],
    ['moves that are a list', [{ name: 'x', underlyings: [] }], 'expected an object'],
  ])('refuses %s', (_, value, reason) => {
    expect(() => parse(value)).toThrow(reason);
  });
});
