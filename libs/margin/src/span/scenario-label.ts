import type { ContractScanRange } from './scan-range';
import { scenarioPriceMove } from './scenario-state';
import type { CommodityParameters, SpanScenario } from './span-parameters';

/**
 * Says a scenario in words, for example `underlying −4.47 %, volatility +28 %` or
 * `underlying +40.2 %, 32 % of the loss counts`.
 *
 * @param input.spot  price of the underlying; null where only the scan range is known: the move is then in price units
 */
export function scenarioLabel(input: {
  readonly scenario: SpanScenario;
  readonly range: ContractScanRange;
  readonly parameters: CommodityParameters;
  readonly spot: number | null;
}): string {
  const { scenario, range, parameters, spot } = input;
  const move = scenarioPriceMove(scenario, range, parameters);
  const price = spot === null || spot === 0 ? `${signed(move)}` : `${signed((100 * move) / Math.abs(spot))} %`;
  const volatility = volatilityWords(scenario, range, parameters);
  const moved = scenario.moveThirds === 0 ? 'underlying unchanged' : `underlying ${price}`;
  return scenario.extreme
    ? `${moved}, ${plain(100 * parameters.coverFraction)} % of the loss counts`
    : `${moved}, ${volatility}`;
}

/**
 * Says a scenario in scan ranges, for arrays that come ready-made and whose ranges are not known, for example
 * `underlying −2/3 of the scan range, volatility down` or `underlying +3 scan ranges, 33 % of the loss counts`.
 */
export function scanRangeLabel(scenario: SpanScenario, parameters: CommodityParameters): string {
  const { moveThirds, extreme, volatilityDirection } = scenario;
  const sign = moveThirds < 0 ? '−' : '+';
  if (extreme) {
    const { extremeMultiplier, coverFraction } = parameters;
    return `underlying ${sign}${plain(extremeMultiplier)} scan ranges, ${plain(100 * coverFraction)} % of the loss counts`;
  }
  const volatility = volatilityDirection < 0 ? 'volatility down' : 'volatility up';
  if (moveThirds === 0) return `underlying unchanged, ${volatility}`;
  const size = Math.abs(moveThirds) === 3 ? '1 scan range' : `${Math.abs(moveThirds)}/3 of the scan range`;
  return `underlying ${sign}${size}, ${volatility}`;
}

function volatilityWords(scenario: SpanScenario, range: ContractScanRange, parameters: CommodityParameters): string {
  const shift = signed(100 * scenario.volatilityDirection * range.volatilityRange);
  return parameters.volatilityShift === 'multiplicative' ? `volatility ${shift} %` : `volatility ${shift} points`;
}

function signed(value: number): string {
  return value < 0 ? `−${plain(-value)}` : `+${plain(value)}`;
}

/** At most two decimals, no trailing zeros. */
function plain(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/, '');
}
