import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { evaluatePortfolioFile, formatMarginReport } from '@ballast/file-use-cases';
import fc from 'fast-check';

const folder = path.resolve(__dirname, '../golden/portfolios');
const portfolios = readdirSync(folder)
  .filter((name) => !name.startsWith('tims-') && name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')).portfolio as unknown);

/** Places of a JSON value: the path to every member. */
function placesOf(value: unknown, prefix: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [prefix];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [prefix, ...entries.flatMap(([key, member]) => placesOf(member, [...prefix, key]))].filter(
    ({ length }) => length > 0,
  );
}

const absent = Symbol('absent');

function changedAt(root: unknown, place: readonly (string | number)[], value: unknown): unknown {
  const copy = structuredClone(root) as Record<string | number, unknown>;
  let parent = copy;
  for (const key of place.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = place.at(-1) as string | number;
  if (value === absent) delete parent[last];
  else parent[last] = value;
  return copy;
}

const hostile = fc.constantFrom<unknown>(
  absent, null, true, 0, -1, 1e308, -1e308, 1e-308, 3.3, 1e9, '', '0', '-0', '-1', '1e5', 'NaN', 'Infinity', '999999999999999999', '0.0000000001', 'X',
  [], {}, [null], { fraction: 5 }, '2026-01-05T12:00:00Z', '1900-01-01T00:00:00Z', '2199-12-31T00:00:00Z', 'USD', 'JPY', 'call', 'option', 'inverse', 'SPAN', 'bachelier', 'american-baw', 'future',
); // prettier-ignore

describe('a damaged portfolio file', () => {
  it('is answered with a typed result: evaluated, indeterminate with reasons, or rejected with a place', () => {
    const mutation = fc
      .constantFrom(...portfolios)
      .chain((portfolio) => fc.tuple(fc.constant(portfolio), fc.constantFrom(...placesOf(portfolio)), hostile));
    fc.assert(
      fc.property(mutation, ([portfolio, place, value]) => {
        const text = JSON.stringify(changedAt(portfolio, place, value));
        const result = evaluatePortfolioFile({ text, fileName: 'p.json' });
        if (result.status === 'rejected') {
          expect(result.exitCode).toBe(3);
          expect(result.message).toMatch(/^p\.json/);
          return;
        }
        const { output } = result;
        expect(formatMarginReport(output)).not.toContain('undefined');
        if (result.status === 'indeterminate') {
          expect(output.qualityReasons.length).toBeGreaterThan(0);
          expect([output.initialRequirement, output.model, output.equity, output.buffer]).toEqual([
            null,
            null,
            null,
            null,
          ]);
          return;
        }
        expect(Number(output.initialRequirement)).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(output.model?.maintenanceRequirement)).toBe(true);
        const numbers = [
          ...output.scenarios.map(({ loss }) => loss),
          ...output.contributions.flatMap(({ euler, increment }) => [euler, increment]),
          ...output.greeks.flatMap(({ delta, gamma, vega, theta, rho }) => [delta, gamma, vega, theta, rho]),
        ];
        expect(numbers.filter((number) => !Number.isFinite(number))).toEqual([]);
      }),
      { numRuns: Number(process.env['FUZZ_RUNS'] ?? 400) },
    );
  });
});
