import { requirementMoney } from '../build-requirement';
import type { BreakdownDraft } from '../margin-breakdown';
import { signedPercent } from '../signed-percent';
import type { TimsClass } from './tims-class';
import type { TimsParameters } from './tims-parameters';
import type { TimsGroupRisk, TimsNode, TimsRisk } from './tims-risk';

/** Drafts the requirement down to the loss of each class at the binding point, uncounted gains and minimum. */
export function draftTimsBreakdown(
  risk: TimsRisk,
  classes: readonly TimsClass[],
  currency: string,
): readonly BreakdownDraft[] {
  return [
    {
      kind: 'requirement',
      label: 'Initial requirement',
      basis: 'equal to the maintenance requirement',
      value: requirementMoney(risk.requirement, currency),
      children: [
        {
          kind: 'maintenance-requirement',
          label: 'Maintenance requirement',
          basis: `sum of ${risk.groups.length} groups that stand alone`,
          value: requirementMoney(risk.requirement, currency),
          children: risk.groups.map((group) => draftGroup(group, classes)),
        },
      ],
    },
  ];
}

/** Drafts the concentration and the extreme test: information beside the requirement, not part of it. */
export function draftTimsTests(risk: TimsRisk, parameters: TimsParameters): readonly BreakdownDraft[] {
  const { names, move, otherMove } = parameters.concentrationTest;
  const percent = (fraction: number) => signedPercent(fraction).slice(1);
  return [
    {
      kind: 'concentration-test',
      label: 'Concentration test (information)',
      basis: `the ${names} largest names ±${percent(move)}, the others ±${percent(otherMove)}, no offsets`,
      value: risk.concentration,
    },
    {
      kind: 'extreme-test',
      label: 'Extreme test (information)',
      basis: `all names together ±${percent(parameters.extremeMove)}`,
      value: risk.extreme,
    },
  ];
}

function draftGroup({ node, worstIndex, worstLoss, requirement }: TimsGroupRisk, classes: readonly TimsClass[]) {
  const topUp = requirement - worstLoss;
  const scan: BreakdownDraft = {
    kind: 'scan-risk',
    label: 'Largest loss',
    basis:
      worstLoss > 0
        ? `worst of ${node.losses.length} points: ${pointName(node, worstIndex, classes)}`
        : 'no point loses',
    value: worstLoss,
    children: worstLoss > 0 ? draftMembers(node, worstIndex, classes) : [],
  };
  const minimum: BreakdownDraft = {
    kind: 'minimum-top-up',
    label: 'Minimum top-up',
    basis: `minimum ${node.minimum} per option and futures contract binds`,
    value: topUp,
  };
  return {
    kind: node.kind,
    label: node.id,
    basis: 'largest loss, at least the minimum',
    value: requirement,
    children: topUp > 0 ? [scan, minimum] : [scan],
  };
}

/** Members of a group at one point, gains in full, and what of the gains does not count. */
function draftMembers(node: TimsNode, point: number, classes: readonly TimsClass[]): readonly BreakdownDraft[] {
  if (node.members.length === 0) return [];
  const losses = node.members.map((member) => member.losses[point] as number);
  const gains = losses.reduce((sum, loss) => sum + Math.min(0, loss), 0);
  const uncounted = (node.offset - 1) * gains;
  const parts = node.members.map((member, index) => ({
    kind: `${member.kind}-loss`,
    label: member.id,
    basis: pointName(member, point, classes),
    value: losses[index] as number,
    children: draftMembers(member, point, classes),
  }));
  const reduction = {
    kind: 'offset-reduction',
    label: 'Gains that do not count',
    basis: `${1 - node.offset} × gains of members`,
    value: uncounted,
  };
  return uncounted > 0 ? [...parts, reduction] : parts;
}

function pointName(node: TimsNode, point: number, classes: readonly TimsClass[]): string {
  const moves = classes.find(({ underlying }) => node.kind === 'class-group' && underlying === node.id)?.moves;
  const name = `point ${point + 1}`;
  return moves === undefined ? name : `${name} (${signedPercent(moves[point] as number)})`;
}
