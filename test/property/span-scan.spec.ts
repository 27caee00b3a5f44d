import { Decimal } from '@ballast/domain';
import { computeSpanFigures, type SpanBook, spanParameterSets } from '@ballast/margin';
import fc from 'fast-check';
import {
  bookArbitrary,
  contracts,
  maintenanceOf,
  negated,
  netRequirementOf,
  optionsOfChain,
  requirementOf,
  scaled,
} from '../support/span-book-arbitrary';
import { position } from '../support/portfolio-builder';

const runs = { numRuns: 100 };
const withMinimum = { default: { shortOptionMinimum: { rate: 25, method: 'gross' } } };
/** Sums of a few thousand in float64. */
const tolerance = 1e-6;
const scanAndMinimum = [{}, withMinimum] as const;

describe('the scan layer', () => {
  it('INV-01 is never negative, and 0 for nothing; INV-02 is finite', () => {
    fc.assert(
      fc.property(bookArbitrary, (book) => {
        const { model, quality } = requirementOf(book);
        expect(quality).toBe('OK');
        expect(model?.maintenanceRequirement).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(model?.maintenanceRequirement)).toBe(true);
      }),
      runs,
    );
    expect(maintenanceOf([])).toBe(0);
  });

  it.each(scanAndMinimum)('INV-03 is sub-additive, with and without the minimum (%j)', (parameters) => {
    fc.assert(
      fc.property(bookArbitrary, bookArbitrary, (left, right) => {
        const together = maintenanceOf([...left, ...right], parameters);
        expect(together).toBeLessThanOrEqual(
          maintenanceOf(left, parameters) + maintenanceOf(right, parameters) + tolerance,
        );
      }),
      runs,
    );
  });

  it.each(scanAndMinimum)('INV-04 scales with the book (%j)', (parameters) => {
    fc.assert(
      fc.property(bookArbitrary, fc.integer({ min: 0, max: 50 }), (book, factor) => {
        const expected = factor * maintenanceOf(book, parameters);
        expect(Math.abs(maintenanceOf(scaled(book, factor), parameters) - expected)).toBeLessThanOrEqual(
          1e-9 * (1 + expected),
        );
      }),
      runs,
    );
  });

  it('INV-05 closes out to exactly 0', () => {
    fc.assert(
      fc.property(bookArbitrary, (book) => {
        expect(maintenanceOf([...book, ...negated(book)], withMinimum)).toBe(0);
      }),
      runs,
    );
  });

  it('INV-06 is the same to the bit in any order of rows', () => {
    fc.assert(
      fc.property(
        bookArbitrary.chain((book) =>
          fc.tuple(fc.constant(book), fc.shuffledSubarray(book, { minLength: book.length })),
        ),
        ([book, shuffled]) => {
          expect(requirementOf(shuffled, withMinimum)).toEqual(requirementOf(book, withMinimum));
        },
      ),
      runs,
    );
  });

  it('INV-07 is the same to the bit however lots are split, in tenths too', () => {
    fc.assert(
      fc.property(bookArbitrary, fc.integer({ min: -50, max: 50 }), (book, tenths) => {
        const split = book.flatMap((row) => [
          { ...row, quantity: new Decimal(tenths).div(10) },
          { ...row, quantity: row.quantity.minus(new Decimal(tenths).div(10)) },
        ]);
        expect(requirementOf(split, withMinimum)).toEqual(requirementOf(book, withMinimum));
      }),
      runs,
    );
  });

  it('INV-10 never falls when scenarios are added', () => {
    const { scenarios, commodity } = spanParameterSets[0]!.values;
    const arrays = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 16, maxLength: 16 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(
        arrays,
        fc.integer({ min: 1, max: 15 }),
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 }),
        (losses, kept, held) => {
          const book = (count: number): SpanBook => ({
            scenarios: scenarios.slice(0, count),
            intercommodity: [],
            commodities: [
              {
                id: 'U',
                parameters: commodity,
                rateToBase: 1,
                spot: null,
                priceMove: null,
                scanRangePerDelta: 0,
                contracts: losses.map((row, index) => ({
                  instrumentId: `${index}`,
                  losses: Float64Array.from(row.slice(0, count)),
                  delta: 0,
                  month: '2026-01',
                  right: null,
                  notional: 0,
                })),
              },
            ],
          });
          const quantities = Float64Array.from(losses, (_, index) => held[index] ?? 0);
          expect(computeSpanFigures(book(16), quantities).maintenance).toBeGreaterThanOrEqual(
            computeSpanFigures(book(kept), quantities).maintenance,
          );
        },
      ),
      runs,
    );
  });

  it('INV-16 mirrors for a position without options: L(+m) = −L(−m)', () => {
    fc.assert(
      fc.property(fc.integer({ min: -50, max: 50 }), (quantity) => {
        const { scenarios } = requirementOf([position(contracts.at(-1)!, quantity)]);
        for (const [up, down] of [
          [3, 5],
          [7, 9],
          [11, 13],
          [15, 16],
        ] as const)
          expect((scenarios[up - 1]?.loss ?? 0) + (scenarios[down - 1]?.loss ?? 0)).toBeCloseTo(0, 9);
      }),
      runs,
    );
  });
});

describe('requirement less net option value, at the scan and minimum layer', () => {
  const oneOption = fc.record({
    instrument: fc.constantFrom(...optionsOfChain),
    quantity: fc.integer({ min: 1, max: 20 }),
  });

  it('INV-08 never rises with a long option', () => {
    fc.assert(
      fc.property(bookArbitrary, oneOption, (book, { instrument, quantity }) => {
        const after = netRequirementOf([...book, position(instrument, quantity)], withMinimum);
        expect(after).toBeLessThanOrEqual(netRequirementOf(book, withMinimum) + tolerance);
      }),
      runs,
    );
  });

  it('INV-09 never falls with a short option', () => {
    fc.assert(
      fc.property(bookArbitrary, oneOption, (book, { instrument, quantity }) => {
        const after = netRequirementOf([...book, position(instrument, -quantity)], withMinimum);
        expect(after).toBeGreaterThanOrEqual(netRequirementOf(book, withMinimum) - tolerance);
      }),
      runs,
    );
  });
});
