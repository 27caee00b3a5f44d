import { requirementMoney } from '../build-requirement';
import type { BreakdownDraft } from '../margin-breakdown';
import type { PmrmAccountHealth } from './crypto-pmrm-account-health';
import type { PmrmHealth } from './crypto-pmrm-health';
import type { PmrmParameters } from './crypto-pmrm-parameters';
import { pmrmLabel } from './crypto-pmrm-scenario';

/**
 * Lays out both requirements of CRYPTO_PMRM: per underlying the worst loss times its factor and the contingencies, then
 * the collateral haircuts; health as information. A charge below 0 is topped up to 0.
 *
 * @param unit.toBase  base currency per unit of the underlyings' quote currency
 */
export function draftPmrmBreakdown(
  health: PmrmAccountHealth,
  parameters: PmrmParameters,
  { toBase, currency }: { readonly toBase: number; readonly currency: string },
): readonly BreakdownDraft[] {
  const { collateral, books } = health;
  const initial = [
    ...books.map((book) => draftBook(book, parameters, { initial: true, toBase })),
    node('collateral-haircut', 'Collateral haircuts', 'Σ value × (imHaircut + mmHaircut)', {
      value: (collateral.initial + collateral.maintenance) * toBase,
    }),
    node('confidence', 'Confidence in collateral prices', 'Σ (1 − confidence) × confidenceMargin × value', {
      value: collateral.confidence * toBase,
    }),
  ];
  const maintenance = [
    ...books.map((book) => draftBook(book, parameters, { initial: false, toBase })),
    node('collateral-haircut', 'Collateral haircuts', 'Σ value × mmHaircut', {
      value: collateral.maintenance * toBase,
    }),
  ];
  return [
    root('requirement', 'Initial requirement', { charge: health.initialCharge * toBase, parts: initial, currency }),
    root('maintenance-requirement', 'Maintenance requirement', {
      charge: health.maintenanceCharge * toBase,
      parts: maintenance,
      currency,
    }),
  ];
}

function root(
  kind: string,
  label: string,
  content: { readonly charge: number; readonly parts: readonly BreakdownDraft[]; readonly currency: string },
): BreakdownDraft {
  const { charge, parts, currency } = content;
  const topUp = node('minimum-top-up', 'A requirement is never below 0', 'max(0, charge) − charge', { value: -charge });
  return {
    kind,
    label,
    basis: 'mark to market + cash − health',
    value: requirementMoney(charge, currency),
    children: charge < 0 ? [...parts, topUp] : parts,
  };
}

function draftBook(
  book: PmrmHealth,
  parameters: PmrmParameters,
  { initial, toBase }: { readonly initial: boolean; readonly toBase: number },
): BreakdownDraft {
  const { contingencies, worstLoss, worstIndex, underlying } = book;
  const factor = initial ? book.initialFactor : parameters.margin.mmFactor;
  const scenario = parameters.scenarios[worstIndex];
  const worst = scenario === undefined ? 'basis contingency' : `scenario ${worstIndex + 1}: ${pmrmLabel(scenario)}`;
  const perpetual = contingencies.maintenancePerpetual + (initial ? contingencies.initialPerpetual : 0);
  const option = contingencies.maintenanceOption + (initial ? contingencies.initialOption : 0);
  const children = [
    node('scan-risk', 'Worst scenario', `${factor} × loss in ${worst}`, { value: worstLoss * factor * toBase }),
    node('perpetual-contingency', 'Open interest of perpetuals', 'share of |coins| × spot', {
      value: perpetual * toBase,
    }),
    node('option-contingency', 'Naked short options', 'share of coins × spot', { value: option * toBase }),
  ];
  const confidence = node(
    'confidence',
    'Confidence in the market data',
    'Σ (1 − confidence) × confidenceMargin × notional',
    {
      value: contingencies.confidence * toBase,
    },
  );
  return node('underlying', underlying, 'worst scenario + contingencies', {
    value: (initial ? book.initialCharge : book.maintenanceCharge) * toBase,
    children: initial ? [...children, confidence] : children,
  });
}

function node(
  kind: string,
  label: string,
  basis: string,
  rest: { readonly value: number; readonly children?: readonly BreakdownDraft[] },
): BreakdownDraft {
  return { kind, label, basis, ...rest };
}
