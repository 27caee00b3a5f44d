import { signedPercent } from '../signed-percent';
import { netCoins, yearsOfSeconds, type PmrmBook, type PmrmExpiry, type Quantities } from './crypto-pmrm-book';
import { staticDiscount } from './crypto-pmrm-discount';
import type { PmrmParameters, PmrmScenario } from './crypto-pmrm-parameters';

/**
 * Computes the profit of a book in one scenario (methodology §3.2):
 * dampening · (Σ_expiry (d± · V_shocked − V) + perpetual · price · (shock − 1) + Σ offsetting holdings · (shock − 1)).
 * In a LINEAR or ABS scenario forwards stay and every expiry contributes −|d± · V_skewed − V|.
 *
 * @param row  place of the scenario in the parameters
 * @returns gain > 0 [USD]
 */
export function computePmrmScenario(
  book: PmrmBook,
  quantities: Quantities,
  row: number,
  parameters: PmrmParameters,
): number {
  const { spotShock, volatilityShock, dampening } = parameters.scenarios[row] as PmrmScenario;
  const skewed = volatilityShock === 'LINEAR' || volatilityShock === 'ABS';
  let pnl = 0;
  for (const expiry of book.expiries) {
    const shocked = valueOfExpiry(expiry, quantities, row);
    const change =
      staticDiscount(expiry, shocked, parameters.margin) * shocked - valueOfExpiry(expiry, quantities, 'base');
    pnl += skewed ? -Math.abs(change) : change;
  }
  const moved = netLinearValue(book.perpetuals, quantities) + netLinearValue(book.coins, quantities) / book.stablePrice;
  const pledged = book.collateral.reduce((sum, { value }) => sum + value, 0);
  return dampening * (pnl + (moved + pledged) * (spotShock - 1));
}

/**
 * Computes the basis contingency, one more candidate for the worst loss (methodology §3.2):
 * Σ_expiry min(V(up) − V, V(down) − V, 0) · (addFactor + multFactor · τ), volatility unchanged, no static discount.
 *
 * @returns profit ≤ 0 [USD]
 */
export function computePmrmBasisContingency(
  book: PmrmBook,
  quantities: Quantities,
  parameters: PmrmParameters,
): number {
  const { addFactor, multFactor } = parameters.basisContingency;
  const count = parameters.scenarios.length;
  let pnl = 0;
  for (const expiry of book.expiries) {
    const base = valueOfExpiry(expiry, quantities, 'base');
    const up = valueOfExpiry(expiry, quantities, count) - base;
    const down = valueOfExpiry(expiry, quantities, count + 1) - base;
    pnl += Math.min(up, down, 0) * (addFactor + multFactor * yearsOfSeconds(expiry.secondsToExpiry));
  }
  return pnl;
}

/** Value of all options of an expiry [USD] unshocked or in one row of their scenario values. */
export function valueOfExpiry(expiry: PmrmExpiry, quantities: Quantities, row: number | 'base'): number {
  let value = 0;
  for (const { place, multiplier, baseValue, scenarioValues } of expiry.options) {
    value +=
      (quantities[place] as number) * multiplier * (row === 'base' ? baseValue : (scenarioValues[row] as number));
  }
  return value;
}

/** Writes a scenario in words, for example `spot +18 %, volatility up`. */
export function pmrmLabel({ spotShock, volatilityShock, dampening }: PmrmScenario): string {
  const skew = { LINEAR: 'linear skew', ABS: 'absolute skew' };
  const volatility =
    volatilityShock in skew
      ? skew[volatilityShock as keyof typeof skew]
      : `volatility ${volatilityShock === 'NONE' ? 'same' : volatilityShock.toLowerCase()}`;
  const damped = dampening === 1 ? '' : ` (× ${Number(dampening.toPrecision(4))})`;
  return `spot ${signedPercent(spotShock - 1)}, ${volatility}${damped}`;
}

function netLinearValue(holdings: PmrmBook['perpetuals'], quantities: Quantities): number {
  return holdings.reduce((sum, holding) => sum + netCoins([holding], quantities) * holding.price, 0);
}
