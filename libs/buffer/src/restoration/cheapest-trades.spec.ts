import fc from 'fast-check';
import { findCheapestTrades } from './cheapest-trades';
import { costOf } from './trade-search';

/** Slack of a requirement that is the worst of three scenarios, linear in the trades, so that bounds are known. */
const book = fc.record({
  shortfall: fc.integer({ min: 1, max: 60 }),
  costs: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 3 }),
  maxima: fc.array(fc.constantFrom<number[]>(1, 2, 3, 4, 2.5), { minLength: 3, maxLength: 3 }),
  relief: fc.array(fc.array(fc.integer({ min: -9, max: 15 }), { minLength: 3, maxLength: 3 }), {
    minLength: 3,
    maxLength: 3,
  }),
});

type Book = typeof book extends fc.Arbitrary<infer Value> ? Value : never;

function searchOf({ shortfall, costs, maxima, relief }: Book, bounded: boolean, budget = 100_000) {
  const moves = costs.map((cost, index) => ({
    maximum: maxima[index] as number,
    cost,
    ...(bounded ? { reliefBound: Math.max(0, ...relief.map((row) => row[index] as number)) } : {}),
  }));
  const slackOf = (counts: readonly number[]) =>
    Math.min(
      ...relief.map((row) =>
        row.reduce(
          (sum, gain, index) => sum + gain * Math.min(counts[index] as number, maxima[index] as number),
          -shortfall,
        ),
      ),
    );
  return { moves, slackOf, isCompliant: (counts: readonly number[]) => slackOf(counts) >= 0, budget };
}

function bruteForce(search: ReturnType<typeof searchOf>): number {
  let best = Infinity;
  const [first = 0, second = 0, third = 0] = search.moves.map(({ maximum }) => Math.ceil(maximum));
  for (let a = 0; a <= first; a += 1)
    for (let b = 0; b <= second; b += 1)
      for (let c = 0; c <= third; c += 1)
        if (search.slackOf([a, b, c]) >= 0) best = Math.min(best, costOf(search.moves, [a, b, c]));
  return best;
}

describe.each([true, false])('findCheapestTrades, with relief bounds: %s', (bounded) => {
  it('costs what trying all sets finds, and finds none where there is none', () => {
    fc.assert(
      fc.property(book, (given) => {
        const search = searchOf(given, bounded);
        const found = findCheapestTrades(search);
        const best = bruteForce(search);
        expect(found.optimal).toBe(true);
        expect(found.counts === null ? Infinity : found.cost).toBeCloseTo(best, 9);
        if (found.counts !== null) expect(search.slackOf(found.counts)).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 300, seed: 17 },
    );
  });
});

describe('findCheapestTrades', () => {
  const wide: Book = {
    shortfall: 100,
    costs: [3, 4, 5],
    maxima: [60, 60, 60],
    relief: [
      [2, 3, 4],
      [3, 2, 4],
      [2, 2, 5],
    ],
  };

  it('settles for the greedy set when the budget ends, and says how much cheaper it could be', () => {
    const rough = findCheapestTrades(searchOf(wide, false, 50));
    const exact = findCheapestTrades(searchOf(wide, true));
    expect(rough.optimal).toBe(false);
    expect(rough.looked).toBe(50);
    expect(rough.costLowerBound).toBeLessThanOrEqual(exact.cost);
    expect(rough.cost).toBeGreaterThanOrEqual(exact.cost);
  });

  it('looks at fewer sets with bounds than without', () => {
    const [bounded, unbounded] = [findCheapestTrades(searchOf(wide, true)), findCheapestTrades(searchOf(wide, false))];
    expect(bounded.cost).toBe(unbounded.cost);
    expect(bounded.looked).toBeLessThan(unbounded.looked);
  });
});
