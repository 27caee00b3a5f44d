import { type Money } from '@ballast/domain';
import { requirementMoney } from './build-requirement';
import { type BreakdownDraft, buildBreakdown } from './margin-breakdown';
import type { BreakdownNode, MarginRequirement, PositionContribution } from './margin-requirement';

/** What is added to both requirements of a methodology, as one node of the explanation. */
export interface OverlayCharge {
  /** Stable machine word of the node. */
  readonly kind: string;
  readonly label: string;
  readonly basis: string;
  /** [base currency] ≥ 0 */
  readonly initial: number;
  readonly maintenance: number;
}

/**
 * Adds charges to a requirement: initial and maintenance each become what they were plus one node per charge.
 * Contributions grow in the same proportion, so that they still add up; increments stay what they were.
 *
 * @param input.maintenanceKind  machine word of the root of the maintenance side
 * @param input.basis            what the new roots are made of, in words
 * @returns the requirement itself without charges or when it is INDETERMINATE
 */
export function overlayCharges(input: {
  readonly requirement: MarginRequirement;
  readonly charges: readonly OverlayCharge[];
  readonly currency: string;
  readonly maintenanceKind: string;
  readonly basis: string;
}): MarginRequirement {
  const { requirement, charges, currency } = input;
  const { model, initialRequirement, maintenanceRequirement } = requirement;
  if (model === null || initialRequirement === null || maintenanceRequirement === null) return requirement;
  if (charges.length === 0) return requirement;
  const initial = charges.reduce((sum, charge) => sum + charge.initial, model.initialRequirement);
  const maintenance = charges.reduce((sum, charge) => sum + charge.maintenance, model.maintenanceRequirement);
  const own = { initial: initialRequirement, maintenance: maintenanceRequirement };
  return {
    ...requirement,
    initialRequirement: requirementMoney(initial, currency),
    maintenanceRequirement: requirementMoney(maintenance, currency),
    model: { ...model, initialRequirement: initial, maintenanceRequirement: maintenance },
    breakdown: overlaidBreakdown(input, own, { initial, maintenance }),
    contributions: scaledContributions(requirement.contributions, model.maintenanceRequirement, maintenance),
  };
}

interface Sides<Amount> {
  readonly initial: Amount;
  readonly maintenance: Amount;
}

/** The methodology's first tree becomes the first child of the new root; its further trees follow the two new ones. */
function overlaidBreakdown(
  input: Parameters<typeof overlayCharges>[0],
  own: Sides<Money>,
  total: Sides<number>,
): readonly BreakdownNode[] {
  const { requirement, charges, currency, maintenanceKind, basis } = input;
  const root = (side: keyof Sides<unknown>, kind: string, label: string): BreakdownDraft => ({
    kind,
    label,
    basis,
    value: requirementMoney(total[side], currency),
    children: [
      {
        kind: 'methodology-requirement',
        label: 'Requirement of the methodology',
        basis: requirement.methodology,
        value: own[side],
      },
      ...charges.map((charge) => {
        return { kind: charge.kind, label: charge.label, basis: charge.basis, value: charge[side] };
      }),
    ],
  });
  const roots = [
    root('initial', 'requirement', 'Initial requirement'),
    root('maintenance', maintenanceKind, 'Maintenance requirement'),
  ];
  const built = buildBreakdown(roots, currency);
  const grafted = built.flatMap((node) => (node.id === '1.1' ? graft(requirement.breakdown, node) : [node]));
  const further = requirement.breakdown.filter(({ id }) => rootOf(id) !== 1).map((node) => shifted(node, 1));
  return [...grafted, ...further];
}

/** Puts the methodology's first tree under its place in the new one; the old root keeps its explanation. */
function graft(breakdown: readonly BreakdownNode[], place: BreakdownNode): readonly BreakdownNode[] {
  return breakdown
    .filter(({ id }) => rootOf(id) === 1)
    .map((node) =>
      node.parentId === null
        ? { ...node, id: place.id, parentId: place.parentId, kind: place.kind }
        : { ...node, id: `1.${node.id}`, parentId: `1.${node.parentId}` },
    );
}

function shifted(node: BreakdownNode, by: number): BreakdownNode {
  const move = (id: string) => [String(rootOf(id) + by), ...id.split('.').slice(1)].join('.');
  return { ...node, id: move(node.id), parentId: node.parentId === null ? null : move(node.parentId) };
}

function rootOf(id: string): number {
  return Number(id.split('.', 1)[0]);
}

/** Euler contributions scaled to the new total; shared equally where there was nothing to scale. */
function scaledContributions(
  contributions: readonly PositionContribution[],
  before: number,
  after: number,
): readonly PositionContribution[] {
  return contributions.map((contribution) => ({
    ...contribution,
    euler: before > 0 ? contribution.euler * (after / before) : after / contributions.length,
  }));
}
