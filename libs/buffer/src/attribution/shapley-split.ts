/**
 * Splits the change of a function of switches among the switches by Shapley's rule: each gets its marginal effect averaged
 * over every order in which they could be thrown, so no order is preferred and the parts add up to the change.
 *
 * @param count    switches, 1…10; 2^count values are asked for
 * @param valueOf  value with the switches of a bit mask thrown
 * @returns one part per switch; Σ = valueOf(all) − valueOf(0)
 *
 * @example
 * shapleySplit(2, (mask) => [0, 1, 2, 5][mask] ?? 0) // [2, 3]
 */
export function shapleySplit(count: number, valueOf: (mask: number) => number): readonly number[] {
  const values = Array.from({ length: 2 ** count }, (_, mask) => valueOf(mask));
  const weights = Array.from({ length: count }, (_, thrown) => orderWeight(count, thrown));
  return Array.from({ length: count }, (_, place) => {
    let sum = 0;
    values.forEach((value, mask) => {
      if ((mask & (1 << place)) !== 0) return;
      const after = values[mask | (1 << place)] as number;
      sum += (weights[bitsOf(mask)] as number) * (after - value);
    });
    return sum;
  });
}

/** Share of the orders in which exactly these `thrown` of the others come first: thrown! · (count − thrown − 1)! / count! */
function orderWeight(count: number, thrown: number): number {
  let weight = 1 / count;
  for (let index = 1; index <= thrown; index += 1) weight *= index / (count - index);
  return weight;
}

function bitsOf(mask: number): number {
  let bits = 0;
  for (let rest = mask; rest > 0; rest >>= 1) bits += rest & 1;
  return bits;
}
