import { prepareBrownianBridge } from '../sampling/brownian-bridge';
import { prepareNormalPoints } from '../sampling/normal-points';
import { hashPair } from '../sampling/owen-scramble';
import { principalFactors } from '../statistics/principal-factors';
import type { Steps } from '../steps';
import type { BreachQuestion } from './breach-question';
import type { BufferField, NodeSide } from './buffer-field';
import { crossingProbability, nearestBarriers } from './crossing';
import { bridgeCrossingProbability } from './first-passage';
import type { TimeNode } from './time-nodes';

/**
 * Follows the buffer along correlated lognormal paths: Owen-scrambled Sobol points, Brownian bridge in time, principal
 * factors across underlyings, no expected change of price. A path carries the probability that it has survived: each step
 * multiplies it by the probability that the bridge between its ends did not touch a buffer of 0.
 *
 * @param covariance  annual, of log returns, row-major
 * @returns per replicate the mean probability of a breach in each interval that ends at a node
 */
export function* simulateBreaches(
  field: BufferField,
  nodes: readonly TimeNode[],
  covariance: Float64Array,
  question: Pick<BreachQuestion, 'paths' | 'replicates' | 'seed'>,
): Steps<readonly Float64Array[]> {
  const { paths, replicates, seed } = question;
  const size = Math.round(Math.sqrt(covariance.length));
  const walk = prepareWalk(nodes, covariance, size);
  const still = new Float64Array(size);
  const start = field.bufferAt(-1, 'leaving', still);
  const startRate = rateAt(field, { node: -1, side: 'leaving', moves: still, buffer: start }, covariance);
  const result: Float64Array[] = [];
  for (let replicate = 0; replicate < replicates; replicate += 1) {
    const points = prepareNormalPoints({ dimensions: nodes.length * size, seed: hashPair(seed, replicate) });
    const normals = new Float64Array(points.dimensions);
    const masses = new Float64Array(nodes.length);
    for (let path = 0; path < paths; path += 1) {
      points.write(path, normals);
      followPath(field, nodes, { moves: walk(normals), covariance, start, startRate, masses });
      if (field.kind === 'JOINT' || path % 16 === 15) yield;
    }
    result.push(masses.map((mass) => mass / paths));
  }
  return result;
}

/** Turns normals into log moves, one array of all underlyings per node. */
export function prepareWalk(nodes: readonly TimeNode[], covariance: Float64Array, size: number) {
  const bridge = prepareBrownianBridge(nodes.map(({ years }) => years));
  const factors = principalFactors(covariance, size);
  const motions = Array.from({ length: size }, () => new Float64Array(nodes.length));
  return (normals: Float64Array): readonly Float64Array[] => {
    motions.forEach((motion, factor) => bridge.build(normals, { offset: factor, stride: size }, motion));
    return nodes.map(({ years }, node) =>
      Float64Array.from({ length: size }, (_, row) => {
        let move = -0.5 * (covariance[row * size + row] as number) * years;
        for (let factor = 0; factor < size; factor += 1)
          move += (factors[row * size + factor] as number) * ((motions[factor] as Float64Array)[node] as number);
        return move;
      }),
    );
  };
}

interface PathWork {
  readonly moves: readonly Float64Array[];
  readonly covariance: Float64Array;
  /** Buffer now, and its variance per year. */
  readonly start: number;
  readonly startRate: number | null;
  /** Added to: probability of the first breach per interval. */
  readonly masses: Float64Array;
}

/** Buffer and slopes are evaluated once per instant: what a step ends with is what the next one starts with. */
function followPath(field: BufferField, nodes: readonly TimeNode[], work: PathWork): void {
  const { moves, covariance, masses } = work;
  let survival = 1;
  let cash = 0;
  let before: Float64Array = new Float64Array(moves[0]?.length ?? 0);
  let { start, startRate } = work;
  for (const [node, { years, entering, leaving }] of nodes.entries()) {
    const now = moves[node] as Float64Array;
    const span = years - (node === 0 ? 0 : (nodes[node - 1] as TimeNode).years);
    const end = field.bufferAt(node, 'entering', now) + cash;
    const endRate =
      end < 0 ? null : rateAt(field, { node, side: 'entering', moves: now, buffer: end - cash }, covariance);
    const rates = [startRate, endRate] as const;
    const crossed = end < 0 ? 1 : stepCrossing(field, { node, before, now, start, end, cash, span, covariance, rates });
    masses[node] = (masses[node] as number) + survival * crossed;
    survival *= 1 - crossed;
    if (survival < 1e-15) return;
    start = end;
    startRate = endRate;
    if (entering !== leaving) {
      cash += field.settlementAt(node, now);
      start = field.bufferAt(node, 'leaving', now) + cash;
      if (start < 0) {
        masses[node] = (masses[node] as number) + survival;
        return;
      }
      startRate = rateAt(field, { node, side: 'leaving', moves: now, buffer: start - cash }, covariance);
    }
    before = now;
  }
}

/** Probability that the buffer was gone between the node before and this one, where it is not gone at either. */
function stepCrossing(
  field: BufferField,
  step: {
    readonly node: number;
    readonly before: Float64Array;
    readonly now: Float64Array;
    /** Buffer after the node before, and before this one [base currency], with the cash of what settled. */
    readonly start: number;
    readonly end: number;
    readonly cash: number;
    readonly span: number;
    readonly covariance: Float64Array;
    /** Variance of the buffer per year at the ends; null where curves tell more. */
    readonly rates: readonly [number | null, number | null];
  },
): number {
  const { node, before, now, start, end, cash, span, covariance, rates } = step;
  const [from, to] = [field.curveAt(node - 1, 'leaving'), field.curveAt(node, 'entering')];
  if (from !== null && to !== null) {
    const [first, last] = [before[0] as number, now[0] as number];
    return crossingProbability(
      { move: first, barriers: nearestBarriers(from, first, cash) },
      { move: last, barriers: nearestBarriers(to, last, cash) },
      (covariance[0] as number) * span,
    );
  }
  const variance = 0.5 * ((rates[0] ?? 0) + (rates[1] ?? 0)) * span;
  return bridgeCrossingProbability({ start, end, variance });
}

/** Variance of the buffer per year at an instant; null where a curve tells where the buffer is 0. */
function rateAt(
  field: BufferField,
  at: { readonly node: number; readonly side: NodeSide; readonly moves: Float64Array; readonly buffer: number },
  covariance: Float64Array,
): number | null {
  const { node, side, moves, buffer } = at;
  if (field.curveAt(node, side) !== null) return null;
  return varianceRate(field.slopesAt(node, side, moves, buffer), covariance);
}

/** s·Σs: variance of the buffer per year. */
function varianceRate(slopes: Float64Array, covariance: Float64Array): number {
  const size = slopes.length;
  let sum = 0;
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      sum += (slopes[row] as number) * (covariance[row * size + column] as number) * (slopes[column] as number);
  return sum;
}
