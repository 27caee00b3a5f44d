import type { ValuedContract } from '../instrument-valuation';
import { optionGreeks } from '../option-greeks';
import type { ContractScanRange } from './scan-range';
import { lookAheadYears } from './scenario-state';
import type { CommodityParameters } from './span-parameters';

/** Weights of the seven price points −3…3 thirds of the scan range; they sum to 1 (methodology §1.2). */
const deltaWeights = [0.037, 0.111, 0.217, 0.27, 0.217, 0.111, 0.037] as const;

/**
 * Computes the composite delta of long one contract: Σ w_k·Δ(S + k/3·PSR) at unshifted volatility after the look-ahead;
 * 1 for everything that is no option.
 */
export function compositeDelta(input: {
  readonly contract: ValuedContract;
  readonly range: ContractScanRange;
  readonly parameters: Pick<CommodityParameters, 'lookAheadDays'>;
}): number {
  const { contract, range, parameters } = input;
  const { option } = contract;
  if (option === undefined) return 1;
  const yearsToExpiry = Math.max(0, contract.yearsToExpiry - lookAheadYears(parameters));
  let delta = 0;
  deltaWeights.forEach((weight, index) => {
    const spot = contract.spot + ((index - 3) * range.priceMove) / 3;
    delta += weight * optionGreeks(option.terms, { spot, yearsToExpiry, volatility: option.volatility }).delta;
  });
  return delta;
}
