import type { OptionInstrument } from '@ballast/domain';

/** A contract and its volatility. */
export interface VolatilityPoint {
  readonly option: OptionInstrument;
  readonly volatility: number;
}

/**
 * Finds calls and puts of one strike and expiry whose volatilities disagree by more than two points and more than a
 * tenth of their mean: by put-call parity a European pair has one volatility, so one of the two is wrong.
 * American pairs may differ honestly and are left out.
 *
 * @returns identifiers of both contracts of each disagreeing pair
 */
export function findParityGaps(points: readonly VolatilityPoint[]): ReadonlySet<string> {
  const firstByPlace = new Map<string, VolatilityPoint>();
  const gaps = new Set<string>();
  for (const point of points) {
    const { option, volatility } = point;
    if (option.exercise === 'american') continue;
    const place = `${option.underlying} ${option.expiry} ${option.strike.toFixed()}`;
    const other = firstByPlace.get(place);
    if (other === undefined) {
      firstByPlace.set(place, point);
      continue;
    }
    const gap = Math.abs(volatility - other.volatility);
    if (other.option.right !== option.right && gap > gapMaximum && gap > 0.1 * ((volatility + other.volatility) / 2)) {
      gaps.add(option.id).add(other.option.id);
    }
  }
  return gaps;
}

const gapMaximum = 0.02;
