import type { OptionInstrument } from '@ballast/domain';
import { impliedVolatility } from '@ballast/pricing';
import type { ContractVolatility } from './contract-volatility';
import type { ForwardToExpiry } from './forward-to-expiry';
import { impliedAmericanVolatility } from './implied-american-volatility';

/**
 * Finds the volatility at which a contract's own model gives a price: Black-76 on the forward for European options,
 * the American model on the spot that the forward implies for American ones. An inverse price is in the coin and is
 * multiplied by the forward first (coin value = Black-76 value / F). At a forward ≤ 0 or a strike < 0 no lognormal
 * volatility exists.
 *
 * @param price    per unit of underlying, in the contract's currency  ≥ 0
 * @param spot     price of the underlying [quote currency]; null when unknown, then American options are treated as
 *                 European on the forward
 * @returns volatility [1/√year]
 */
export function impliedContractVolatility(
  option: OptionInstrument,
  price: number,
  market: { readonly carry: ForwardToExpiry; readonly spot: number | null },
): ContractVolatility {
  const { carry, spot } = market;
  const strike = option.strike.toNumber();
  const isInverse = option.settlement === 'inverse';
  const isLognormal = carry.forward > 0 && !(strike < 0);
  if (!isLognormal || !(carry.yearsToExpiry > 0) || !(price > 0)) return { status: 'below-intrinsic' };
  if (option.exercise === 'american' && spot !== null && spot > 0 && !isInverse) {
    return impliedAmericanVolatility({ right: option.right, spot, strike, carry, price });
  }
  return impliedVolatility({
    model: 'black76',
    right: option.right,
    forward: carry.forward,
    strike,
    yearsToExpiry: carry.yearsToExpiry,
    discountFactor: isInverse ? 1 : carry.discountFactor,
    price: isInverse ? price * carry.forward : price,
  });
}
