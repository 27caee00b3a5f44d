import type { TimsClass } from './tims-class';
import type { TimsGroup, TimsParameters } from './tims-parameters';

/** Loss of a class or group at each valuation point with its minimum; amounts in the base currency. */
export interface TimsNode {
  readonly kind: 'class-group' | 'product-group' | 'portfolio-group';
  readonly id: string;
  /** Loss > 0 per valuation point, offsets of the members applied. */
  readonly losses: readonly number[];
  /** Σ minimum per contract × |contracts|, ≥ 0. */
  readonly minimum: number;
  /** Fraction of a member's gain that counts; 1 for a class. */
  readonly offset: number;
  readonly members: readonly TimsNode[];
}

/** A group that stands alone, with its requirement. */
export interface TimsGroupRisk {
  readonly node: TimsNode;
  /** Place of the largest loss; ties take the lowest. */
  readonly worstIndex: number;
  /** max(0, largest loss) */
  readonly worstLoss: number;
  /** max(worst loss, minimum) */
  readonly requirement: number;
}

/** Requirement of a portfolio and the two tests beside it. */
export interface TimsRisk {
  readonly groups: readonly TimsGroupRisk[];
  /** Σ requirements of the groups, ≥ 0. */
  readonly requirement: number;
  readonly concentration: number;
  readonly extreme: number;
}

/**
 * Computes the requirement of classes valued once (methodology §2): classes net in full, product and portfolio groups
 * per point loss = Σ losses − offset · Σ gains of their members, each group that stands alone at least its minimum, and
 * the groups added.
 *
 * @param quantities  net contracts in the portfolio's canonical order
 */
export function computeTimsRisk(
  classes: readonly TimsClass[],
  quantities: ArrayLike<number>,
  parameters: TimsParameters,
): TimsRisk {
  const held = classes.map((item) => netClass(item, quantities, item.moves.length));
  const groups = combineClasses(
    held.map(({ node }) => node),
    parameters,
  );
  const tests = held.map(({ testLosses }) => testLosses);
  return {
    groups,
    requirement: sumOfGroups(groups),
    concentration: concentrationLoss(tests, parameters.concentrationTest.names),
    extreme: Math.max(0, sumAt(tests, 0), sumAt(tests, 1)),
  };
}

/** Joins netted classes into product and portfolio groups; what no group names stands alone. */
export function combineClasses(
  nodes: readonly TimsNode[],
  { productGroups, portfolioGroups }: Pick<TimsParameters, 'productGroups' | 'portfolioGroups'>,
): readonly TimsGroupRisk[] {
  const products = groupNodes(nodes, productGroups, 'product-group');
  return groupNodes(products, portfolioGroups, 'portfolio-group').map(toGroupRisk);
}

/** Σ requirements of groups that stand alone [base currency], ≥ 0. */
export function sumOfGroups(groups: readonly TimsGroupRisk[]): number {
  return groups.reduce((sum, { requirement }) => sum + requirement, 0);
}

/** Nets the contracts of a class at some quantities. */
export function netClass(item: TimsClass, quantities: ArrayLike<number>, points: number) {
  const sums = new Float64Array(item.contracts[0]?.losses.length ?? 0);
  let minimum = 0;
  for (const { place, losses, minimum: perContract } of item.contracts) {
    const quantity = quantities[place] as number;
    minimum += perContract * Math.abs(quantity);
    for (let index = 0; index < sums.length; index += 1) {
      sums[index] = (sums[index] as number) + quantity * (losses[index] as number);
    }
  }
  const losses = [...sums.subarray(0, points)];
  const node: TimsNode = { kind: 'class-group', id: item.underlying, losses, minimum, offset: 1, members: [] };
  return { node, testLosses: [...sums.subarray(points)] };
}

/** Replaces the members of each group by the group; what no group names stands alone. A group without members vanishes. */
function groupNodes(
  nodes: readonly TimsNode[],
  groups: readonly TimsGroup[],
  kind: 'product-group' | 'portfolio-group',
): readonly TimsNode[] {
  const named = new Set(groups.flatMap(({ members }) => members));
  const grouped = groups.flatMap((group) => {
    const members = nodes.filter(({ id }) => group.members.includes(id));
    return members.length === 0 ? [] : [joinNodes(group, members, kind)];
  });
  return [...grouped, ...nodes.filter(({ id }) => !named.has(id))];
}

function joinNodes({ id, offset }: TimsGroup, members: readonly TimsNode[], kind: TimsNode['kind']): TimsNode {
  const losses = (members[0] as TimsNode).losses.map((_, point) =>
    members.reduce((sum, member) => {
      const loss = member.losses[point] as number;
      return sum + (loss > 0 ? loss : offset * loss);
    }, 0),
  );
  const minimum = members.reduce((sum, member) => sum + member.minimum, 0);
  return { kind, id, losses, minimum, offset, members };
}

function toGroupRisk(node: TimsNode): TimsGroupRisk {
  const worstIndex = node.losses.reduce(
    (worst, loss, index) => (loss > (node.losses[worst] as number) ? index : worst),
    0,
  );
  const worstLoss = Math.max(0, node.losses[worstIndex] ?? 0);
  return { node, worstIndex, worstLoss, requirement: Math.max(worstLoss, node.minimum) };
}

/** Largest names at the wide move, the others at the narrow one, each in its worse direction, nothing offset. */
function concentrationLoss(tests: readonly (readonly number[])[], names: number): number {
  const byName = tests
    .map((losses) => ({
      wide: Math.max(0, losses[2] as number, losses[3] as number),
      narrow: Math.max(0, losses[4] as number, losses[5] as number),
    }))
    .sort((first, second) => second.wide - first.wide);
  return byName.reduce((sum, { wide, narrow }, place) => sum + (place < names ? wide : narrow), 0);
}

function sumAt(tests: readonly (readonly number[])[], index: number): number {
  return tests.reduce((sum, losses) => sum + (losses[index] as number), 0);
}
