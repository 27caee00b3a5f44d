import type { Decimal } from '../decimal';
import type { OptionInstrument } from '../instrument';

/** Where an option stands against its strike: `near` lies within the pin band, on either side. */
export type Moneyness = 'in' | 'out' | 'near';

/** Share of the strike within which exercise is not certain: 1 %. */
export const defaultPinBand = 0.01;

/**
 * How far an option is in the money: ±(S/K − 1), > 0 in the money for calls and puts alike; null at a strike of 0.
 *
 * @param price  price of the underlying [quote currency per unit]
 */
export function moneynessRatio(option: OptionInstrument, price: Decimal): number | null {
  if (option.strike.isZero()) return null;
  const ratio = price.div(option.strike).minus(1).toNumber();
  return option.right === 'call' ? ratio : 0 - ratio;
}

/**
 * Says whether an option ends in or out of the money, or so near the strike that nobody knows yet (pin risk).
 *
 * @param band  half width of the pin band as a share of the strike, ≥ 0
 */
export function moneynessOf(option: OptionInstrument, price: Decimal, band: number): Moneyness {
  const ratio = moneynessRatio(option, price);
  if (ratio === null) return option.right === 'call' ? 'in' : 'out';
  if (Math.abs(ratio) <= band) return 'near';
  return ratio > 0 ? 'in' : 'out';
}
