import { greedyTrades } from './greedy-trades';
import { TradeHeap, type TradeNode } from './trade-heap';
import { costOf, stepsOf, type TradeMove, type TradeSearch } from './trade-search';

/** Cheapest set found. */
export interface TradeSelection {
  /** Steps per move; null when no set was found. */
  readonly counts: readonly number[] | null;
  readonly cost: number;
  /** Whether no cheaper set exists (or, without counts, no set at all). */
  readonly optimal: boolean;
  /** No set costs less than this. */
  readonly costLowerBound: number;
  /** Sets that were looked at. */
  readonly looked: number;
}

/**
 * Finds the cheapest set of trades that reaches a target: best-first search over all sets in the order of their cost plus
 * the least cost of what is still missing (methodology §5.5). The first set that complies is optimal, because every set
 * not yet looked at costs at least as much; ties take fewer contracts.
 *
 * The least cost of what is missing is the fractional covering of the shortfall by the relief bounds of the moves; without
 * bounds it is 0 and the guarantee stays, at the price of more sets looked at. When the budget ends first, the result is
 * what a greedy descent found, with `optimal` false and the lower bound that was reached.
 */
export function findCheapestTrades(search: TradeSearch): TradeSelection {
  const { moves, budget } = search;
  const incumbent = greedyTrades(search);
  const limit = incumbent === null ? Infinity : costOf(moves, incumbent);
  const missingCost = leastCostOf(moves);
  const heap = new TradeHeap();
  heap.push({ parent: null, place: 0, cost: 0, bound: 0, contracts: 0 });
  let looked = 0;
  for (let node = heap.pop(); node !== undefined; node = heap.pop()) {
    if (looked >= budget) return settled(incumbent, limit, { optimal: false, costLowerBound: node.bound, looked });
    looked += 1;
    const counts = countsOf(node, moves.length);
    const slack = search.slackOf(counts);
    if (slack >= -slackNoise && search.isCompliant(counts))
      return { counts, cost: node.cost, optimal: true, costLowerBound: node.cost, looked };
    for (let place = node.place; place < moves.length; place += 1) {
      const move = moves[place] as TradeMove;
      const done = counts[place] as number;
      if (done >= stepsOf(move)) continue;
      const cost = node.cost + move.cost * Math.min(1, move.maximum - done);
      const shortfall = 0 - slack - slackNoise - (move.reliefBound ?? 0);
      const bound = Math.max(node.bound, cost + missingCost(counts, place, shortfall));
      if (bound > limit * (1 + 1e-9) + 1e-9) continue;
      heap.push({ parent: node, place, cost, bound, contracts: node.contracts + 1 });
    }
  }
  return settled(incumbent, limit, { optimal: true, costLowerBound: limit, looked });
}

/** Slack that differs from 0 by float noise only; the full evaluation decides. */
const slackNoise = 1e-6;

function countsOf(node: TradeNode, length: number): readonly number[] {
  const counts = new Array<number>(length).fill(0);
  for (let step: TradeNode = node; step.parent !== null; step = step.parent)
    counts[step.place] = (counts[step.place] as number) + 1;
  return counts;
}

function settled(
  counts: readonly number[] | null,
  cost: number,
  rest: Pick<TradeSelection, 'optimal' | 'costLowerBound' | 'looked'>,
): TradeSelection {
  return { counts, cost: counts === null ? 0 : cost, ...rest };
}

type MissingCost = (counts: readonly number[], from: number, shortfall: number) => number;

/**
 * Least cost at which moves from `from` on can cover a shortfall, by whole reliefs taken in the order of cost per relief
 * and a fraction of the last; Infinity when all of them cannot. 0 where a move has no relief bound.
 */
function leastCostOf(moves: readonly TradeMove[]): MissingCost {
  if (moves.some(({ reliefBound }) => reliefBound === undefined)) return () => 0;
  const useful = moves
    .map((move, place) => ({ move, place, relief: move.reliefBound ?? 0 }))
    .filter(({ relief }) => relief > 0)
    .sort((left, right) => left.move.cost / left.relief - right.move.cost / right.relief || left.place - right.place);
  return (counts, from, shortfall) => {
    let missing = shortfall;
    if (missing <= 0) return 0;
    let cost = 0;
    for (const { move, place, relief } of useful) {
      // The step just taken is still in the counts of the parent, so one step more than is left may be counted: a lower bound.
      const left = place < from ? 0 : stepsOf(move) - (counts[place] as number);
      if (left <= 0) continue;
      const steps = Math.min(left, missing / relief);
      const shortStep = Number.isInteger(move.maximum) ? 0 : 1;
      cost += Math.max(0, steps - shortStep) * move.cost;
      missing -= left * relief;
      if (missing <= 0) return cost * (1 - 1e-12);
    }
    return Infinity;
  };
}
