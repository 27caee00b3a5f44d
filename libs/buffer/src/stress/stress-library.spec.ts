import { existsSync, readFileSync } from 'node:fs';
import type { StressFigure } from './stress-figure';
import { findStressScenarios, stressLibrary } from './stress-library';
import { checkStressScenario, type StressScenario } from './stress-scenario';

const prices = '../shared/data/prices';
const maybe = existsSync(prices) ? describe : describe.skip;

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

  it('has one figure behind every move, and no figure without a move', () => {
    for (const scenario of stressLibrary) {
      const covered = figuresOf(scenario).flatMap(({ moves }) => moves);
      expect([scenario.name, [...covered].sort()]).toEqual([scenario.name, [...movesOf(scenario).keys()].sort()]);
    }
  });

  it('moves as the closes that its figures state, to the fourth digit', () => {
    for (const scenario of stressLibrary)
      for (const { moves, closes } of figuresOf(scenario)) {
        if (closes === undefined) continue;
        const { from, to } = closes;
        for (const move of moves) {
          const expected = move.endsWith('.spotBy') ? to.value - from.value : to.value / from.value - 1;
          // Half of the fourth digit, and what the subtraction costs.
          const off = Math.abs((movesOf(scenario).get(move) ?? NaN) - expected);
          expect([scenario.name, move, off <= 5.001e-5]).toEqual([scenario.name, move, true]);
        }
      }
  });

  it('calls computed only what names a file of the reference data and two closes of it', () => {
    for (const scenario of stressLibrary)
      for (const { verification, source, closes } of figuresOf(scenario)) {
        const isChecked = fileOf(source) !== undefined && closes !== undefined;
        expect([scenario.name, source, isChecked]).toEqual([scenario.name, source, verification === 'COMPUTED']);
      }
  });
});

maybe('the stress library against stored closes (skipped: shared data not present)', () => {
  const tableOf = (file: string) => {
    const [header = '', ...lines] = readFileSync(`${prices}/${file}`, 'utf8').trim().split(/\r?\n/);
    const names = header.split(',');
    return new Map(lines.map((line) => {
      const cells = line.split(',');
      return [cells[0], new Map(names.map((name, place) => [name, Number(cells[place])]))] as const;
    })); // prettier-ignore
  };
  const computed = stressLibrary.flatMap((scenario) =>
    figuresOf(scenario)
      .filter(({ verification }) => verification === 'COMPUTED')
      .map(({ what, source, closes }) => [scenario.name, what, source, closes] as const),
  );

  it.each(computed)('%s: %s', (_name, _what, source, closes) => {
    const [, file = '', column = ''] = fileOf(source) ?? [];
    const table = tableOf(file);
    for (const { date, value } of [closes?.from, closes?.to].flatMap((close) => close ?? []))
      expect([date, table.get(date)?.get(column)]).toEqual([date, value]);
  });

  it('leaves no figure merely stated that a file holds', () => {
    const dates = { S: tableOf('sp500_plus5_2012_2022.csv'), V: tableOf('vix_1990_2026.csv') } as const;
    for (const scenario of stressLibrary)
      for (const { what, verification, closes } of figuresOf(scenario)) {
        if (verification !== 'STATED' || closes === undefined || !/^(?:S&P 500|VIX) /.test(what)) continue;
        expect([what, dates[what[0] as 'S' | 'V'].has(closes.from.date)]).toEqual([what, false]);
      }
  });
});

function figuresOf({ figures }: StressScenario): readonly StressFigure[] {
  if (figures === undefined) throw new Error('a scenario of the library without figures');
  return figures;
}

function movesOf({ byClass, byUnderlying }: StressScenario): ReadonlyMap<string, number> {
  const own = Object.entries({ ...byClass, ...byUnderlying });
  return new Map(
    own.flatMap(([name, move]) => Object.entries(move).map(([part, value]) => [`${name}.${part}`, value as number])),
  );
}

function fileOf(source: string): readonly string[] | undefined {
  return /^(\w+\.csv), column (\w+)$/.exec(source) ?? undefined;
}
