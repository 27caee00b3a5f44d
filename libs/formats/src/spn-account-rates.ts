// Which rates of an .spn file apply to an account type.
import type { RiskAccountType } from './risk-parameter-file';
import { childrenOf, flagOf, numberOf, requiredNumber, type SpnElement, textOf } from './spn-element';

/** Rate numbers (`r`) of an account type: of its maintenance and of its initial requirement. */
export interface AccountRates {
  readonly maintenance: number;
  readonly initial: number;
}

const letters: Readonly<Record<RiskAccountType, string>> = { member: 'M', hedger: 'H', speculator: 'S' };

/**
 * Chooses the rate numbers of an account type from the `pbRateDef` elements of a clearing organisation; customers come
 * before house accounts. Without a definition for the type every rate is number 1.
 */
export function chooseAccountRates(definitions: readonly SpnElement[], accountType: RiskAccountType): AccountRates {
  const own = definitions.filter(
    (definition) => textOf(definition, 'acctType')?.toUpperCase() === letters[accountType],
  );
  const ordered = [...own].sort((left, right) => Number(flagOf(right, 'isCust')) - Number(flagOf(left, 'isCust')));
  const find = (isMaintenance: boolean) => ordered.find((definition) => flagOf(definition, 'isM') === isMaintenance);
  const numberIn = (definition: SpnElement | undefined) =>
    definition === undefined ? undefined : requiredNumber(definition, 'r');
  const maintenance = numberIn(find(true)) ?? 1;
  return { maintenance, initial: numberIn(find(false)) ?? maintenance };
}

/** The adjustment rates of a combined commodity: rate r = value × rate baseR. */
export type AdjustmentRates = ReadonlyMap<number, { readonly baseRate: number; readonly value: number }>;

export function readAdjustmentRates(commodity: SpnElement): AdjustmentRates {
  return new Map(
    childrenOf(commodity, 'adjRate').map((rate) => [
      requiredNumber(rate, 'r'),
      { baseRate: numberOf(rate, 'baseR') ?? 1, value: requiredNumber(rate, 'val') },
    ]),
  );
}

/** Factor of rate `rate` over rate `base`, following adjustments; null when `base` is not reached. */
export function adjustmentFactor(adjustments: AdjustmentRates, rate: number, base: number): number | null {
  let factor = 1;
  let current = rate;
  for (let step = 0; step < 16; step += 1) {
    if (current === base) return factor;
    const adjustment = adjustments.get(current);
    if (adjustment === undefined || adjustment.baseRate === current) return null;
    factor *= adjustment.value;
    current = adjustment.baseRate;
  }
  return null;
}

/** Index of the element whose `r` is the wanted rate, else rate 1, else the first; undefined for an empty list. */
export function chooseByRate(elements: readonly SpnElement[], rate: number): SpnElement | undefined {
  const withRate = (wanted: number) => elements.find((element) => (numberOf(element, 'r') ?? 1) === wanted);
  return withRate(rate) ?? withRate(1) ?? elements[0];
}

/** Value of the `rate` children for the wanted rate number; undefined when there is none. */
export function rateValue(element: SpnElement, rate: number): number | undefined {
  const chosen = chooseByRate(childrenOf(element, 'rate'), rate);
  return chosen === undefined ? undefined : requiredNumber(chosen, 'val');
}
