import { type Money, moneyFromModelValue, subtractMoney, toMoney } from '@ballast/domain';
import { requirementMoney } from './build-requirement';
import type { BreakdownDraft } from './margin-breakdown';

/** What the two trees beside the requirement explain. */
export interface InformationInput {
  readonly currency: string;
  /** Unrounded figures [currency]. */
  readonly initialRequirement: number;
  readonly maintenanceRequirement: number;
  readonly netOptionValue: number;
  /** Net contracts in canonical order. */
  readonly quantities: readonly number[];
  /** Maintenance requirement of the same contracts in other quantities. */
  readonly requirementOf: (quantities: Float64Array) => number;
}

/**
 * Drafts two trees of information that no obligation hangs on: the requirement less net option value, as the field quotes
 * it, and the maintenance requirement as the sum of the positions alone less their diversification.
 */
export function draftInformation(input: InformationInput): readonly BreakdownDraft[] {
  const { currency, quantities, requirementOf } = input;
  const initial = requirementMoney(input.initialRequirement, currency);
  const optionValue = moneyFromModelValue(input.netOptionValue, currency, 'down');
  const alone = sumOfPositions(quantities, requirementOf);
  return [
    {
      kind: 'requirement-less-option-value',
      label: 'Requirement less net option value',
      basis: 'as the field quotes it; equity already contains the option value, so nothing is decided from this line',
      value: subtractMoney(initial, optionValue),
      children: [
        { kind: 'initial-requirement', label: 'Initial requirement', basis: 'see above', value: initial },
        {
          kind: 'net-option-value',
          label: 'Net option value',
          basis: 'Σ quantity × mark × multiplier of premium-style options, subtracted',
          value: negated(optionValue),
        },
      ],
    },
    {
      kind: 'diversified-requirement',
      label: 'Maintenance requirement by position',
      basis: 'what the positions would need one by one, less what they offset',
      value: requirementMoney(input.maintenanceRequirement, currency),
      children: [
        {
          kind: 'sum-of-positions',
          label: 'Positions one by one',
          basis: 'maintenance requirement of each position alone, added',
          value: alone,
        },
        {
          kind: 'diversification',
          label: 'Diversification',
          basis: 'portfolio less the sum of its positions',
          value: Math.max(0, input.maintenanceRequirement) - alone,
        },
      ],
    },
  ];
}

function sumOfPositions(quantities: readonly number[], requirementOf: InformationInput['requirementOf']): number {
  const alone = new Float64Array(quantities.length);
  let sum = 0;
  quantities.forEach((quantity, index) => {
    alone[index] = quantity;
    sum += requirementOf(alone);
    alone[index] = 0;
  });
  return sum;
}

function negated(money: Money): Money {
  return subtractMoney(toMoney(0, money.currency), money);
}
