// Invariants that every methodology owes a book, whatever its parameters (reliability: INV-05 to INV-07, breakdown, shares).
import { Decimal, type MarketSnapshot, type Methodology } from '@ballast/domain';
import { computeRequirement, type MarginRequirement, type PortfolioPosition } from '@ballast/margin';
import fc from 'fast-check';
import { portfolioOf } from './portfolio-builder';

/** One methodology with a market and parameters, as a function of the book. */
export interface MarginCase {
  readonly methodology: Methodology;
  readonly baseCurrency: string;
  readonly snapshot: MarketSnapshot;
  readonly parameters: unknown;
  readonly instruments: readonly PortfolioPosition['instrument'][];
}

export function requirementOf(own: MarginCase, positions: readonly PortfolioPosition[]): MarginRequirement {
  const { methodology, baseCurrency, snapshot, parameters } = own;
  return computeRequirement({ portfolio: portfolioOf(positions, { methodology, baseCurrency }), snapshot, parameters });
}

/** Maintenance requirement before rounding. */
export function maintenanceOf(own: MarginCase, positions: readonly PortfolioPosition[]): number {
  return requirementOf(own, positions).model?.maintenanceRequirement ?? NaN;
}

/** Books of up to eight positions, quantities in tenths. */
export function bookArbitrary(own: MarginCase): fc.Arbitrary<readonly PortfolioPosition[]> {
  const position = fc.record({
    instrument: fc.constantFrom(...own.instruments),
    tenths: fc.integer({ min: -500, max: 500 }).filter((tenths) => tenths !== 0),
  });
  return fc
    .array(position, { minLength: 1, maxLength: 8 })
    .map((rows) => rows.map(({ instrument, tenths }) => ({ instrument, quantity: new Decimal(tenths).div(10) })));
}

/** Negated book. */
export function opposite(positions: readonly PortfolioPosition[]): readonly PortfolioPosition[] {
  return positions.map((position) => ({ ...position, quantity: position.quantity.negated() }));
}

/** Book times a whole number. */
export function times(positions: readonly PortfolioPosition[], factor: number): readonly PortfolioPosition[] {
  return positions.map((position) => ({ ...position, quantity: position.quantity.times(factor) }));
}

/** Registers the properties that hold exactly for every methodology. */
export function itKeepsExactInvariants(own: MarginCase, runs = 25): void {
  const books = bookArbitrary(own);

  it('does not depend on the order of positions, to the last bit', () => {
    fc.assert(
      fc.property(books, fc.infiniteStream(fc.nat()), (positions, keys) => {
        const shuffled = positions
          .map((position) => ({ position, key: keys.next().value as number }))
          .sort((first, second) => first.key - second.key)
          .map(({ position }) => position);
        expect(requirementOf(own, shuffled)).toEqual(requirementOf(own, positions));
      }),
      { numRuns: runs },
    );
  });

  it('does not depend on how lots are split, to the last bit', () => {
    fc.assert(
      fc.property(books, fc.integer({ min: -400, max: 400 }), (positions, tenths) => {
        const part = new Decimal(tenths).div(10);
        const split = positions.flatMap((position) => [
          { ...position, quantity: part },
          { ...position, quantity: position.quantity.minus(part) },
        ]);
        expect(requirementOf(own, split)).toEqual(requirementOf(own, positions));
      }),
      { numRuns: runs },
    );
  });

  it('asks nothing of a book against its opposite', () => {
    fc.assert(
      fc.property(books, (positions) => {
        const closed = requirementOf(own, [...positions, ...opposite(positions)]);
        expect(closed.initialRequirement?.amount.toFixed()).toBe('0');
        expect(closed.maintenanceRequirement?.amount.toFixed()).toBe('0');
        expect(closed.contributions).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it('explains every parent by its children exactly, and the requirement by its positions', () => {
    fc.assert(
      fc.property(books, (positions) => {
        const result = requirementOf(own, positions);
        for (const parent of result.breakdown) {
          const children = result.breakdown.filter(({ parentId }) => parentId === parent.id);
          if (children.length === 0) continue;
          const sum = children.reduce((total, { amount }) => total.plus(amount.amount), new Decimal(0));
          expect(sum.toFixed()).toBe(parent.amount.amount.toFixed());
        }
        const root = result.breakdown.find(({ kind }) => kind === 'requirement');
        expect(root?.amount).toEqual(result.initialRequirement);
        const shares = result.contributions.reduce((sum, { euler }) => sum + euler, 0);
        const total = result.model?.maintenanceRequirement ?? NaN;
        expect(Math.abs(shares - total)).toBeLessThanOrEqual(1e-12 * Math.max(1, total));
      }),
      { numRuns: runs },
    );
  });

  it('rounds up by less than one minor unit', () => {
    fc.assert(
      fc.property(books, (positions) => {
        const { model, maintenanceRequirement, initialRequirement } = requirementOf(own, positions);
        const unit = maintenanceRequirement?.currency === 'USD' ? 0.01 : 1e-8;
        for (const [rounded, exact] of [
          [maintenanceRequirement, model?.maintenanceRequirement],
          [initialRequirement, model?.initialRequirement],
        ] as const) {
          const excess = (rounded?.amount.toNumber() ?? NaN) - (exact ?? NaN);
          expect(excess).toBeGreaterThanOrEqual(-1e-6 * unit - 1e-14 * Math.abs(exact ?? NaN));
          expect(excess).toBeLessThan(unit * (1 + 1e-6) + 1e-14 * Math.abs(exact ?? NaN));
        }
      }),
      { numRuns: runs },
    );
  });
}

/** Registers positive homogeneity and sub-additivity of the maintenance requirement. */
export function itIsCoherent(own: MarginCase, runs = 25): void {
  const books = bookArbitrary(own);
  const close = (first: number, second: number) => Math.abs(first - second) <= 1e-9 * Math.max(1, Math.abs(second));

  it('scales with the book', () => {
    fc.assert(
      fc.property(books, fc.integer({ min: 2, max: 7 }), (positions, factor) => {
        const once = maintenanceOf(own, positions);
        expect(close(maintenanceOf(own, times(positions, factor)), factor * once)).toBe(true);
      }),
      { numRuns: runs },
    );
  });

  it('asks no more of two books together than of each alone', () => {
    fc.assert(
      fc.property(books, books, (first, second) => {
        const apart = maintenanceOf(own, first) + maintenanceOf(own, second);
        expect(maintenanceOf(own, [...first, ...second])).toBeLessThanOrEqual(apart + 1e-9 * Math.max(1, apart));
      }),
      { numRuns: runs },
    );
  });
}
