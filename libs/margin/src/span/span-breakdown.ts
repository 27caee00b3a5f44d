import { addMoney, type Money, moneyFromModelValue, subtractMoney } from '@ballast/domain';
import { requirementMoney } from '../build-requirement';
import type { BreakdownDraft } from '../margin-breakdown';
import type { CommodityFigures, SpanFigures } from './span-figures';

/** What the tree explains besides the figures of the scan. */
export interface SpanBreakdownInput {
  readonly figures: SpanFigures;
  readonly currency: string;
  /** Net option value of each commodity [base currency]. */
  readonly netOptionValues: ReadonlyMap<string, number>;
  /** Σ maintenance requirement of every position alone [base currency]. */
  readonly sumOfPositions: number;
}

/**
 * Drafts the explanation as three trees: the requirement down to scan, charges, credits and minimum per commodity; the
 * requirement less net option value as the field quotes it; the maintenance requirement as the sum of positions less
 * diversification.
 */
export function draftSpanBreakdown(input: SpanBreakdownInput): readonly BreakdownDraft[] {
  const { figures, currency, sumOfPositions } = input;
  const { initial, maintenance } = figures;
  return [
    {
      kind: 'requirement',
      label: 'Initial requirement',
      basis: 'maintenance requirement × initial-to-maintenance ratio of each commodity',
      value: requirementMoney(initial, currency),
      children: [
        {
          kind: 'maintenance-requirement',
          label: 'Maintenance requirement',
          basis: `sum over combined commodities: ${figures.commodities.length}`,
          value: requirementMoney(maintenance, currency),
          children: figures.commodities.map(commodityDraft),
        },
        ...optional(initial - maintenance, 'initial-addition', 'Initial addition', 'maintenance × (ratio − 1)'),
      ],
    },
    optionValueDraft(input),
    {
      kind: 'diversified-requirement',
      label: 'Maintenance requirement by position',
      basis: 'what the positions would need one by one, less what they offset',
      value: requirementMoney(maintenance, currency),
      children: [
        {
          kind: 'sum-of-positions',
          label: 'Positions one by one',
          basis: 'maintenance requirement of each position alone, added',
          value: sumOfPositions,
        },
        {
          kind: 'diversification',
          label: 'Diversification',
          basis: 'portfolio less the sum of its positions',
          value: maintenance - sumOfPositions,
        },
      ],
    },
  ];
}

function commodityDraft(figures: CommodityFigures): BreakdownDraft {
  const { commodity, formedSpreads, scanRisk, netDelta } = figures;
  const active = figures.activeScenario + 1;
  const apart = commodity.scannedApart?.length ?? 0;
  const worst = apart > 0 ? `sum over ${apart} scan tiers, each at its worst` : `worst of ${figures.scanned.length}`;
  const scanBasis = scanRisk > 0 ? `${worst} scenario${apart > 0 ? '' : `s: ${active}`}` : 'no scenario loses';
  const spreadBasis = formedSpreads.map(({ count, spread }) => `${count} × ${spread.rate}`).join(' + ');
  const minimumBasis =
    figures.shortOptionMinimum > 0 ? `short option minimum ${figures.shortOptionMinimum} binds` : 'not below 0';
  return {
    kind: 'combined-commodity',
    label: commodity.id,
    basis:
      commodity.parameters.aggregation === 'cme'
        ? 'scan + charges − credits, at least the minimum'
        : 'scan + charges, at least the minimum, − credits',
    value: figures.maintenance,
    children: [
      { kind: 'scan-risk', label: 'Scan risk', basis: scanBasis, value: scanRisk },
      ...optional(figures.calendarSpreadCharge, 'calendar-spread-charge', 'Calendar spread charge', spreadBasis),
      ...optional(figures.deliveryCharge, 'delivery-charge', 'Delivery charge', 'deltas in delivery months'),
      ...optional(
        -figures.intercommodityCredit,
        'intercommodity-spread-credit',
        'Inter-commodity spread credit',
        `net delta ${netDelta} spread against other commodities`,
      ),
      ...optional(figures.minimumTopUp, 'minimum-top-up', 'Short option minimum top-up', minimumBasis),
      ...optional(
        figures.exposure,
        'exposure-add-on',
        'Exposure add-on',
        `${commodity.parameters.exposureRate} of the notional held short`,
      ),
    ],
  };
}

function optionValueDraft({ figures, currency, netOptionValues }: SpanBreakdownInput): BreakdownDraft {
  const requirement = requirementMoney(figures.initial, currency);
  let total = 0;
  let uncredited = 0;
  for (const { commodity, initial } of figures.commodities) {
    const value = netOptionValues.get(commodity.id) ?? 0;
    total += value;
    if (commodity.parameters.capNetOptionValue) uncredited += Math.max(0, value - initial);
  }
  const optionValue = moneyFromModelValue(total, currency, 'down');
  const notCredited = moneyFromModelValue(uncredited, currency, 'up');
  return {
    kind: 'requirement-less-option-value',
    label: 'Requirement less net option value',
    basis: 'as the field quotes it; equity already contains the option value, so nothing is decided from this line',
    value: addMoney(subtractMoney(requirement, optionValue), notCredited),
    children: [
      { kind: 'initial-requirement', label: 'Initial requirement', basis: 'see above', value: requirement },
      {
        kind: 'net-option-value',
        label: 'Net option value',
        basis: 'Σ quantity × mark × multiplier of premium-style options, subtracted',
        value: negated(optionValue),
      },
      ...(uncredited > 0
        ? [
            {
              kind: 'option-value-cap',
              label: 'Option value not credited',
              basis: 'capped at the requirement of its commodity',
              value: notCredited,
            },
          ]
        : []),
    ],
  };
}

function optional(value: number, kind: string, label: string, basis: string): readonly BreakdownDraft[] {
  return value === 0 ? [] : [{ kind, label, basis, value }];
}

function negated(money: Money): Money {
  return subtractMoney({ amount: money.amount.minus(money.amount), currency: money.currency }, money);
}
