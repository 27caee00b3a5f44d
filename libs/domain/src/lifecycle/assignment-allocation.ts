import { Decimal } from '../decimal';
import { DomainError } from '../domain-error';

/** One account's share of an assignment, in contracts > 0. */
export interface Allocation {
  readonly key: string;
  readonly quantity: Decimal;
}

/**
 * Allocates assigned contracts pro rata over the shorts: each gets the whole part of assigned × short / total, what is left
 * goes one by one to the largest fractions, among equals to the first key. No random numbers, so the same assignment
 * always falls on the same accounts, whatever their order.
 *
 * @param input.assigned  whole contracts > 0
 * @param input.shorts    contracts short per account, as numbers > 0
 * @throws DomainError 'INVALID_LIFECYCLE_EVENT' when more is assigned than is short, or a number is not whole and above 0
 */
export function allocateAssignment(input: {
  readonly assigned: Decimal;
  readonly shorts: readonly Allocation[];
}): Allocation[] {
  const { assigned, shorts } = input;
  for (const [name, value] of [
    ['assigned', assigned],
    ...shorts.map((short) => [short.key, short.quantity] as const),
  ] as const) {
    if (value.isInteger() && value.greaterThan(0)) continue;
    refuse(`${name}: expected whole contracts above 0, got ${value.toFixed()}`);
  }
  const total = shorts.reduce((sum, { quantity }) => sum.plus(quantity), new Decimal(0));
  if (assigned.greaterThan(total)) {
    refuse(`assigned: ${assigned.toFixed()} contracts are more than the ${total.toFixed()} held short`);
  }
  const shares = shorts.map(({ key, quantity }) => {
    const product = assigned.times(quantity);
    const whole = product.divToInt(total);
    return { key, whole, rest: product.minus(whole.times(total)) };
  });
  const given = shares.reduce((sum, { whole }) => sum.plus(whole), new Decimal(0));
  const ranked = [...shares].sort((left, right) => right.rest.comparedTo(left.rest) || (left.key < right.key ? -1 : 1));
  const lucky = new Set(ranked.slice(0, assigned.minus(given).toNumber()).map(({ key }) => key));
  return shares
    .map(({ key, whole }) => ({ key, quantity: lucky.has(key) ? whole.plus(1) : whole }))
    .filter(({ quantity }) => !quantity.isZero())
    .sort((left, right) => (left.key < right.key ? -1 : 1));
}

function refuse(reason: string): never {
  throw new DomainError('INVALID_LIFECYCLE_EVENT', reason);
}
