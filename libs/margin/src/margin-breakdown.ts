import {
  currencyUnit,
  DomainError,
  type Money,
  moneyFromModelValue,
  type MoneyRounding,
  subtractMoney,
  toMoney,
} from '@ballast/domain';
import type { BreakdownNode } from './margin-requirement';

/** One line of the explanation before rounding; a node with children is their sum. */
export interface BreakdownDraft {
  readonly kind: string;
  readonly label: string;
  readonly basis: string;
  /** Unrounded amount [base currency], or an amount that is already money. */
  readonly value: number | Money;
  /** Rounding of this node's own amount; `nearest` unless given (requirements: `up`). */
  readonly rounding?: MoneyRounding;
  readonly children?: readonly BreakdownDraft[];
}

/**
 * Builds the breakdown tree: rounds every node to the currency's minor unit and gives a parent whose rounded children
 * miss its own rounded amount a child of kind `rounding`, so children add up to their parent exactly (methodology §0).
 *
 * Identifiers count the path: `1`, `1.2`, `1.2.3`. Nodes come in pre-order.
 *
 * @throws DomainError 'NOT_FINITE' for an amount that is no number
 * @throws Error when the unrounded children do not add up to their parent: a defect of the caller, never a rounding
 */
export function buildBreakdown(drafts: readonly BreakdownDraft[], currency: string): readonly BreakdownNode[] {
  const nodes: BreakdownNode[] = [];
  drafts.forEach((draft, index) => appendNode(nodes, draft, { id: `${index + 1}`, parentId: null, currency }));
  return nodes;
}

interface Place {
  readonly id: string;
  readonly parentId: string | null;
  readonly currency: string;
}

function appendNode(nodes: BreakdownNode[], draft: BreakdownDraft, place: Place): Money {
  const amount = moneyOf(draft, place.currency);
  const { id, parentId } = place;
  nodes.push({ id, parentId, kind: draft.kind, label: draft.label, amount, basis: draft.basis });
  const children = draft.children ?? [];
  if (children.length === 0) return amount;
  let remainder = amount;
  children.forEach((child, index) => {
    const childPlace = { id: `${id}.${index + 1}`, parentId: id, currency: place.currency };
    remainder = subtractMoney(remainder, appendNode(nodes, child, childPlace));
  });
  if (!remainder.amount.isZero()) {
    requireRoundingSize(remainder, draft, children.length);
    nodes.push({
      id: `${id}.${children.length + 1}`,
      parentId: id,
      kind: 'rounding',
      label: 'Rounding',
      amount: remainder,
      basis: 'each amount is rounded to the minor unit; the requirement is rounded up',
    });
  }
  return amount;
}

function moneyOf(draft: BreakdownDraft, currency: string): Money {
  if (typeof draft.value === 'number') return moneyFromModelValue(draft.value, currency, draft.rounding ?? 'nearest');
  if (draft.value.currency !== currency)
    throw new DomainError(
      'CURRENCY_MISMATCH',
      `breakdown node ${draft.kind} is in ${draft.value.currency}, not ${currency}`,
    );
  return toMoney(draft.value.amount, currency);
}

/** Each of n children may be half a unit off and the parent one unit; float sums of large amounts add their own noise. */
function requireRoundingSize(remainder: Money, draft: BreakdownDraft, childCount: number): void {
  const unit = currencyUnit(remainder.currency);
  const magnitude = typeof draft.value === 'number' ? Math.abs(draft.value) : Math.abs(draft.value.amount.toNumber());
  const allowed = unit.times(childCount / 2 + 1).plus(magnitude * 1e-9);
  if (remainder.amount.abs().greaterThan(allowed)) {
    const gap = `children of ${draft.kind} miss their parent by ${remainder.amount.toFixed()} ${remainder.currency}`;
    throw new Error(`breakdown does not add up: ${gap}`);
  }
}
