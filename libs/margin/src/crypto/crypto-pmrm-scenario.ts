import { signedPercent } from '../signed-percent';
import { netCoins, yearsOfSeconds, type PmrmBook, type PmrmExpiry, type Quantities } from './crypto-pmrm-book';
import { staticDiscounts, type StaticDiscounts } from './crypto-pmrm-discount';
import type { PmrmParameters, PmrmScenario } from './crypto-pmrm-parameters';

/** Value of all options of one expiry: unshocked, and in each row of their scenario values [USD]. */
export interface PmrmExpiryValues {
  readonly base: number;
  readonly rows: Float64Array;
}

/** Sums the values of the options of an expiry in given quantities. */
export function valueExpiry({ options }: PmrmExpiry, quantities: Quantities): PmrmExpiryValues {
  const rows = new Float64Array(options[0]?.scenarioValues.length ?? 0);
  let base = 0;
  for (const { place, multiplier, baseValue, scenarioValues } of options) {
    const coins = (quantities[place] as number) * multiplier;
    base += coins * baseValue;
    for (let row = 0; row < rows.length; row += 1) {
      rows[row] = (rows[row] as number) + coins * (scenarioValues[row] as number);
    }
  }
  return { base, rows };
}

/**
 * Computes the profit of a book in every scenario (methodology §3.2):
 * dampening · (Σ_expiry (d± · V_shocked − V) + perpetual · price · (shock − 1) + Σ offsetting holdings · (shock − 1)).
 * In a LINEAR or ABS scenario forwards stay and every expiry contributes −|d± · V_skewed − V|.
 *
 * @param values  result of valueExpiry for each expiry of the book
 * @returns gains > 0 [USD], in the order of the scenarios
 */
export function computePmrmScenarios(
  book: PmrmBook,
  quantities: Quantities,
  values: readonly PmrmExpiryValues[],
  parameters: PmrmParameters,
): readonly number[] {
  const linear = linearValue(book.perpetuals, quantities) + linearValue(book.coins, quantities) / book.stablePrice;
  const moved = book.collateral.reduce((sum, { value }) => sum + value, linear);
  const discounts = book.expiries.map((expiry) => staticDiscounts(expiry, parameters.margin));
  return parameters.scenarios.map(({ spotShock, volatilityShock, dampening }, row) => {
    const skewed = volatilityShock === 'LINEAR' || volatilityShock === 'ABS';
    let pnl = moved * (spotShock - 1);
    values.forEach(({ base, rows }, index) => {
      const shocked = rows[row] as number;
      const { owned, owed } = discounts[index] as StaticDiscounts;
      const change = (shocked >= 0 ? owned : owed) * shocked - base;
      pnl += skewed && change > 0 ? -change : change;
    });
    return dampening * pnl;
  });
}

/**
 * Computes the basis contingency, one more candidate for the worst loss (methodology §3.2):
 * Σ_expiry min(V(up) − V, V(down) − V, 0) · (addFactor + multFactor · τ), volatility unchanged, no static discount.
 *
 * @param values  result of valueExpiry for each expiry of the book
 * @returns profit ≤ 0 [USD]
 */
export function computePmrmBasisContingency(
  book: PmrmBook,
  values: readonly PmrmExpiryValues[],
  parameters: PmrmParameters,
): number {
  const { addFactor, multFactor } = parameters.basisContingency;
  const count = parameters.scenarios.length;
  let pnl = 0;
  book.expiries.forEach(({ secondsToExpiry }, index) => {
    const { base, rows } = values[index] as PmrmExpiryValues;
    const worse = Math.min((rows[count] as number) - base, (rows[count + 1] as number) - base, 0);
    pnl += worse * (addFactor + multFactor * yearsOfSeconds(secondsToExpiry));
  });
  return pnl;
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

function linearValue(holdings: PmrmBook['perpetuals'], quantities: Quantities): number {
  return holdings.reduce((sum, holding) => sum + netCoins([holding], quantities) * holding.price, 0);
}
