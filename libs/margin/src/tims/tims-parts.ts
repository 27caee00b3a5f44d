import type { RequirementParts } from '../requirement-parts';
import type { TimsClass } from './tims-class';
import type { TimsParameters } from './tims-parameters';
import { combineClasses, netClass, sumOfGroups, type TimsNode } from './tims-risk';

/**
 * Takes a TIMS requirement apart: a class contributes its netted loss at each valuation point and its minimum.
 *
 * @param quantities  net contracts in the portfolio's canonical order
 */
export function takeTimsApart(
  classes: readonly TimsClass[],
  quantities: ArrayLike<number>,
  parameters: Pick<TimsParameters, 'productGroups' | 'portfolioGroups'>,
): RequirementParts {
  const nodes = classes.map((item) => netClass(item, quantities, item.moves.length).node);
  return {
    parts: nodes.map(({ id, losses, minimum }) => ({ underlying: id, figures: Float64Array.of(...losses, minimum) })),
    maintenanceOf: (figures) =>
      sumOfGroups(
        combineClasses(
          nodes.map((node, index) => withFigures(node, figures[index] as Float64Array)),
          parameters,
        ),
      ),
  };
}

function withFigures(node: TimsNode, figures: Float64Array): TimsNode {
  const points = figures.length - 1;
  return { ...node, losses: [...figures.subarray(0, points)], minimum: figures[points] as number };
}
