import { existsSync, readFileSync } from 'node:fs';
import { findStressScenarios, stressLibrary } from './stress-library';
import { checkStressScenario, type StressScenario } from './stress-scenario';

const prices = '../shared/data/prices';
const maybe = existsSync(prices) ? describe : describe.skip;
const scenarioOf = (name: string) => findStressScenarios([name])[0] as StressScenario;

describe('the stress library', () => {
  it('names what happened, once each, with sources and moves that pass the checks', () => {
    const names = stressLibrary.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const scenario of stressLibrary) {
      expect(() => checkStressScenario(scenario, scenario.name)).not.toThrow();
      expect(scenario.sources.length).toBeGreaterThan(0);
      expect(Object.keys(scenario.byClass ?? {}).length).toBeGreaterThan(0);
    }
  });

  it('is found by name, each scenario once, all of it without one, and refuses an unknown name', () => {
    expect(findStressScenarios([])).toBe(stressLibrary);
    expect(findStressScenarios(['2018-02-05', '2018-02-05']).map(({ name }) => name)).toEqual(['2018-02-05']);
    expect(() => findStressScenarios(['1929'])).toThrow(expect.objectContaining({ code: 'INVALID_PARAMETER' }));
  });

  it('takes WTI from 18.27 to −37.63', () => {
    expect(18.27 + (scenarioOf('2020-04-20-negative-oil').byClass?.['crude-oil']?.spotBy ?? 0)).toBeCloseTo(-37.63, 10);
  });

  it('has the move of 1987: 224.84 / 282.70 and 150.19 / 36.37', () => {
    const move = scenarioOf('1987-10-19').byClass?.['equity-index'];
    expect(move?.spot).toBeCloseTo(224.84 / 282.7 - 1, 4);
    expect(move?.volatility).toBeCloseTo(150.19 / 36.37 - 1, 4);
  });
});

maybe('the stress library against stored closes (skipped: shared data not present)', () => {
  const rows = (file: string) =>
    new Map(
      readFileSync(`${prices}/${file}`, 'utf8')
        .split('\n')
        .map((line) => [line.slice(0, 10), line.split(',')] as const),
    );
  const vix = existsSync(prices) ? rows('vix_1990_2026.csv') : new Map<string, string[]>();
  const index = existsSync(prices) ? rows('sp500_plus5_2012_2022.csv') : new Map<string, string[]>();
  const change = (table: ReadonlyMap<string, readonly string[]>, from: string, to: string, column: number) =>
    Number(table.get(to)?.[column]) / Number(table.get(from)?.[column]) - 1;

  it.each([
    ['2008-10', '2008-09-12', '2008-10-10'],
    ['2011-08', '2011-07-22', '2011-08-08'],
    ['2015-08-24', '2015-08-17', '2015-08-24'],
    ['2018-02-05', '2018-02-02', '2018-02-05'],
    ['2020-03', '2020-02-19', '2020-03-23'],
    ['2020-04-20-negative-oil', '2020-04-17', '2020-04-20'],
    ['2020-03-12-crypto', '2020-03-11', '2020-03-12'],
  ])('%s moves volatility as the VIX from %s to %s', (name, from, to) => {
    expect(scenarioOf(name).byClass?.['equity-index']?.volatility).toBeCloseTo(change(vix, from, to, 4), 3);
  });

  it.each([
    ['2015-08-24', '2015-08-17', '2015-08-24'],
    ['2018-02-05', '2018-02-02', '2018-02-05'],
    ['2020-03', '2020-02-19', '2020-03-23'],
    ['2020-04-20-negative-oil', '2020-04-17', '2020-04-20'],
    ['2020-03-12-crypto', '2020-03-11', '2020-03-12'],
  ])('%s moves shares as the S&P 500 from %s to %s', (name, from, to) => {
    expect(scenarioOf(name).byClass?.['equity-index']?.spot).toBeCloseTo(change(index, from, to, 1), 3);
  });
});
