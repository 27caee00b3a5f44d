import { costOf, stepsOf, type TradeMove, type TradeSearch } from './trade-search';

/**
 * Finds a set of trades that reaches the target by descent: as long as something is missing, the block of 1, 2, 4 …
 * contracts of one move that relieves most per cost; then every move is cut back as far as the set still complies. Not the
 * cheapest set, but quickly found in a book of any size.
 *
 * @returns steps per move, null when the descent ends short of the target
 */
export function greedyTrades(search: Omit<TradeSearch, 'budget'>): readonly number[] | null {
  const { moves } = search;
  let counts: readonly number[] = moves.map(() => 0);
  let slack = search.slackOf(counts);
  for (let round = 0; round < roundsMaximum; round += 1) {
    if (slack >= 0 && search.isCompliant(counts)) return cutBack(search, counts);
    const next = bestBlock(search, counts, slack);
    if (next === null) return null;
    [counts, slack] = [next.counts, next.slack];
  }
  return null;
}

const roundsMaximum = 60;
/** Cost added to every contract in comparisons, so that free trades are compared by what they relieve. */
const costFloor = 1e-6;

interface Step {
  readonly counts: readonly number[];
  readonly slack: number;
}

function bestBlock(search: Omit<TradeSearch, 'budget'>, counts: readonly number[], slack: number): Step | null {
  const { moves } = search;
  const missing = Math.max(0 - slack, 1e-2);
  const costBefore = costOf(moves, counts);
  let best: (Step & { readonly ratio: number }) | null = null;
  moves.forEach((move, place) => {
    for (const block of blocksOf(move, counts[place] as number)) {
      const grown = counts.map((count, index) => (index === place ? count + block : count));
      const after = search.slackOf(grown);
      const relief = Math.min(after - slack, missing);
      const ratio = relief / (costOf(moves, grown) - costBefore + costFloor * block);
      if (relief > 0 && (best === null || ratio > best.ratio)) best = { counts: grown, slack: after, ratio };
    }
  });
  return best;
}

/** 1, 2, 4 … and all that is left. */
function blocksOf(move: TradeMove, done: number): readonly number[] {
  const left = stepsOf(move) - done;
  const blocks: number[] = [];
  for (let block = 1; block < left; block *= 2) blocks.push(block);
  if (left > 0) blocks.push(left);
  return blocks;
}

/** Cuts the dearest moves back first, each by bisection to the least count that still complies. */
function cutBack(search: Omit<TradeSearch, 'budget'>, found: readonly number[]): readonly number[] {
  const { moves } = search;
  let counts = found;
  const order = moves
    .map((_, index) => index)
    .filter((index) => (found[index] as number) > 0)
    .sort((left, right) => (moves[right] as TradeMove).cost - (moves[left] as TradeMove).cost || left - right);
  for (const place of order) {
    const complies = (count: number) => {
      const cut = counts.map((old, index) => (index === place ? count : old));
      return search.slackOf(cut) >= 0 && search.isCompliant(cut);
    };
    let [low, high] = [-1, counts[place] as number];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (complies(middle)) high = middle;
      else low = middle;
    }
    counts = counts.map((old, index) => (index === place ? high : old));
  }
  return counts;
}
