import { DomainError } from '@ballast/domain';
import type { ValuedContract } from '../instrument-valuation';
import type { OptionState } from '../option-terms';
import type { ContractScanRange } from './scan-range';
import type { CommodityParameters, SpanScenario } from './span-parameters';

/** Price move of the underlying in one scenario [quote currency per unit]: thirds of the scan range, or the extreme. */
export function scenarioPriceMove(
  scenario: SpanScenario,
  range: ContractScanRange,
  parameters: Pick<CommodityParameters, 'extremeMultiplier'>,
): number {
  if (scenario.extreme) return Math.sign(scenario.moveThirds) * parameters.extremeMultiplier * range.priceMove;
  return (scenario.moveThirds * range.priceMove) / 3;
}

/**
 * Shifts a volatility by a scan range in a direction: σ·(1 ± range) when multiplicative, σ ± range when additive;
 * never below 0.
 */
export function shiftVolatility(
  volatility: number,
  shift: { readonly kind: CommodityParameters['volatilityShift']; readonly range: number; readonly direction: number },
): number {
  const moved =
    shift.kind === 'multiplicative'
      ? volatility * (1 + shift.direction * shift.range)
      : volatility + shift.direction * shift.range;
  return Math.max(0, moved);
}

/** Look-ahead of the parameters in years, ACT/365F. */
export function lookAheadYears(parameters: Pick<CommodityParameters, 'lookAheadDays'>): number {
  return parameters.lookAheadDays / 365;
}

/**
 * Moves an option into a scenario: underlying by the price move, volatility by the scan range, time by the look-ahead
 * (methodology §1.1).
 *
 * @throws DomainError 'INVALID_PARAMETER' when a lognormal model would see an underlying below 0
 */
export function optionStateIn(
  scenario: SpanScenario,
  contract: ValuedContract,
  range: ContractScanRange,
  parameters: CommodityParameters,
): OptionState {
  const { option, instrument } = contract;
  const spot = contract.spot + scenarioPriceMove(scenario, range, parameters);
  if (spot < 0 && option?.terms.model !== 'bachelier') {
    const move = `scenario ${scenario.index} moves ${instrument.underlying} from ${contract.spot} to ${spot}`;
    throw new DomainError(
      'INVALID_PARAMETER',
      `${instrument.id}: ${move}, a price move below −100 %`,
      'priceScanRange',
    );
  }
  return {
    spot,
    yearsToExpiry: Math.max(0, contract.yearsToExpiry - lookAheadYears(parameters)),
    volatility: shiftVolatility(option?.volatility ?? 0, {
      kind: parameters.volatilityShift,
      range: range.volatilityRange,
      direction: scenario.volatilityDirection,
    }),
  };
}
