import type { CommodityParameters } from './span-parameters';

/**
 * Computes the short option minimum [currency of the rate] (methodology §1.6): gross = rate × (short calls + short
 * puts), max = rate × max(short calls, short puts).
 *
 * @param input.shortCalls  contracts held short net, ≥ 0
 * @param input.shortPuts   contracts held short net, ≥ 0
 */
export function computeShortOptionMinimum(input: {
  readonly shortCalls: number;
  readonly shortPuts: number;
  readonly minimum: CommodityParameters['shortOptionMinimum'];
}): number {
  const { shortCalls, shortPuts, minimum } = input;
  const counted = minimum.method === 'gross' ? shortCalls + shortPuts : Math.max(shortCalls, shortPuts);
  return minimum.rate * counted;
}
