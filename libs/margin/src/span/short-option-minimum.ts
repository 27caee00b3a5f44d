import type { CommodityParameters } from './span-parameters';

/**
 * Computes the short option minimum [currency of the rate] (methodology §1.6): gross = rate × (short calls + short
 * puts), max = rate × max(short calls, short puts).
 *
 * @param input.shortCalls  contracts held short net, ≥ 0
 * @param input.shortPuts   contracts held short net, ≥ 0
 * @param input.callCharge  charge of short calls that have rates of their own, ≥ 0; likewise `putCharge`
 */
export function computeShortOptionMinimum(input: {
  readonly shortCalls: number;
  readonly shortPuts: number;
  readonly callCharge?: number;
  readonly putCharge?: number;
  readonly minimum: CommodityParameters['shortOptionMinimum'];
}): number {
  const { shortCalls, shortPuts, minimum, callCharge = 0, putCharge = 0 } = input;
  const calls = minimum.rate * shortCalls + callCharge;
  const puts = minimum.rate * shortPuts + putCharge;
  return minimum.method === 'gross' ? calls + puts : Math.max(calls, puts);
}
