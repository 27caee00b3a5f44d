import { expm1 } from '@ballast/pricing';
import type { PreparedState } from '../../analysis/account-state';
import { prepareNormalPoints } from '../sampling/normal-points';
import { hashPair } from '../sampling/owen-scramble';
import type { Steps } from '../steps';
import { movingUnderlyings } from '../valuation/account-parts';
import { prepareWalk } from './breach-paths';
import { measureMoved } from './buffer-curve';
import type { BufferField } from './buffer-field';
import type { TimeNode } from './time-nodes';

/** Comparison of an interpolated buffer with full revaluations. */
export interface FieldCheck {
  /** Full revaluations of the whole account at points of paths. */
  readonly points: number;
  /** Largest |interpolated − revalued| buffer [base currency]. */
  readonly largestError: number;
}

const points = 16;
/** Keeps the paths of the check apart from those of the estimate. */
const stream = 0x5eed;

/**
 * Compares a field with full revaluations by the models of the methodology: one point on each of 16 paths of their own, at
 * instants spread over the horizon.
 */
export function* checkField(
  field: BufferField,
  at: {
    /** The account with its own models. */
    readonly prepared: PreparedState;
    readonly nodes: readonly TimeNode[];
    readonly covariance: Float64Array;
    readonly seed: number;
  },
): Steps<FieldCheck> {
  const { prepared, nodes, covariance, seed } = at;
  const ids = movingUnderlyings(prepared);
  const walk = prepareWalk(nodes, covariance, ids.length);
  const source = prepareNormalPoints({ dimensions: nodes.length * ids.length, seed: hashPair(seed, stream) });
  const normals = new Float64Array(source.dimensions);
  let largestError = 0;
  for (let point = 0; point < points; point += 1) {
    source.write(point, normals);
    const place = Math.floor(((point + 0.5) / points) * nodes.length);
    const [node, moves] = [nodes[place] as TimeNode, walk(normals)[place] as Float64Array];
    const full = measureMoved(prepared, {
      positions: node.entering,
      calendarDays: node.calendarDays,
      moves: Object.fromEntries(ids.map((id, index) => [id, expm1(moves[index] as number)])),
    });
    const found = field.bufferAt(place, 'entering', moves);
    largestError = Math.max(largestError, Math.abs(found - (full.equity - full.maintenance)));
    yield;
  }
  return { points, largestError };
}
