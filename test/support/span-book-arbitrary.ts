// Random books of one underlying for the invariants of the scan: options of every strike, right and month, a future, shares.
import { Decimal, type Instrument } from '@ballast/domain';
import fc from 'fast-check';
import { computeRequirement, type MarginRequirement, type PortfolioPosition } from '@ballast/margin';
import { daysLater, future, option, portfolioOf, quote, share, snapshotOf, underlyingQuote } from './portfolio-builder';

const strikes = [70, 85, 95, 100, 105, 120, 140];
const days = [0, 3, 40, 200];

const chain = strikes.flatMap((strike) =>
  days.flatMap((day) =>
    (['call', 'put'] as const).map((right) =>
      option(`${right}-${strike}-${day}`, { right, strike: new Decimal(strike), expiry: daysLater(day) }),
    ),
  ),
);

/** Every contract of the random market. */
export const contracts: readonly Instrument[] = [...chain, future('F', { expiry: daysLater(200) }), share('S')];

export const optionsOfChain = chain;

/** Market of the random books: spot 100, rate and yield, one smile. */
export const market = snapshotOf({
  underlyings: [underlyingQuote('U', '100', { rate: 0.03, dividendYield: 0.01 })],
  quotes: chain.map(({ id, strike }) => quote(id, { volatility: 0.2 + Math.abs(strike.toNumber() - 100) / 400 })),
});

const rowOf = (from: readonly Instrument[]) =>
  fc.record({ instrument: fc.constantFrom(...from), quantity: fc.integer({ min: -20, max: 20 }) }).map(toPosition);

function toPosition({ instrument, quantity }: { instrument: Instrument; quantity: number }): PortfolioPosition {
  return { instrument, quantity: new Decimal(quantity) };
}

/** Books of up to eight rows, repeated contracts included. */
export const bookArbitrary = fc.array(rowOf(contracts), { maxLength: 8 });

/** Computes a requirement of the random market by SPAN. */
export function requirementOf(positions: readonly PortfolioPosition[], parameters: unknown = {}): MarginRequirement {
  return computeRequirement({ portfolio: portfolioOf(positions), snapshot: market, parameters });
}

/** Maintenance requirement, unrounded. */
export function maintenanceOf(positions: readonly PortfolioPosition[], parameters: unknown = {}): number {
  return requirementOf(positions, parameters).model?.maintenanceRequirement ?? NaN;
}

/** Requirement less net option value, unrounded: what a long option never raises. */
export function netRequirementOf(positions: readonly PortfolioPosition[], parameters: unknown = {}): number {
  const { model } = requirementOf(positions, parameters);
  return (model?.maintenanceRequirement ?? NaN) - (model?.netOptionValue ?? NaN);
}

export function negated(positions: readonly PortfolioPosition[]): readonly PortfolioPosition[] {
  return positions.map((row) => ({ ...row, quantity: row.quantity.negated() }));
}

export function scaled(positions: readonly PortfolioPosition[], factor: number): readonly PortfolioPosition[] {
  return positions.map((row) => ({ ...row, quantity: row.quantity.times(factor) }));
}
