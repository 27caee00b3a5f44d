import { Decimal } from '@ballast/domain';
import type { BreakdownNode } from '@ballast/margin';
import type { CauseComponent } from './statement-break';

const componentsMaximum = 12;

/**
 * Finds the lines that add up to a requirement: of the initial one the first tree, of maintenance what stands below its line.
 * A figure that is no line of its own (something lies over it) is told by all lines.
 *
 * @param amount  the requirement [base currency]
 */
export function linesOf(
  breakdown: readonly BreakdownNode[],
  { figure, amount }: { readonly figure: 'initialRequirement' | 'maintenanceRequirement'; readonly amount: Decimal },
): readonly BreakdownNode[] {
  const isTop = ({ kind, parentId }: BreakdownNode): boolean =>
    figure === 'initialRequirement' ? parentId === null : kind === 'maintenance-requirement';
  const top = breakdown.find(isTop) ?? breakdown[0];
  if (top === undefined || !top.amount.amount.equals(amount)) return breakdown;
  const below = new Set([top.id]);
  for (const { id, parentId } of breakdown) if (parentId !== null && below.has(parentId)) below.add(id);
  return breakdown.filter(({ id }) => below.has(id));
}

/** Lines without children whose amount moves, the largest move first, 12 at most: as long as these are all, the moves add up to that of the top. */
export function changedComponents(
  before: readonly BreakdownNode[],
  after: readonly BreakdownNode[],
): readonly CauseComponent[] {
  const [ours, theirs] = [leavesOf(before), leavesOf(after)];
  const changes = [...new Set([...ours.keys(), ...theirs.keys()])].map((key) => {
    const node = (theirs.get(key) ?? ours.get(key)) as BreakdownNode;
    const from = ours.get(key)?.amount.amount ?? new Decimal(0);
    const to = theirs.get(key)?.amount.amount ?? new Decimal(0);
    return { key, node, from, to, change: to.minus(from) };
  });
  return changes
    .filter(({ change }) => !change.isZero())
    .sort((left, right) => right.change.abs().comparedTo(left.change.abs()) || (left.key < right.key ? -1 : 1))
    .slice(0, componentsMaximum)
    .map(({ node, from, to, change }) => ({
      kind: node.kind,
      label: node.label,
      ours: from.toFixed(),
      recomputed: to.toFixed(),
      change: change.toFixed(),
    }));
}

/** Lines without children, by the kinds and labels on the way to them. */
function leavesOf(nodes: readonly BreakdownNode[]): Map<string, BreakdownNode> {
  const parents = new Set(nodes.map(({ parentId }) => parentId));
  const paths = new Map<string, string>();
  const found = new Map<string, BreakdownNode>();
  for (const node of nodes) {
    const parent = node.parentId === null ? undefined : paths.get(node.parentId);
    const above = parent === undefined ? '' : `${parent} / `;
    const path = `${above}${node.kind} ${node.label}`;
    paths.set(node.id, path);
    if (!parents.has(node.id)) found.set(path, node);
  }
  return found;
}
